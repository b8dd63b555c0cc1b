"""The headline: waypoints received, judged, committed and forwarded, everything on, at full speed and paced.

On: durable commit, an actor per vehicle with all its rules, zones for a share of the vehicles, duplicates looked for,
confirmed forwarding to a sink in another process. Two numbers count most: the rate that is confirmed, and the rate that
has reached the sink.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic

from tests.bench.bystanders import LoadWatch
from tests.bench.latencies import Latencies
from tests.bench.processes import core_busy_s, cpu_s, rss_mb, server_core
from tests.bench.report import Report
from tests.bench.sink import SinkProcess
from tests.bench.waypoint_load import LoadOptions, LoadResult, WaypointLoad
from tests.bench.world import World, WorldOptions

NAME = "waypoints"
DRAIN_S = 60.0


@dataclass(frozen=True, slots=True)
class WaypointOptions:
    """How long and how hard."""

    seconds: float = 60
    rate: float = 60_000
    vehicles: int = 100_000
    connections: int = 10
    window: int = 1000
    zoned_share: float = 0.1


async def bench(report: Report, options: WaypointOptions) -> None:
    """Measure on a new world."""
    bare_mb = await _bare_mb()
    sink = await SinkProcess.start()
    world = World(WorldOptions(vehicles=options.vehicles, zoned_share=options.zoned_share, sink_port=sink.port))
    try:
        await world.populate()
        report.add(NAME, f"start with {options.vehicles:,} vehicles", await world.start(), "s")
        await _measure(report, options, world, sink, bare_mb)
    finally:
        await world.close()
        await sink.stop()


async def _measure(report: Report, options: WaypointOptions, world: World, sink: SinkProcess, bare_mb: float) -> None:
    if not await sink.connected(30):
        raise RuntimeError(world.log_tail())
    load = await WaypointLoad.open(
        world.entrance,
        LoadOptions(vehicles=options.vehicles, connections=options.connections, window=options.window),
    )
    await load.cycles(2)
    await sink.reach(load.sent, DRAIN_S)
    report.add(NAME, "memory per 1,000 vehicle actors", (rss_mb(world.pid) - bare_mb) * 1000 / options.vehicles, "MB")
    for what, rate in (("full speed", 0.0), (f"paced {options.rate:,.0f}/s", options.rate)):
        await _phase(report, what, rate, options, world, sink, load)
    load.close()
    report.add(NAME, "memory at the end", rss_mb(world.pid), "MB")
    report.add(NAME, "drained stop", await world.stop(), "s")
    sums = await world.audit()
    stored, forwarded = sums["waypoints"]["stored"], sums["destinations"]["sink"]["forwarded"]
    report.add(NAME, "sent but not stored once (audit)", load.sent - stored, "waypoints", "0")
    report.add(NAME, "stored but not forwarded (audit)", stored - forwarded, "waypoints", "0")
    report.add(NAME, "speed violations found", world.rows("violations"), "")
    report.add(NAME, "more at the sink than sent", sink.count - load.sent, "waypoints", "0")


async def _phase(
    report: Report,
    what: str,
    rate: float,
    options: WaypointOptions,
    world: World,
    sink: SinkProcess,
    load: WaypointLoad,
) -> None:
    busy_before_s, phase_s = core_busy_s(server_core()), monotonic()
    before_s, sink_before, disorder_before = cpu_s(world.pid), sink.count, sink.disorder
    watch = LoadWatch(sink)
    result = await load.run(options.seconds, rate)
    watch.report(report, NAME, what, result.messages)
    report.add(NAME, f"{what}: confirmed", result.rate, "/s", "100,000")
    middle, high, highest, slowest = result.latencies.percentiles_ms(0.5, 0.95, 0.99, 1)
    report.add(NAME, f"{what}: confirm p50", middle, "ms")
    report.add(NAME, f"{what}: confirm p95", high, "ms")
    report.add(NAME, f"{what}: confirm p99", highest, "ms", "1,000")
    report.add(NAME, f"{what}: slowest confirm", slowest, "ms")
    started_s = result.curve[0][0]
    if not await sink.reach(load.sent, DRAIN_S):
        report.note(f"{what}: {load.sent - sink.count:,} waypoints had not reached the sink after {DRAIN_S:g} s")
    report.add(
        NAME,
        f"{what}: forwarded",
        (sink.count - sink_before) / (sink.reached_s(load.sent) - started_s),
        "/s",
        "100,000",
    )
    middle, high = lag(result, sink.curve).percentiles_ms(0.5, 0.99)
    report.add(NAME, f"{what}: sent to sink p50", middle, "ms")
    report.add(NAME, f"{what}: sent to sink p99", high, "ms", "120,000")
    report.add(NAME, f"{what}: after a later one of its vehicle", sink.disorder - disorder_before, "waypoints", "0")
    used_s = cpu_s(world.pid) - before_s
    others_s = core_busy_s(server_core()) - busy_before_s - used_s
    report.add(NAME, f"{what}: server CPU", used_s * 1e6 / result.messages, "us/waypoint")
    report.add(NAME, f"{what}: others on the server's core", others_s * 100 / (monotonic() - phase_s), "%")
    report.add(NAME, f"{what}: server memory", rss_mb(world.pid), "MB")


def lag(result: LoadResult, arrived: Sequence[tuple[float, int]]) -> Latencies:
    """How long after the n-th was sent the n-th arrived, for all n, from the two curves."""
    found = Latencies()
    counts = [count for _, count in arrived]
    for (_, before), (sent_s, sent) in pairwise(result.curve):
        at = bisect_left(counts, sent)
        if sent > before and at < len(counts):
            found.add(max(0.0, arrived[at][0] - sent_s), sent - before)
    return found


async def _bare_mb() -> float:
    """Memory of a server that knows no vehicle."""
    world = World(WorldOptions())
    try:
        await world.populate()
        await world.start()
        memory_mb = rss_mb(world.pid)
        await world.stop()
        return memory_mb
    finally:
        await world.close()
