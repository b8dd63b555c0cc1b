"""`trambox replay DIR`: feed history files through journal and actors; a second run changes nothing."""

import argparse
from pathlib import Path

from conf.settings import Settings
from protocols.vocabulary import Fate
from server.refusal import Refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder with station files, searched to its depth")


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Replay the folder; 1 where a file was refused."""
    if not args.folder.is_dir():
        raise Refusal(f"no folder at {args.folder}", "name the folder that holds the files", code=2)
    from server.replaying import replay  # the other verbs start without the listeners' libraries

    fates = await replay(settings, args.folder)
    print(", ".join(f"{count} {fate}" for fate, count in sorted(fates.items())) or "no files")
    return 1 if fates[Fate.REFUSED] else 0
