"""`python -m tests.bench [NAME...]`: measure the hot paths on this machine; `--quick` for a look, no names for all."""

import argparse
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from tests.bench import files, rabbitmq, restart, sftp, waypoints
from tests.bench.processes import load_core
from tests.bench.report import Report
from tests.bench.uploads import UploadOptions

Bench = Callable[[Report, argparse.Namespace], Awaitable[None]]


async def _waypoints(report: Report, chosen: argparse.Namespace) -> None:
    options = waypoints.WaypointOptions(chosen.seconds, chosen.rate, chosen.vehicles, chosen.connections, chosen.window)
    await waypoints.bench(report, options)


async def _files(report: Report, chosen: argparse.Namespace) -> None:
    await files.bench(report, UploadOptions(chosen.seconds, chosen.connections))


async def _sftp(report: Report, chosen: argparse.Namespace) -> None:
    await sftp.bench(report, UploadOptions(min(chosen.seconds, 15), chosen.connections))


async def _restart(report: Report, chosen: argparse.Namespace) -> None:
    for vehicles in (chosen.vehicles, 10 * chosen.vehicles):
        await restart.bench(report, vehicles)


async def _rabbitmq(report: Report, chosen: argparse.Namespace) -> None:
    seconds = min(chosen.seconds, 15)
    await rabbitmq.bench(report, seconds, chosen.vehicles, chosen.connections, chosen.window)


BENCHES: dict[str, Bench] = {
    "waypoints": _waypoints,
    "files": _files,
    "sftp": _sftp,
    "restart": _restart,
    "rabbitmq": _rabbitmq,
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; none: all")
    parser.add_argument("--seconds", type=float, default=60, help="length of each phase (%(default)s)")
    parser.add_argument("--rate", type=float, default=60_000, help="of the paced phase, per second (%(default)s)")
    parser.add_argument("--vehicles", type=int, default=30_000, help="(%(default)s)")
    parser.add_argument("--connections", type=int, default=10, help="(%(default)s)")
    parser.add_argument("--window", type=int, default=1000, help="unconfirmed messages per connection (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="F", help="write the figures there too")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(BENCHES):
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    os.sched_setaffinity(0, {load_core()})
    report = Report()
    for name in chosen.names or BENCHES:
        uvloop.run(_run(BENCHES[name], report, chosen))
    print("\n" + report.table())
    if chosen.json:
        report.write(chosen.json)


async def _run(bench: Bench, report: Report, chosen: argparse.Namespace) -> None:
    await bench(report, chosen)


if __name__ == "__main__":
    main()
