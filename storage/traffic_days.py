"""Writes what a vehicle's days come to, and reads what they are counted from.

A row has two halves of different origin, each with its own upsert in whole numbers of the day, never in differences:
writing one twice, or again after a restart, changes nothing.
"""

from collections.abc import Collection, Sequence
from typing import Any

from protocols.times import DAY_S, ICT_OFFSET_S, day_number
from storage.database import Database
from storage.models import DirtyTrafficDayRow
from storage.reading import reading
from storage.traffic_months import SPAN, remade

COUNTS = (
    "under_5", "over_5", "over_10", "over_20", "over_35", "over_m", "over_s", "worst_kmh", "continuous", "daily",
    "weekly", "silences", "silent_s", "rare", "lacking", "disorder",
)  # fmt: skip
"""Columns that are counted from violations (actors/rules/counted_day.py)."""


def _upsert(columns: Collection[str]) -> tuple[str, str, str]:
    """Head, row and tail of an insert that replaces these columns."""
    names, marks = ", ".join(("id", *columns)), ", ".join("?" * (len(columns) + 1))
    replaced = ", ".join(f"{column} = excluded.{column}" for column in columns)
    return f"INSERT INTO traffic_days ({names}) VALUES ", f"({marks})", f" ON CONFLICT (id) DO UPDATE SET {replaced}"


DRIVEN_PARTS = _upsert(("way_m", "moving_s", "messages"))
DRIVEN = "".join(DRIVEN_PARTS)
"""id, way_m, moving_s, messages."""
COUNTED_PARTS = _upsert(COUNTS)
COUNTED = "".join(COUNTED_PARTS)
"""id, then the columns of COUNTS."""
_OLD = (
    "FROM vehicles v JOIN traffic_days d ON d.id BETWEEN CAST(v.id AS BIGINT) * {span} "
    "AND CAST(v.id AS BIGINT) * {span} + {day} WHERE v.id BETWEEN {first} AND {last}"
)
DROP_DAYS = f"DELETE FROM traffic_days WHERE id IN (SELECT d.id {_OLD.format(span=SPAN, day='?', first='?', last='?')})"
"""Last day, first and last vehicle."""
DONE = "DELETE FROM dirty_traffic_days WHERE id = ?"


def row_id(vehicle_id: int, day: int) -> int:
    """The number of a vehicle's day."""
    return vehicle_id * SPAN + day


Update = tuple[str, tuple[int | float, ...]]


def driven(vehicle_id: int, day_s: int, travelled_m: float, moving_s: int, messages: int) -> tuple[Update, Update]:
    """The updates that say what a vehicle's day came to so far, and its month with it; `day_s` is its midnight."""
    day = day_number(day_s)
    values = row_id(vehicle_id, day), round(travelled_m, 1), moving_s, messages
    return (DRIVEN, values), remade(vehicle_id, day)


def counts_of(vehicle_id: int, day: int, counts: Sequence[int | float]) -> tuple[Update, Update]:
    """The updates that say what was counted of a vehicle's day, in the order of COUNTS, and of its month."""
    return (COUNTED, (row_id(vehicle_id, day), *counts)), remade(vehicle_id, day)


@reading
async def dirty_days(most: int) -> list[DirtyTrafficDayRow]:
    """Days that wait to be counted, the longest waiting first."""
    return await DirtyTrafficDayRow.all().order_by("id").limit(most)


_GROUPS = f"""
SELECT w.id, w.vehicle_id, w.day, c.kind, c.detail ->> 'band' AS band, COUNT(c.id) AS cases,
SUM(COALESCE(c.end_s, c.start_s) - c.start_s) AS lasted_s,
SUM(CAST(c.detail ->> 'distance_m' AS DOUBLE PRECISION)) AS distance_m,
MAX(CAST(c.detail ->> 'excess_kmh' AS DOUBLE PRECISION)) AS worst_kmh,
SUM(CAST(c.detail ->> 'messages' AS BIGINT)) AS messages
FROM dirty_traffic_days w LEFT JOIN violations c ON c.vehicle_id = w.vehicle_id AND c.closed
AND c.start_s >= CAST(w.day AS BIGINT) * {DAY_S} - {ICT_OFFSET_S}
AND c.start_s < CAST(w.day AS BIGINT) * {DAY_S} + {DAY_S - ICT_OFFSET_S}
WHERE w.id <= {{last}} GROUP BY w.id, w.vehicle_id, w.day, c.kind, band ORDER BY w.id"""


@reading
async def violations_of_days(database: Database, last: int) -> list[dict[str, Any]]:
    """Closed violations that began on the waiting days up to a number, by day, kind and band; a day without has one."""
    return list(await database.connection().execute_query_dict(_GROUPS.format(last=last)))


@reading
async def old_days(database: Database, first: int, last: int, last_day: int) -> int:
    """How many days up to one the vehicles with these numbers have."""
    of = _OLD.format(span=SPAN, day=last_day, first=first, last=last)
    rows = await database.connection().execute_query_dict(f"SELECT COUNT(*) AS days {of}")
    return int(rows[0]["days"])
