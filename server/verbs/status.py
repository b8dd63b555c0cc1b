"""`trambox status`: the console of the running server as a text table, worst first.

The running server is asked over its own API, with a token that lives as long as the question. Exit 1 where anything is
silent or quarantined, a destination is over its deadline, or no server answers.
"""

import argparse
import asyncio
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from conf.settings import Settings
from protocols.vocabulary import ActorState, DeliveryState, Freshness, Role
from server.console_client import ConsoleClient, read_port
from server.refusal import Refusal
from server.verbs.opening import console_users, opened
from server.verbs.text_table import text_table
from storage.short_token import short_token

BAD_FRESHNESS = (Freshness.SILENT,)
BAD_ACTOR = (ActorState.QUARANTINED,)
SOURCE_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "SOURCE": "id",
        "DATA": "freshness",
        "ACTOR": "actor",
        "LAST SEEN": "last_seen",
        "DEADLINE": "deadline",
        "NAME": "name",
    }
)
SERVICE_COLUMNS: Mapping[str, str] = MappingProxyType(
    {"SERVICE": "id", "ACTOR": "actor", "RESTARTS": "restarts", "DETAIL": "detail"}
)
FORWARD_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "DESTINATION": "name",
        "DELIVERY": "state",
        "QUEUED": "queued",
        "OLDEST": "oldest_age_s",
        "P50": "p50_s",
        "P99": "p99_s",
        "MISSES TODAY": "deadline_misses_today",
        "LAST ERROR": "last_error",
    }
)

Row = dict[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form."""
    parser.add_argument("--json", action="store_true", help="print the API's own answers as one JSON object")


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Ask and print."""
    port = read_port(settings.server.data_dir)
    async with opened(settings) as database, console_users() as users:
        try:
            async with short_token(database, users, Role.VIEWER) as token:
                client = ConsoleClient(settings.web.bind.host, port, bool(settings.web.tls_certificate), token)
                sources = await asyncio.to_thread(client.pages, "/api/v1/sources")
                services = await asyncio.to_thread(client.get, "/api/v1/services")
                forwards = await asyncio.to_thread(client.get, "/api/v1/forwards")
                concerns = (await asyncio.to_thread(client.get, "/api/v1/summary"))["concerns"]
        except LookupError as error:
            raise Refusal(str(error), "add somebody with `user add`") from error
    if args.json:
        told = {"sources": sources, "services": services, "forwards": forwards, "concerns": concerns}
        print(json.dumps(told, ensure_ascii=False))
    else:
        print("\n".join([*_tables(sources, services, forwards), *map(_concern, concerns)]))
    is_bad = any(map(_is_bad_source, [*sources, *services])) or any(map(_is_bad_forward, forwards))
    return 1 if is_bad or concerns else 0


def _concern(concern: Row) -> str:
    told = " ".join(f"{key}={_cell(value)}" for key, value in concern.items() if key not in ("kind", "about"))
    return f"! {concern['kind']} {concern['about']} {told}".rstrip()


def _tables(sources: list[Row], services: list[Row], forwards: list[Row]) -> list[str]:
    return [
        _table(SOURCE_COLUMNS, sources),
        "",
        _table(SERVICE_COLUMNS, services),
        "",
        _table(FORWARD_COLUMNS, forwards),
    ]


def _table(columns: Mapping[str, str], rows: list[Row]) -> str:
    return text_table(tuple(columns), [[_cell(row.get(key)) for key in columns.values()] for row in rows])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0f}"
    return "-" if value is None or value == "" else str(value)


def _is_bad_source(source: Row) -> bool:
    return source.get("freshness") in BAD_FRESHNESS or source.get("actor") in BAD_ACTOR


def _is_bad_forward(forward: Row) -> bool:
    return forward.get("state") == DeliveryState.REFUSED or bool(forward.get("deadline_misses_today"))
