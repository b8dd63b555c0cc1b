"""A day held back on either side of the box comes through beside live data, which must not wait for it.

Outgoing: the receiver was away; the stretch was received while nobody listened, then drains. Incoming: the provider was
away; it sends the stretch over connections of its own, later than the live waypoints of the very same vehicles, so that
each waypoint is looked for in its day's book and each track is judged anew. The sink tells live ones by their time.
"""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from time import monotonic

from actors.vehicle import head_of
from tests.bench.processes import core_busy_s, cpu_s, rss_mb, server_core
from tests.bench.report import Report
from tests.bench.sink import SinkProcess
from tests.bench.waypoint_load import LoadOptions, LoadResult, WaypointLoad
from tests.bench.waypoints import lag
from tests.bench.world import World, WorldOptions

NAME = "backlog"
CONNECTIONS = 4
MOST_S = 3600.0
BEGIN_S = 90.0
WARM_S = 15.0
"""Every live vehicle was heard before its backlog comes."""
QUIET_S, QUIET_SHARE = 10.0, 0.06
"""The box has settled when it used no more than this share of its core for so long."""
MARGIN_HOURS = 0.1
"""So long before the live waypoints the held ones end."""


@dataclass(frozen=True, slots=True)
class BacklogOptions:
    """How long one side was away, for how many vehicles, and how often each of them sends."""

    hours: float = 24
    vehicles: int = 2_000
    step_s: int = 10

    @property
    def live_rate(self) -> float:
        """Live waypoints a second."""
        return self.vehicles / self.step_s

    @property
    def cycles(self) -> int:
        """Waypoints of each vehicle in the stretch."""
        return int(self.hours * 3600 / self.step_s)

    @property
    def words(self) -> str:
        """How the stretch is called."""
        return f"{self.hours:g} h of {self.vehicles:,} vehicles"


async def bench(report: Report, options: BacklogOptions) -> None:
    """Measure each side on a new world."""
    await _outgoing(report, options)
    await _incoming(report, options)


# ---------------------------------------------------------------------------------------------- outgoing


async def _outgoing(report: Report, options: BacklogOptions) -> None:
    port = _free_port()
    async with _world(port) as world:
        held = await _held(world, options)
        received = await held.cycles(options.cycles)
        held.close()
        report.add(NAME, f"outgoing: {options.words} received", received.rate, "/s")
        report.add(NAME, "outgoing: memory then", rss_mb(world.pid), "MB")
        sink = await SinkProcess.start(port)
        try:
            if not await sink.connected(BEGIN_S):
                raise RuntimeError(world.log_tail())
            async with _live(report, "outgoing", options, world, sink):
                await _drained(report, "outgoing", options, world, sink, held.sent)
            await _stopped(report, "outgoing", world, sink)
        finally:
            await sink.stop()


# ---------------------------------------------------------------------------------------------- incoming


async def _incoming(report: Report, options: BacklogOptions) -> None:
    sink = await SinkProcess.start()
    try:
        async with _world(sink.port) as world:
            if not await sink.connected(BEGIN_S):
                raise RuntimeError(world.log_tail())
            async with _live(report, "incoming", options, world, sink):
                await asyncio.sleep(WARM_S)
                held = await _held(world, options)
                sending = asyncio.create_task(held.cycles(options.cycles))
                await _drained(report, "incoming", options, world, sink, options.vehicles * options.cycles)
                _confirms(report, "incoming: of the backlog", await sending)
                held.close()
                started_s = monotonic()
                await _settled(world)
                report.add(NAME, "incoming: tracks judged anew after it for", monotonic() - started_s, "s")
            await _stopped(report, "incoming", world, sink)
            report.add(NAME, "incoming: tracks not judged anew yet at the stop", _touched(world), "", "0")
    finally:
        await sink.stop()


def _touched(world: World) -> int:
    """How many vehicles say in their snapshot that their track is to be judged anew."""
    with closing(sqlite3.connect(world.folder / "data" / "trambox.db")) as database:
        heads = [head_of(state) for (state,) in database.execute("SELECT state FROM vehicle_states") if state]
    return sum(head is None or head[1] > 0 for head in heads)


async def _settled(world: World) -> None:
    deadline_s = monotonic() + MOST_S
    used_s = QUIET_S
    while used_s > QUIET_S * QUIET_SHARE and monotonic() < deadline_s:
        used_s = -cpu_s(world.pid)
        await asyncio.sleep(QUIET_S)
        used_s += cpu_s(world.pid)


# ---------------------------------------------------------------------------------------------- both


@asynccontextmanager
async def _world(sink_port: int) -> AsyncGenerator[World, None]:
    world = World(WorldOptions(sink_port=sink_port, auto_register=True))
    try:
        await world.populate()
        await world.start()
        yield world
    finally:
        await world.close()


async def _held(world: World, options: BacklogOptions) -> WaypointLoad:
    return await _load(world, options, options.hours + MARGIN_HOURS)


async def _load(world: World, options: BacklogOptions, hours_back: float) -> WaypointLoad:
    fleet = LoadOptions(
        vehicles=options.vehicles,
        connections=CONNECTIONS,
        step_s=options.step_s,
        settle_s=MOST_S,
        hours_back=hours_back,
    )
    return await WaypointLoad.open(world.entrance, fleet)


@asynccontextmanager
async def _live(
    report: Report, side: str, options: BacklogOptions, world: World, sink: SinkProcess
) -> AsyncGenerator[None, None]:
    """Live waypoints of the fleet, in real time, while something else goes on; then how they fared."""
    load = await _load(world, options, 0)
    running = asyncio.create_task(load.run(MOST_S, options.live_rate))
    yield
    load.stop()
    result = await running
    load.close()
    if not await sink.until(lambda: sink.live >= load.sent, BEGIN_S):
        report.note(f"{side}: {load.sent - sink.live:,} live waypoints did not reach the sink")
    _confirms(report, f"{side}: live meanwhile", result, "2,000")
    for share, what in ((0.5, "p50"), (0.99, "p99"), (1, "slowest")):
        late_ms = lag(result, sink.live_curve).percentiles_ms(share)[0]
        report.add(
            NAME, f"{side}: live meanwhile: sent to sink {what}", late_ms, "ms", "2,000" if share == 0.99 else ""
        )


def _confirms(report: Report, what: str, result: LoadResult, bar: str = "") -> None:
    middle, high, slowest = result.latencies.percentiles_ms(0.5, 0.99, 1)
    report.add(NAME, f"{what}: confirm p50", middle, "ms")
    report.add(NAME, f"{what}: confirm p99", high, "ms", bar)
    report.add(NAME, f"{what}: slowest confirm", slowest, "ms")


async def _drained(
    report: Report, side: str, options: BacklogOptions, world: World, sink: SinkProcess, held: int
) -> None:
    """Wait until the sink has the whole stretch."""
    started_s, used_s, busy_s = monotonic(), cpu_s(world.pid), core_busy_s(server_core())
    before = sink.count
    if not await sink.until(lambda: sink.count - sink.live >= held, MOST_S):
        report.note(f"{side}: {held - (sink.count - sink.live):,} of {held:,} had not reached the sink")
    drained_s, used_s = monotonic() - started_s, cpu_s(world.pid) - used_s
    others_s = core_busy_s(server_core()) - busy_s - used_s
    report.add(NAME, f"{side}: drained at", options.hours * 3600 / drained_s, "x real time", "10")
    report.add(NAME, f"{side}: drained", held / drained_s, "/s")
    report.add(NAME, f"{side}: server CPU", used_s * 1e6 / (sink.count - before), "us/waypoint")
    report.add(NAME, f"{side}: others on the server's core", others_s * 100 / drained_s, "%")
    report.add(NAME, f"{side}: memory", rss_mb(world.pid), "MB")


async def _stopped(report: Report, side: str, world: World, sink: SinkProcess) -> None:
    report.add(NAME, f"{side}: after a later one of its vehicle, held and live apart", sink.disorder, "waypoints", "0")
    report.add(NAME, f"{side}: drained stop", await world.stop(), "s")
    sums = await world.audit()
    owed = sums["destinations"]["sink"]
    report.add(NAME, f"{side}: due but not forwarded (audit)", owed["due"] - owed["forwarded"], "waypoints", "0")
    report.add(NAME, f"{side}: at the sink but not stored once", sink.count - sums["waypoints"]["stored"], "", "0")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
