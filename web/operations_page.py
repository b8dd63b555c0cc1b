"""Writes `docs/http.md` from the table of operations: `python -m web.operations_page`."""

import sys
from collections.abc import Iterator

from web.operations import OPERATIONS, PAGES
from web.query_words import QUERY_WORDS

_HEAD = """\
# HTTP

Console and API on one port (`[web]`). Times are ISO 8601 with the offset +07:00. Sign in with `POST /api/v1/login`
(cookie, and the header `X-CSRF-Token` for what changes something) or send `Authorization: Bearer TOKEN`. Access:
public; read: anybody signed in; act: operator or admin; note: operator, reviewer or admin; review: reviewer or admin.
A refusal is `{error, detail, field}`; the review desk's also have `code` and `told`, what stands in the sentence.
`/openapi.json` says the same for machines.

This page is written by `python -m web.operations_page`; a test compares the two.

## Operations

| method | path | access | query or body | what it does |
|---|---|---|---|---|"""
_METRICS = """
## Metrics

| name | says |
|---|---|
| `trambox_items` | items that arrived, by `stream` (files, waypoints) and `fate` |
| `trambox_balanced` | 1 where every item has one fate: alert on 0 |
| `trambox_destination_items` | items owed to a destination, by `part` |
| `trambox_destination_queued` | items that wait for a destination |
| `trambox_destination_oldest_age_seconds` | age of the oldest of them |
| `trambox_concerns` | 1 for each thing that somebody must look at, by `kind` and `about`: alert on any |
| `trambox_destination_p50_seconds` | median of today from receipt to confirm |
| `trambox_destination_p99_seconds` | 99th percentile of today from receipt to confirm |
| `trambox_destination_deadline_misses_today` | items sent too late today |
| `trambox_service_running` | 1 where the service runs: alert on 0 |
| `trambox_service_restarts` | restarts of the service |
| `trambox_sources` | stations and vehicles, by `freshness` |
| `trambox_source_actors` | their actors, by `state` |
"""


def operations_page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_operations(), "", *_words(), "", *_pages(), _METRICS])


def _operations() -> Iterator[str]:
    for item in OPERATIONS:
        asked = ", ".join(f"`{name}`" for name in (*item.query, *item.body))
        yield f"| {item.method} | `{item.rule}` | {item.access} | {asked} | {item.summary} |"


def _words() -> Iterator[str]:
    yield "## Query\n\n| name | meaning |\n|---|---|"
    yield from (f"| `{name}` | {meaning} |" for name, meaning in QUERY_WORDS.items())


def _pages() -> Iterator[str]:
    yield "## Pages\n\n| path | access |\n|---|---|"
    yield from (f"| `{rule}` | {access} |" for rule, access in PAGES.items())


if __name__ == "__main__":
    sys.stdout.write(operations_page())
