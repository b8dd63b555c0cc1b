"""`trambox archive`: what the night does with old waypoints, at once, whether the server runs or not.

A running server is asked over its API; else the verb takes the data folder and does the same through the same code.
"""

import argparse
import asyncio
import json
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from actors.kernel.clock import system_now
from conf.settings import Settings
from protocols.times import DAY_S
from protocols.vocabulary import Role
from server.console_client import ConsoleClient, read_port
from server.opening import hold_folder, make_engine
from server.refusal import Refusal
from server.retention import make_retention
from server.verbs.opening import console_users, opened
from storage.archive import Archive
from storage.ids import load_ids
from storage.short_token import short_token
from storage.writer import StoreError, Writer

PATH = "/api/v1/archive"
WHO = "trambox archive"
LOOK_S = 0.25


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how far."""
    parser.add_argument("--until", metavar="DAY", help="move what was received up to this UTC day, e.g. 2026-11-20")
    parser.add_argument("--expire", action="store_true", help="let go what is older than [retention], too")


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Do it here, or let the server do it; print what was done."""
    until_s = None if args.until is None else _end_of(args.until)
    with ExitStack() as stack:
        try:
            settings.server.data_dir.mkdir(parents=True, exist_ok=True)
            stack.enter_context(hold_folder(settings.server.data_dir))
        except Refusal:
            done = await _by_the_server(settings, args.until, args.expire)
        else:
            done = await _here(settings, until_s, args.expire)
    print(json.dumps(done))
    return 1 if done.get("error") else 0


def _end_of(day: str) -> int:
    try:
        return int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()) + DAY_S
    except ValueError as error:
        raise Refusal(f"--until {day} is not a day", "write it as 2026-11-20", code=2) from error


async def _here(settings: Settings, until_s: int | None, expire: bool) -> dict[str, Any]:
    async with opened(settings) as database:
        writer = Writer(make_engine(settings), database.pen)
        await writer.open()
        try:
            archive = Archive(settings.server.data_dir)
            await archive.load()
            ids = await load_ids(database)
            retention = make_retention(settings.retention, database, archive, system_now, writer, ids)
            return (await retention.run(until_s, expire, WHO))._asdict()
        except StoreError as error:
            raise Refusal(f"not archived: {error}", "see the log; nothing is lost") from error
        finally:
            await writer.close()


async def _by_the_server(settings: Settings, until: str | None, expire: bool) -> dict[str, Any]:
    port = read_port(settings.server.data_dir)
    async with opened(settings) as database, console_users() as users:
        try:
            async with short_token(database, users, Role.ADMIN) as token:
                client = ConsoleClient(settings.web.bind.host, port, bool(settings.web.tls_certificate), token)
                await asyncio.to_thread(client.post, PATH, {"until": until, "expire": expire})
                while (view := await asyncio.to_thread(client.get, PATH))["running"]:
                    await asyncio.sleep(LOOK_S)
        except LookupError as error:
            raise Refusal(str(error), "add somebody with `user add`") from error
    last: dict[str, Any] = view["last"]
    return last
