"""`trambox backup DEST`: a verified copy of database and files; the server may go on running."""

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

from actors.kernel.clock import system_now
from conf.settings import Settings
from server.refusal import Refusal
from storage.backup import BackupError, back_up, seal
from storage.postgres_dump import DumpError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the target."""
    parser.add_argument("destination", type=Path, metavar="DEST", help="new or empty folder")


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Copy, verify, and write the manifest."""
    url = settings.storage.url
    made = datetime.fromtimestamp(system_now(), UTC).isoformat(timespec="seconds")
    try:
        await asyncio.to_thread(back_up, url, settings.server.data_dir, args.destination)
        await seal(url, args.destination, made)
    except (BackupError, DumpError) as error:
        raise Refusal(f"no backup: {error}") from error
    except OSError as error:
        raise Refusal(f"no backup: {error}", "check the folder's rights and the disk's space") from error
    print(f"backup at {args.destination}, verified")
    return 0
