"""The far end: an AMQP peer that confirms at once, counts, and looks whether each vehicle's waypoints come in order.

Run as a process of its own: `python -m tests.bench.sink PORT` (0 = a free one).
It prints its port, then a line of counts ten times a second.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from time import monotonic, time
from typing import Any, Self

import uvloop
from typing_extensions import override

from protocols.amqp.listener import AmqpListener, AmqpOptions, ProviderGrant
from tests.bench.far_end import EVERY_S, FarEnd
from tests.bench.order import OrderCheck

EXCHANGE = "tracking.bench.out"


class Anybody:
    """Lets everybody publish to the one exchange."""

    async def provider(self, username: str, password: str, address: str) -> ProviderGrant | None:
        del password
        return ProviderGrant(1, username, (EXCHANGE,), address)

    def address_allowed(self, address: str) -> bool:
        return bool(address)


class CountingSink:
    """Counts messages; their order is looked at when the counts are told."""

    def __init__(self, live_s: int) -> None:
        self.count = 0
        self._order = OrderCheck(live_s)
        self._unseen: list[bytes] = []

    def offer(self, grant: ProviderGrant, bodies: list[bytes], stored: Callable[[], None]) -> None:
        """Confirm at once."""
        del grant
        self.count += len(bodies)
        self._unseen += bodies
        stored()

    def told(self) -> dict[str, int]:
        """How many came, out of order, live."""
        self._order.take(self._unseen)
        self._unseen = []
        return {"count": self.count, "disorder": self._order.disorder, "live": self._order.live}


async def serve() -> None:
    """Listen and report until standard input ends."""
    sink = CountingSink(int(time()))
    listener = AmqpListener(AmqpOptions(host="127.0.0.1", port=int(sys.argv[1]), heartbeat_s=0), Anybody(), sink, time)
    print(json.dumps({"port": await listener.start()}), flush=True)
    loop = asyncio.get_running_loop()
    ended = loop.run_in_executor(None, sys.stdin.read)
    while not ended.done():
        await asyncio.sleep(EVERY_S)
        line = {"t": monotonic(), **sink.told(), "connections": listener.statistics()["connections"]}
        print(json.dumps(line), flush=True)
    await listener.close(1)


class SinkProcess(FarEnd):
    """The sink as seen by the one who started it; `live_curve` is the curve of the live ones."""

    def __init__(self, process: asyncio.subprocess.Process, ready: Mapping[str, Any]) -> None:
        super().__init__(process, ready)
        self.port: int = ready["port"]
        self.disorder = self.live = self.connections = 0
        self.live_curve: list[tuple[float, int]] = []

    @classmethod
    async def start(cls, port: int = 0) -> Self:
        """Start it; it stays on the core of the caller."""
        return await cls.run(sys.executable, "-m", "tests.bench.sink", str(port))

    @override
    def take(self, now: Mapping[str, Any]) -> None:
        super().take(now)
        self.disorder, self.live, self.connections = now["disorder"], now["live"], now["connections"]
        self.live_curve.append((now["t"], now["live"]))

    async def connected(self, timeout_s: float) -> bool:
        """Wait for the first connection."""
        return await self.until(lambda: self.connections > 0, timeout_s)


if __name__ == "__main__":
    uvloop.run(serve())
