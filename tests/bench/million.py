"""A fleet of a nation: what a million vehicle actors cost in memory, per message, and at a restart.

Vehicles are registered by their own first waypoint, as trackers of a provider that may do so are; with the second each
driver begins a stretch, which is a row once in hours. The same stream then comes from fleets of several sizes, each on
a new world, so that only the number of actors differs.
"""

from dataclasses import dataclass

from tests.bench.processes import cpu_s, rss_mb
from tests.bench.report import Report
from tests.bench.sink import SinkProcess
from tests.bench.waypoint_load import LoadOptions, WaypointLoad
from tests.bench.world import World, WorldOptions

NAME = "million"
START_S = 300.0
WARM_S = 5.0


@dataclass(frozen=True, slots=True)
class FleetOptions:
    """Sizes of the fleet, smallest first; the last is the one that is started again."""

    fleets: tuple[int, ...] = (1_000, 30_000, 1_000_000)
    rate: float = 30_000
    seconds: float = 20
    connections: int = 10


async def bench(report: Report, options: FleetOptions) -> None:
    """Measure each size on a new world."""
    costs = [await _fleet(report, options, vehicles) for vehicles in options.fleets]
    report.add(NAME, "cost of the largest fleet over the smallest", (costs[-1] / costs[0] - 1) * 100, "%", "20")


async def _fleet(report: Report, options: FleetOptions, vehicles: int) -> float:
    sink = await SinkProcess.start()
    world = World(WorldOptions(sink_port=sink.port, auto_register=True))
    what = f"{vehicles:,} vehicles"
    try:
        await world.populate()
        await world.start()
        if not await sink.connected(30):
            raise RuntimeError(world.log_tail())
        load = await _open(world, vehicles, options)
        registered = await load.cycles(1)
        report.add(NAME, f"{what}: registered", registered.rate, "/s")
        report.add(NAME, f"{what}: memory", rss_mb(world.pid), "MB", "3,000")
        driving = await load.cycles(1)
        report.add(NAME, f"{what}: first stretch of each driver", driving.rate, "/s")
        cost = await _flow(report, what, options, world, sink, load)
        load.close()
        if vehicles == options.fleets[-1]:
            await _restart(report, what, world, load.sent)
        return cost
    finally:
        await world.close()
        await sink.stop()


async def _open(world: World, vehicles: int, options: FleetOptions) -> WaypointLoad:
    fleet = LoadOptions(vehicles=vehicles, connections=options.connections, settle_s=START_S)
    return await WaypointLoad.open(world.entrance, fleet)


async def _flow(
    report: Report, what: str, options: FleetOptions, world: World, sink: SinkProcess, load: WaypointLoad
) -> float:
    """The stream from this fleet; gives its cost in microseconds of the server's processor a waypoint."""
    await load.run(WARM_S, options.rate)
    await sink.reach(load.sent, START_S)
    disorder, used_s = sink.disorder, cpu_s(world.pid)
    result = await load.run(options.seconds, options.rate)
    arrived = await sink.reach(load.sent, START_S)
    cost = (cpu_s(world.pid) - used_s) * 1e6 / result.messages
    report.add(NAME, f"{what}: confirmed", result.rate, "/s", "30,000")
    report.add(NAME, f"{what}: confirm p99", result.latencies.percentiles_ms(0.99)[0], "ms", "1,000")
    report.add(NAME, f"{what}: server CPU", cost, "us/waypoint")
    report.add(NAME, f"{what}: memory under way", rss_mb(world.pid), "MB", "3,000")
    report.add(NAME, f"{what}: after a later one of its vehicle", sink.disorder - disorder, "waypoints", "0")
    if not arrived:
        report.note(f"{what}: {load.sent - sink.count:,} waypoints did not reach the sink")
    return cost


async def _restart(report: Report, what: str, world: World, sent: int) -> None:
    report.add(NAME, f"{what}: drained stop", await world.stop(), "s")
    report.add(NAME, f"{what}: start after it", await world.start(START_S), "s", "15")
    report.add(NAME, f"{what}: processor of that start", cpu_s(world.pid), "s")
    report.add(NAME, f"{what}: memory then", rss_mb(world.pid), "MB", "3,000")
    await world.kill()
    report.add(NAME, f"{what}: start after a kill at rest", await world.start(START_S), "s", "15")
    await world.stop()
    stored = (await world.audit())["waypoints"]["stored"]
    report.add(NAME, f"{what}: sent but not stored once (audit)", sent - stored, "waypoints", "0")
