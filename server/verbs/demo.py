"""`trambox demo`: the server with simulated stations and vehicles, a stand-in ministry and a stand-in authority."""

import argparse

from conf.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the size and the pace of the simulated world."""
    parser.add_argument("--stations", type=_count, default=12, metavar="N", help="simulated stations (default 12)")
    parser.add_argument("--vehicles", type=_count, default=60, metavar="N", help="simulated vehicles (default 60)")
    parser.add_argument("--speed", type=_pace, default=30.0, metavar="X", help="send X times more often (default 30)")


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Run the demo until a signal comes."""
    from server.demo import demo  # the other verbs start without the listeners' libraries

    return await demo(settings, stations=args.stations, vehicles=args.vehicles, speed=args.speed)


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 100_000:
        raise argparse.ArgumentTypeError("must be from 0 to 100000")
    return number


def _pace(text: str) -> float:
    pace = float(text)
    if not 0.01 <= pace <= 300:
        raise argparse.ArgumentTypeError("must be from 0.01 to 300")
    return pace
