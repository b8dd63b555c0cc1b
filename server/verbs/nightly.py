"""`trambox nightly`: let the running server do at once what it does each night, and wait until it is done."""

import argparse
import asyncio
import json
from typing import Any
from urllib.parse import quote

from conf.settings import Settings
from protocols.vocabulary import Role
from server.console_client import ConsoleClient, read_port
from server.refusal import Refusal
from server.verbs.opening import console_users, opened
from storage.short_token import short_token

SERVICE = "clock:nightly"
LOOK_S = 0.25


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form."""
    parser.add_argument("--json", action="store_true", help="print what was done as a JSON object")


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Ask, wait, print."""
    port = read_port(settings.server.data_dir)
    async with opened(settings) as database, console_users() as users:
        try:
            async with short_token(database, users, Role.ADMIN) as token:
                client = ConsoleClient(settings.web.bind.host, port, bool(settings.web.tls_certificate), token)
                done = await _run_now(client)
        except LookupError as error:
            raise Refusal(str(error), "add somebody with `user add`") from error
    print(json.dumps(done) if args.json else ", ".join(f"{name} {count}" for name, count in done.items()))
    return 0


async def _run_now(client: ConsoleClient) -> dict[str, Any]:
    nights = (await _statistics(client)).get("nights", 0)
    await asyncio.to_thread(client.post, f"/api/v1/actors/{quote(SERVICE)}/restart")
    while (now := await _statistics(client)).get("nights", 0) == nights:
        await asyncio.sleep(LOOK_S)
    return now


async def _statistics(client: ConsoleClient) -> dict[str, Any]:
    for service in await asyncio.to_thread(client.get, "/api/v1/services"):
        if service["id"] == SERVICE:
            statistics: dict[str, Any] = service["statistics"]
            return statistics
    raise Refusal(f"the server has no {SERVICE}", "is it an older release? restart it")
