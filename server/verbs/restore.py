"""`trambox restore SRC`: put a backup into an empty data folder, and verify it."""

import argparse
import asyncio
from pathlib import Path

from conf.settings import Settings
from server.refusal import Refusal
from storage.backup import BackupError, put_back, verify
from storage.postgres_dump import DumpError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the source."""
    parser.add_argument("source", type=Path, metavar="SRC", help="folder of a backup")


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Copy back and verify."""
    url = settings.storage.url
    try:
        manifest = await asyncio.to_thread(put_back, url, settings.server.data_dir, args.source)
        sums = await verify(url, settings.server.data_dir, manifest)
    except (BackupError, DumpError) as error:
        raise Refusal(f"not restored: {error}") from error
    except OSError as error:
        raise Refusal(f"not restored: {error}", "check the folder's rights and the disk's space") from error
    received = f"{sums.files['received']} files and {sums.waypoints['received']} waypoints"
    print(f"restored the backup of {manifest['made']}: {received}, verified")
    return 0
