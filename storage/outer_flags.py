"""Reads judged values for the outer tests, and writes their verdicts in few statements.

Invariant: a verdict changes its own nibble of `readings.outer_flags` and nothing else.
"""

from collections.abc import Collection, Iterable
from typing import Any

from tortoise.connection import get_connection

from protocols.flags import NEIGHBOURED
from protocols.verdict import IS_ACTIVE
from storage.reading import reading

ROWS_AT_ONCE = 500
STATIONS_AT_ONCE = 200
NEWEST_ROWS = 20_000

Row = tuple[int, int, str, int, float | None, int, int]
"""id, station_id, parameter, time_s, value, flag, outer_flags."""

SELECT = (
    "SELECT id, station_id, parameter, time_s, value, flag, outer_flags FROM readings "
    f"WHERE {{where}} AND {IS_ACTIVE} ORDER BY id"
)


def outer_updates(rows: Iterable[int], place: int, flag: int) -> list[tuple[str, tuple[Any, ...]]]:
    """Statements that write one nibble of many rows; whole numbers only, so they may stand in the text."""
    ids, found = sorted(rows), list[tuple[str, tuple[Any, ...]]]()
    keep, bits = ~(0xF << 4 * place), int(flag) << 4 * place
    for at in range(0, len(ids), ROWS_AT_ONCE):
        numbers = ",".join(map(str, map(int, ids[at : at + ROWS_AT_ONCE])))
        sql = f"UPDATE readings SET outer_flags = (outer_flags & ({keep})) | {bits} WHERE id IN ({numbers})"
        found.append((sql, ()))
    return found


def neighboured_updates(rows: Iterable[int]) -> list[tuple[str, tuple[Any, ...]]]:
    """Statements that mark rows whose series have neighbours enough."""
    ids = sorted(rows)
    return [
        (
            f"UPDATE readings SET outer_flags = outer_flags | {NEIGHBOURED} "
            f"WHERE id IN ({','.join(map(str, map(int, ids[at : at + ROWS_AT_ONCE])))})",
            (),
        )
        for at in range(0, len(ids), ROWS_AT_ONCE)
    ]


@reading
async def readings_between(station_ids: Collection[int], from_s: float, to_s: float) -> list[Row]:
    """The values of [from_s, to_s] of some stations in order of arrival, the active one of each instant."""
    found: list[Row] = []
    ids = sorted(station_ids)
    for at in range(0, len(ids), STATIONS_AT_ONCE):
        numbers = ",".join(map(str, map(int, ids[at : at + STATIONS_AT_ONCE])))
        found += await _rows(f"station_id IN ({numbers}) AND time_s BETWEEN {int(from_s)} AND {int(to_s)}")
    return found


@reading
async def readings_after(row: int, limit: int) -> list[Row]:
    """The next values after a row in order of arrival, the active one of each instant."""
    last = await get_connection("default").execute_query_dict(
        f"SELECT MAX(id) AS last FROM (SELECT id FROM readings WHERE id > {int(row)} ORDER BY id LIMIT {int(limit)}) r"
    )
    up_to = last[0]["last"]
    return [] if up_to is None else await _rows(f"id > {int(row)} AND id <= {int(up_to)}")


@reading
async def newest_row_and_time() -> tuple[int, int]:
    """The newest row, and the latest time among the newest rows; zeros where there is none."""
    rows = await get_connection("default").execute_query_dict(
        "SELECT MAX(id) AS last, MAX(time_s) AS newest FROM "
        f"(SELECT id, time_s, verdict FROM readings ORDER BY id DESC LIMIT {NEWEST_ROWS}) r WHERE {IS_ACTIVE}"
    )
    return int(rows[0]["last"] or 0), int(rows[0]["newest"] or 0)


async def _rows(where: str) -> list[Row]:
    rows = await get_connection("default").execute_query_dict(SELECT.format(where=where))
    return [
        (
            row["id"],
            row["station_id"],
            row["parameter"],
            row["time_s"],
            row["value"],
            row["flag"],
            row["outer_flags"],
        )
        for row in rows
    ]
