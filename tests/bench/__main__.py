"""`python -m tests.bench [NAME...]`: measure the hot paths on this machine; all of them where none is named."""

import argparse
import os
from collections.abc import Awaitable, Callable
from datetime import time
from pathlib import Path

import uvloop

from tests.bench import (
    averaging,
    backlog,
    clocks,
    exceedances,
    files,
    judging,
    kernel,
    million,
    quality,
    rabbitmq,
    rejudging,
    reports,
    restart,
    sftp,
    shock,
    stations,
    waypoints,
)
from tests.bench.processes import load_core
from tests.bench.report import Report
from tests.bench.uploads import UploadOptions
from tests.bench.waypoint_load import LoadOptions
from tests.bench.waypoints import WaypointOptions

SHORT_S = 15.0
"""What stands beside the headline is measured for so long at most."""


async def _waypoints(report: Report, chosen: argparse.Namespace) -> None:
    fleet = chosen.vehicles, chosen.connections, chosen.window, chosen.zones
    await waypoints.bench(report, WaypointOptions(chosen.seconds, chosen.rate, *fleet))


async def _rabbitmq(report: Report, chosen: argparse.Namespace) -> None:
    load = LoadOptions(vehicles=chosen.vehicles, connections=chosen.connections, window=chosen.window)
    await rabbitmq.bench(report, min(chosen.seconds, SHORT_S), load)


async def _files(report: Report, chosen: argparse.Namespace) -> None:
    await files.bench(report, UploadOptions(chosen.seconds, chosen.connections))


async def _stations(report: Report, chosen: argparse.Namespace) -> None:
    await stations.bench(report, stations.DayOptions(chosen.seconds, chosen.speed, chosen.stations, begin=chosen.begin))


async def _shock(report: Report, chosen: argparse.Namespace) -> None:
    slice_s = 2 * chosen.seconds
    await shock.bench(report, stations.DayOptions(slice_s, chosen.speed, chosen.stations, begin=chosen.begin))


async def _sftp(report: Report, chosen: argparse.Namespace) -> None:
    await sftp.bench(report, UploadOptions(min(chosen.seconds, SHORT_S), chosen.connections))


async def _restart(report: Report, chosen: argparse.Namespace) -> None:
    for vehicles in (chosen.vehicles, 10 * chosen.vehicles):
        await restart.bench(report, vehicles)


async def _kill(report: Report, chosen: argparse.Namespace) -> None:
    await restart.kill(report, restart.KillOptions(chosen.fleet, chosen.rate / 2, chosen.seconds))


async def _backlog(report: Report, chosen: argparse.Namespace) -> None:
    await backlog.bench(report, backlog.BacklogOptions(hours=chosen.hours))


async def _million(report: Report, chosen: argparse.Namespace) -> None:
    sizes = {min(size, chosen.fleet) for size in (1_000, 30_000, chosen.fleet)}
    options = million.FleetOptions(tuple(sorted(sizes)), chosen.rate / 2, min(chosen.seconds, SHORT_S))
    await million.bench(report, options)


async def _kernel(report: Report, chosen: argparse.Namespace) -> None:
    del chosen
    await kernel.bench(report)


async def _judging(report: Report, chosen: argparse.Namespace) -> None:
    del chosen
    await judging.bench(report)


async def _averaging(report: Report, chosen: argparse.Namespace) -> None:
    del chosen
    await averaging.bench(report)


async def _exceedances(report: Report, chosen: argparse.Namespace) -> None:
    del chosen
    await exceedances.bench(report)


async def _quality(report: Report, chosen: argparse.Namespace) -> None:
    del chosen
    await quality.bench(report)


async def _clocks(report: Report, chosen: argparse.Namespace) -> None:
    await clocks.bench(report, chosen.vehicles)


async def _rejudging(report: Report, chosen: argparse.Namespace) -> None:
    del chosen
    await rejudging.bench(report)


async def _reports(report: Report, chosen: argparse.Namespace) -> None:
    del chosen
    await reports.bench(report)


BENCHES: dict[str, Callable[[Report, argparse.Namespace], Awaitable[None]]] = {
    "waypoints": _waypoints,
    "rabbitmq": _rabbitmq,
    "files": _files,
    "stations": _stations,
    "shock": _shock,
    "sftp": _sftp,
    "restart": _restart,
    "kill": _kill,
    "million": _million,
    "backlog": _backlog,
    "kernel": _kernel,
    "judging": _judging,
    "averaging": _averaging,
    "exceedances": _exceedances,
    "quality": _quality,
    "reports": _reports,
    "clocks": _clocks,
    "rejudging": _rejudging,
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; none: all")
    parser.add_argument("--seconds", type=float, default=60, help="length of each phase (%(default)s)")
    parser.add_argument("--rate", type=float, default=60_000, help="of the paced phase, per second (%(default)s)")
    parser.add_argument("--vehicles", type=int, default=100_000, help="(%(default)s)")
    parser.add_argument("--hours", type=float, default=24, help="of the backlog (%(default)s)")
    parser.add_argument("--fleet", type=int, default=1_000_000, help="the largest of the million (%(default)s)")
    parser.add_argument("--stations", type=int, default=1400, help="of the day (%(default)s)")
    parser.add_argument("--speed", type=float, default=50, help="of the day, times real time (%(default)s)")
    parser.add_argument("--begin", type=time.fromisoformat, help="hour of the day at which it begins (now)")
    parser.add_argument("--zones", type=float, default=0.1, help="share of the vehicles within zones (%(default)s)")
    parser.add_argument("--connections", type=int, default=10, help="(%(default)s)")
    parser.add_argument("--window", type=int, default=1000, help="unconfirmed messages per connection (%(default)s)")
    parser.add_argument("--repeat", type=int, default=1, help="of all; medians are shown (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="F", help="write the figures there too")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(BENCHES):
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    os.sched_setaffinity(0, {load_core()})
    report = Report()
    for name in [*(chosen.names or BENCHES)] * chosen.repeat:
        uvloop.run(_run(name, report, chosen))
    print("\n" + report.table())
    if chosen.json:
        report.write(chosen.json)


async def _run(name: str, report: Report, chosen: argparse.Namespace) -> None:
    await BENCHES[name](report, chosen)


if __name__ == "__main__":
    main()
