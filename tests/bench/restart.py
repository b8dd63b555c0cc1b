"""How long the box is away after a power cut: killed under load, started again, ready when `/readyz` says so.

Nothing is snapshotted before the kill but what the clock managed: the restart replays the waypoints that came since.
"""

from tests.bench.processes import rss_mb
from tests.bench.report import Report
from tests.bench.waypoint_load import LoadOptions, WaypointLoad
from tests.bench.world import World, WorldOptions

NAME = "restart"


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
        await world.kill()
        report.add(NAME, f"{what}: after a kill at rest", await world.start(300), "s")
        report.add(NAME, f"{what}: drained stop", await world.stop(), "s")
        report.add(NAME, f"{what}: start after a drained stop", await world.start(300), "s")
        await world.stop()
        stored = (await world.audit())["waypoints"]["stored"]
        report.add(NAME, f"{what}: confirmed but not stored once", confirmed - stored, "waypoints", "0")
    finally:
        await world.close()


async def _load(world: World, vehicles: int) -> WaypointLoad:
    return await WaypointLoad.open(world.entrance, LoadOptions(vehicles=vehicles))
