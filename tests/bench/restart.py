"""How long the box is away after a power cut: killed under load, started again, ready when `/readyz` says so.

Nothing is snapshotted before the kill but what the clock managed: what came since is read again from the journal, while
the box serves. `kill` cuts in the middle of a paced load of a great fleet, and goes on with it as soon as it can.
"""

import asyncio
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from time import monotonic

from tests.bench.processes import cpu_s, rss_mb
from tests.bench.report import Report
from tests.bench.sink import SinkProcess
from tests.bench.waypoint_load import LoadOptions, WaypointLoad
from tests.bench.world import World, WorldOptions

NAME, KILL = "restart", "kill"
REPLAYED = "journal_replayed"
"""What the server says in its log once everybody has received what the journal holds."""
START_S = 600.0
TO_REPLAY = (
    "SELECT (SELECT MAX(id) FROM waypoints) "
    "- COALESCE((SELECT value FROM counters WHERE name = 'snapshot.waypoints'), 0)"
)


@dataclass(frozen=True, slots=True)
class KillOptions:
    """The load that is cut: after so many seconds at a rate; then it goes on for `after_s`."""

    vehicles: int
    rate: float
    seconds: float
    after_s: float = 30.0


async def bench(report: Report, vehicles: int) -> None:
    """Measure on a new world of so many vehicles."""
    world = World(WorldOptions(vehicles=vehicles))
    what = f"{vehicles:,} vehicles"
    try:
        await world.populate()
        report.add(NAME, f"{what}: first start, nothing received", await world.start(), "s")
        load = await _load(world, vehicles)
        confirmed = (await load.cycles(2)).messages
        await world.kill()
        load.close()
        report.add(NAME, f"{what}: after a kill, {confirmed:,} to replay", await world.start(300), "s")
        report.add(NAME, f"{what}: memory then", rss_mb(world.pid), "MB")
        await _replayed(world, 2)
        await world.kill()
        report.add(NAME, f"{what}: after a kill at rest", await world.start(300), "s")
        await _replayed(world, 3)
        report.add(NAME, f"{what}: drained stop", await world.stop(), "s")
        report.add(NAME, f"{what}: start after a drained stop", await world.start(300), "s")
        await world.stop()
        stored = (await world.audit())["waypoints"]["stored"]
        report.add(NAME, f"{what}: confirmed but not stored once", confirmed - stored, "waypoints", "0")
    finally:
        await world.close()


async def kill(report: Report, options: KillOptions) -> None:
    """Kill a great fleet's box under load; see how soon it confirms again, and when all that came is judged."""
    sink = await SinkProcess.start()
    world = World(WorldOptions(sink_port=sink.port, auto_register=True))
    what = f"{options.vehicles:,} vehicles at {options.rate:,.0f}/s"
    try:
        await world.populate()
        await world.start()
        load = await _load(world, options.vehicles)
        await load.cycles(1)
        running = asyncio.create_task(load.run(options.seconds + START_S, options.rate))
        await asyncio.sleep(options.seconds)
        await world.kill()
        load.stop()
        load.close()
        with suppress(ConnectionError, TimeoutError):
            await running
        report.add(KILL, f"{what}: to replay", _to_replay(world), "waypoints")
        begun_s = monotonic()
        report.add(KILL, f"{what}: ready", await world.start(START_S), "s", "15")
        report.add(KILL, f"{what}: processor until then", cpu_s(world.pid), "s")
        again = await _load(world, options.vehicles)
        await again.run(0.1, 1_000)
        report.add(KILL, f"{what}: first confirms", monotonic() - begun_s, "s", "15")
        result = await again.run(options.after_s, options.rate)
        report.add(KILL, f"{what}: confirmed from then on", result.rate, "/s")
        report.add(KILL, f"{what}: confirm p99 from then on", result.latencies.percentiles_ms(0.99)[0], "ms")
        await _replayed(world, 2)
        report.add(KILL, f"{what}: all judged", monotonic() - begun_s, "s")
        report.add(KILL, f"{what}: memory then", rss_mb(world.pid), "MB", "3,000")
        again.close()
        await world.stop()
        await world.audit()
    finally:
        await world.close()
        await sink.stop()


def _to_replay(world: World) -> int:
    with closing(sqlite3.connect(world.folder / "data" / "trambox.db", timeout=30)) as database:
        return int(database.execute(TO_REPLAY).fetchone()[0] or 0)


async def _replayed(world: World, start: int) -> None:
    """Wait until the process of the n-th start says that its journal is read."""
    while (world.folder / "server.log").read_text(errors="replace").count(REPLAYED) < start:
        await asyncio.sleep(0.1)


async def _load(world: World, vehicles: int) -> WaypointLoad:
    options = LoadOptions(vehicles=vehicles, settle_s=START_S)
    return await WaypointLoad.open(world.entrance, options)
