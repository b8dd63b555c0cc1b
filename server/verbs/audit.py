"""`trambox audit`: the conservation sums as JSON; exit 1 where they do not add up."""

import argparse
import json

from conf.settings import Settings
from server.verbs.opening import opened
from storage.audit import read_running, recount


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the way of counting."""
    parser.add_argument("--recount", action="store_true", help="count the rows instead of reading the running counters")


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Print the sums."""
    async with opened(settings):
        sums = await (recount(settings.server.data_dir) if args.recount else read_running())
    print(json.dumps(sums.as_json(), ensure_ascii=False))
    return 0 if sums.balanced else 1
