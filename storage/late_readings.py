"""Reads what came too late for an actor's memory, and the stored series around it."""

from typing import NamedTuple

from tortoise.connection import get_connection

from protocols.verdict import ARRIVAL_SHIFT, ARRIVALS, IS_ACTIVE
from storage.models import ReadingRow
from storage.reading import reading

LATE = ARRIVALS.index("late")
SPANS = (
    "SELECT station_id, MIN(time_s) AS first_s, MAX(time_s) AS last_s FROM readings "
    "WHERE id > {after} AND id <= {up_to} AND ((verdict >> "
    f"{ARRIVAL_SHIFT}) & 15) = {LATE} AND time_s < {{older_s}} GROUP BY station_id"
)


class LateSpan(NamedTuple):
    """What came late to one station: from its first to its last time."""

    station_id: int
    first_s: int
    last_s: int


class StoredRow(NamedTuple):
    """An active reading as the batch needs it."""

    id: int
    parameter: str
    time_s: int
    value: float | None
    verdict: int
    flag: int
    params_id: int


@reading
async def newest_reading() -> int:
    """The newest row of all."""
    row = await ReadingRow.all().order_by("-id").first()
    return 0 if row is None else row.id


@reading
async def late_spans(after: int, up_to: int, older_s: int) -> list[LateSpan]:
    """Spans of the late readings among the rows (after, up_to] that are older than a time, by station."""
    sql = SPANS.format(after=int(after), up_to=int(up_to), older_s=int(older_s))
    rows = await get_connection("default").execute_query_dict(sql)
    return [LateSpan(row["station_id"], row["first_s"], row["last_s"]) for row in rows]


@reading
async def stored_series(station_id: int, from_s: float, to_s: float) -> list[StoredRow]:
    """Active readings of a station in [from_s, to_s] in order of arrival."""
    rows = await get_connection("default").execute_query_dict(
        "SELECT id, parameter, time_s, value, verdict, flag, params_id FROM readings "
        f"WHERE station_id = {int(station_id)} AND time_s >= {int(from_s)} AND time_s <= {int(to_s)} AND {IS_ACTIVE} "
        "ORDER BY id"
    )
    return [StoredRow(**row) for row in rows]
