"""Measures uploads by many sessions at once, whatever the protocol; afterwards the box has to have every file once."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

from tests.bench.latencies import Latencies
from tests.bench.processes import core_busy_s, cpu_s, rss_mb, server_core
from tests.bench.report import Report
from tests.bench.station_files import station_files
from tests.bench.world import SYMBOLS, World, WorldOptions

Put = Callable[[str, bytes], Awaitable[None]]
"""Sends one file and returns when the server has answered for it."""
Open = Callable[[], AbstractAsyncContextManager[Put]]
"""Connects and logs in; leaves at the end."""


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """How many sessions share the stations, and for how long."""

    seconds: float = 60
    sessions: int = 10
    stations: int = 200


@asynccontextmanager
async def station_world(options: UploadOptions) -> AsyncIterator[World]:
    """Run a box that knows the stations."""
    world = World(WorldOptions(stations=options.stations))
    try:
        await world.populate()
        await world.start()
        yield world
    finally:
        await world.close()


class Uploads:
    """Phases of uploads against one world; file names go on from phase to phase."""

    def __init__(self, name: str, report: Report, options: UploadOptions, world: World) -> None:
        self._name, self._report, self._options, self._world = name, report, options, world
        self._sent = 0
        each = options.stations // options.sessions
        self._files = [station_files(range(number * each, (number + 1) * each)) for number in range(options.sessions)]

    async def phase(self, what: str, open_session: Open, *, kept: bool, bar: str = "") -> None:
        """Upload from all sessions; unless `kept`, each file has a session of its own."""
        world, add = self._world, self._report.add
        latencies, used_s, mine_s, started_s = Latencies(), cpu_s(world.pid), _own_s(), perf_counter()
        end_s = started_s + self._options.seconds
        busy_s = core_busy_s(server_core())
        send = _send_kept if kept else _send_each
        await asyncio.gather(*(send(files, open_session, latencies, end_s) for files in self._files))
        took_s = perf_counter() - started_s
        self._sent += latencies.count
        add(self._name, f"{what}: stored", latencies.count / took_s, "files/s", bar)
        middle, highest = latencies.percentiles_ms(0.5, 0.99)
        add(self._name, f"{what}: p50", middle, "ms")
        add(self._name, f"{what}: p99", highest, "ms")
        used_s = cpu_s(world.pid) - used_s
        others_s = core_busy_s(server_core()) - busy_s - used_s
        add(self._name, f"{what}: server CPU", used_s * 1000 / latencies.count, "ms/file")
        add(self._name, f"{what}: others on the server's core", others_s * 100 / took_s, "%")
        add(self._name, f"{what}: load core busy", (_own_s() - mine_s) * 100 / took_s, "%")

    async def audit(self) -> None:
        """Stop the box and count what it has."""
        world, add = self._world, self._report.add
        add(self._name, "server memory", rss_mb(world.pid), "MB")
        add(self._name, "drained stop", await world.stop(), "s")
        sums = await world.audit()
        add(self._name, "sent but not stored once (audit)", self._sent - sums["files"]["stored"], "files", "0")
        missing = self._sent * len(SYMBOLS) - world.rows("readings")
        add(self._name, "readings sent but not in the table", missing, "readings", "0")


def _own_s() -> float:
    """Processor time of the load itself: near a full core, it is the load that limits."""
    times = os.times()
    return times.user + times.system


async def _send_each(files: Iterator[tuple[str, bytes]], open_session: Open, found: Latencies, end_s: float) -> None:
    while (started_s := perf_counter()) < end_s:
        name, content = next(files)
        async with open_session() as put:
            await put(name, content)
        found.add(perf_counter() - started_s)


async def _send_kept(files: Iterator[tuple[str, bytes]], open_session: Open, found: Latencies, end_s: float) -> None:
    async with open_session() as put:
        while (started_s := perf_counter()) < end_s:
            await put(*next(files))
            found.add(perf_counter() - started_s)
