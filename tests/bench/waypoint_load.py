"""The load: many confirmed connections, each with its share of the fleet, at full speed or at a rate.

Every message is new (a later instant of its vehicle); a vehicle always comes over the same connection.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, perf_counter, time

from tests.bench.fleet import FleetFrames
from tests.bench.latencies import Latencies
from tests.bench.publishing import Publishing

CURVE_S = 0.1
NO_END = 1 << 60


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where the load goes, and as whom."""

    port: int
    username: str
    password: str
    exchange: str
    routing_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions:
    """How the load is spread over vehicles, connections and time."""

    vehicles: int = 30_000
    first: int = 0
    connections: int = 10
    window: int = 1000
    step_s: int = 10
    hours_back: float = 12
    settle_s: float = 60
    """How long the last confirms may take; of so many cycles at once, all of them."""


@dataclass(slots=True)
class LoadResult:
    """What one run measured."""

    seconds: float
    messages: int
    latencies: Latencies
    curve: list[tuple[float, int]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Confirmed messages per second."""
        return self.messages / self.seconds


class WaypointLoad:
    """Open connections and runs over them; times go on from run to run."""

    def __init__(self, options: LoadOptions, connections: list[Publishing]) -> None:
        self.options = options
        self._connections = connections
        self._stopped = asyncio.Event()

    @classmethod
    async def open(cls, entrance: Entrance, options: LoadOptions) -> "WaypointLoad":
        """Encode the fleet and connect."""
        loop = asyncio.get_running_loop()
        first_s = int(time() - options.hours_back * 3600)
        connections = []
        for number in range(options.connections):
            share = range(options.first + number, options.first + options.vehicles, options.connections)
            frames = FleetFrames(share, first_s, options.step_s, entrance.exchange, entrance.routing_key)
            connection = Publishing(frames, options.window)
            await loop.create_connection(lambda made=connection: made, "127.0.0.1", entrance.port)  # type: ignore[misc]
            await connection.open(entrance.username, entrance.password)
            connections.append(connection)
        return cls(options, connections)

    @property
    def sent(self) -> int:
        """Messages sent since the beginning."""
        return sum(each.sent for each in self._connections)

    async def cycles(self, count: int) -> LoadResult:
        """Send each vehicle's waypoint so many times, and wait for the confirms."""
        return await self._run(None, 0, count)

    async def run(self, seconds: float, rate: float = 0.0) -> LoadResult:
        """Send for so long, at `rate` per second or at full speed (0)."""
        return await self._run(seconds, rate, 0)

    async def _run(self, seconds: float | None, rate: float, cycles: int) -> LoadResult:
        self._stopped.clear()
        before, started_s = self.sent, perf_counter()
        curve = [(monotonic(), before)]
        sampling = asyncio.create_task(self._sample(curve))
        for each in self._connections:
            each.start(cycles * each.frames.count or NO_END, rate / len(self._connections))
        if seconds is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), seconds)
            self.stop()
        await asyncio.gather(*(each.settle(self.options.settle_s) for each in self._connections))
        result = LoadResult(perf_counter() - started_s, self.sent - before, Latencies(), curve)
        sampling.cancel()
        curve.append((monotonic(), self.sent))
        for each in self._connections:
            result.latencies.merge(each.latencies)
        return result

    async def _sample(self, curve: list[tuple[float, int]]) -> None:
        while True:
            await asyncio.sleep(CURVE_S)
            curve.append((monotonic(), self.sent))

    def stop(self) -> None:
        """Send nothing more; a run ends early."""
        self._stopped.set()
        for each in self._connections:
            each.stop()

    def close(self) -> None:
        """Hang up."""
        for each in self._connections:
            each.close()
