"""A receiver that was away: what waited for it drains beside live data, which must not wait for it.

The stretch is received while nobody listens at the destination; then the receiver comes back, and live vehicles go on
sending. Vehicles of the stretch and live ones differ by their plates, so that the far end can count them apart.
"""

import asyncio
import socket
from dataclasses import dataclass
from time import monotonic

from tests.bench.processes import cpu_s
from tests.bench.report import Report
from tests.bench.sink import LIVE_FROM, SinkProcess
from tests.bench.waypoint_load import LoadOptions, WaypointLoad
from tests.bench.waypoints import lag
from tests.bench.world import World, WorldOptions

NAME = "backlog"
STEP_S, LIVE_STEP_S = 30, 10
"""A vehicle sends so often: 200 live ones a second are 2,000 vehicles."""
DRAIN_S = 3600.0
BEGIN_S = 90.0


@dataclass(frozen=True, slots=True)
class BacklogOptions:
    """How long the receiver was away, for how many vehicles, and the live rate meanwhile."""

    hours: float = 24
    vehicles: int = 2_000
    live_rate: float = 200
    settle_s: float = 5


async def bench(report: Report, options: BacklogOptions) -> None:
    """Measure on a new world."""
    port = _free_port()
    world = World(WorldOptions(sink_port=port, auto_register=True))
    sink: SinkProcess | None = None
    try:
        await world.populate()
        await world.start()
        held = await _load(world, range(options.vehicles), STEP_S, options.hours)
        received = await held.cycles(int(options.hours * 3600 / STEP_S))
        report.add(NAME, f"{options.hours:g} h of {options.vehicles:,} vehicles received", received.rate, "/s")
        held.close()
        sink = await SinkProcess.start(port)
        await _drain(report, options, world, sink, held.sent)
        await world.stop()
        sums = await world.audit()
        owed = sums["destinations"]["sink"]
        report.add(NAME, "due but not forwarded (audit)", owed["due"] - owed["forwarded"], "waypoints", "0")
    finally:
        await world.close()
        if sink is not None:
            await sink.stop()


async def _drain(report: Report, options: BacklogOptions, world: World, sink: SinkProcess, held: int) -> None:
    if not await sink.connected(BEGIN_S):
        raise RuntimeError(world.log_tail())
    started_s, used_s = monotonic(), cpu_s(world.pid)
    live = await _load(world, range(LIVE_FROM, LIVE_FROM + options.vehicles), LIVE_STEP_S, 0)
    running = asyncio.create_task(live.run(DRAIN_S, options.live_rate))
    while sink.count - sink.live < held and monotonic() - started_s < DRAIN_S:
        await asyncio.sleep(0.2)
    drained_s = monotonic() - started_s
    await asyncio.sleep(options.settle_s)
    live.stop()
    result = await running
    await sink.reach(held + live.sent, BEGIN_S)
    report.add(NAME, "drained at", options.hours * 3600 / drained_s, "x real time", "10")
    report.add(NAME, "drained", held / drained_s, "/s")
    report.add(NAME, "server CPU", (cpu_s(world.pid) - used_s) * 1e6 / (held + live.sent), "us/waypoint")
    report.add(NAME, "live meanwhile: confirm p99", result.latencies.percentiles_ms(0.99)[0], "ms", "2,000")
    report.add(
        NAME, "live meanwhile: sent to sink p99", lag(result, sink.live_curve).percentiles_ms(0.99)[0], "ms", "2,000"
    )
    report.add(NAME, "after a later one of its vehicle", sink.disorder, "waypoints", "0")


async def _load(world: World, vehicles: range, step_s: int, hours_back: float) -> WaypointLoad:
    return await WaypointLoad.open(
        world.entrance,
        LoadOptions(
            vehicles=len(vehicles),
            first=vehicles.start,
            connections=4,
            step_s=step_s,
            settle_s=DRAIN_S,
            hours_back=hours_back,
        ),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
