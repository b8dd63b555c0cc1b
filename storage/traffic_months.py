"""Keeps what each vehicle's months come to, so that a year is a dozen rows of a vehicle and not hundreds.

Invariant: a month that is begun has for every vehicle with days in it the sum of these days. Whoever writes a day has
its month made again in the same transaction (`storage/traffic_days.py`), so no reader sees the one without the other.
"""

from protocols.times import day_begin, day_number, month_begin, month_number
from storage.database import Database
from storage.models import CounterRow, VehicleRow
from storage.reading import reading
from storage.writer import Unit

SPAN = 65_536
"""Days, and months, that one vehicle has in the numbering of `traffic_days` and `traffic_months`."""
BEGUN, MADE = "traffic.months.begun", "traffic.months.made"
"""The last month that days keep up with, and the last of which every vehicle's was made."""
TOGETHER = 1_000
"""Vehicles of one statement."""
ADDED = (
    "way_m", "moving_s", "messages", "under_5", "over_5", "over_10", "over_20", "over_35", "over_m", "over_s",
    "continuous", "daily", "weekly", "silences", "silent_s", "rare", "lacking", "disorder",
)  # fmt: skip
OF_A_DAY = {
    "active_days": "CASE WHEN d.moving_s > 0 THEN 1 ELSE 0 END",
    "driving_days": "CASE WHEN d.continuous + d.daily > 0 THEN 1 ELSE 0 END",
}
"""What a month has and a day has not, of one day."""
SUMS = {
    **{name: f"SUM(d.{name})" for name in ADDED},
    "worst_kmh": "MAX(d.worst_kmh)",
    **{name: f"SUM({text})" for name, text in OF_A_DAY.items()},
}
"""What becomes of days."""

_REPLACED = ", ".join(f"{name} = excluded.{name}" for name in SUMS)
_INTO = f"INSERT INTO traffic_months (id, {', '.join(SUMS)}) SELECT"
_CONFLICT = f"ON CONFLICT (id) DO UPDATE SET {_REPLACED}"
_VEHICLE = f"CAST(v.id AS BIGINT) * {SPAN}"
MAKE = (
    f"{_INTO} {_VEHICLE} + ?, {', '.join(SUMS.values())} FROM vehicles v JOIN traffic_days d "
    f"ON d.id BETWEEN {_VEHICLE} + ? AND {_VEHICLE} + ? WHERE v.id BETWEEN ? AND ? GROUP BY v.id {_CONFLICT}"
)
"""A month of some vehicles: its number, its first and last day, first and last vehicle."""
REMADE_PARTS = (
    "WITH t (id, month, first, last) AS (VALUES ",
    "(CAST(? AS BIGINT), CAST(? AS INT), CAST(? AS BIGINT), CAST(? AS BIGINT))",
    f") {_INTO} t.id, {', '.join(SUMS.values())} FROM t JOIN traffic_days d ON d.id BETWEEN t.first AND t.last "
    f"WHERE t.month <= (SELECT value FROM counters WHERE name = '{BEGUN}') GROUP BY t.id {_CONFLICT}",
)
REMADE = "".join(REMADE_PARTS)
"""The month of a day that was written: its row, its number, the rows of its first and last day."""
DROP_MONTHS = (
    f"DELETE FROM traffic_months WHERE id IN (SELECT m.id FROM vehicles v JOIN traffic_months m "
    f"ON m.id BETWEEN {_VEHICLE} AND {_VEHICLE} + ? WHERE v.id BETWEEN ? AND ?)"
)
"""Up to a month: its number, first and last vehicle."""


def remade(vehicle_id: int, day: int) -> tuple[str, tuple[int, ...]]:
    """The update that makes the month of a day again, where months are kept already."""
    month, base = month_of(day), vehicle_id * SPAN
    first, last = days_of(month)
    return REMADE, (base + month, month, base + first, base + last)


def month_of(day: int) -> int:
    """The month of a day, both by their numbers since 1970."""
    return month_number(day_begin(day))


def days_of(month: int) -> tuple[int, int]:
    """First and last day of a month."""
    return day_number(month_begin(month)), day_number(month_begin(month + 1)) - 1


def month_unit(month: int, first: int, last: int) -> Unit:
    """What makes a month of the vehicles with these numbers."""
    return Unit(updates=[(MAKE, (month, *days_of(month), first, last))])


def forgotten(last_day: int, first: int, last: int) -> list[tuple[str, tuple[int, ...]]]:
    """What follows when the days up to one are let go: the months go, and the last is made of what is left of it."""
    month = month_of(last_day)
    return [(DROP_MONTHS, (month, first, last)), (MAKE, (month, *days_of(month), first, last))]


@reading
async def months_made() -> int:
    """The last month of which every vehicle's was made, 0 where none was."""
    row = await CounterRow.get_or_none(name=MADE)
    return 0 if row is None else row.value


@reading
async def first_month(database: Database) -> int | None:
    """The month of the earliest day that is kept."""
    sql = f"SELECT MIN((id % {SPAN} + {SPAN}) % {SPAN}) AS day FROM traffic_days"
    rows = await database.connection().execute_query_dict(sql)
    return None if rows[0]["day"] is None else month_of(int(rows[0]["day"]))


@reading
async def vehicle_spans() -> list[tuple[int, int]]:
    """First and last number of each batch of vehicles."""
    numbers = [int(str(number)) for number in await VehicleRow.all().order_by("id").values_list("id", flat=True)]
    return [(numbers[at], numbers[min(at + TOGETHER, len(numbers)) - 1]) for at in range(0, len(numbers), TOGETHER)]


def whole_months(from_day: int, to_day: int, made: int) -> range:
    """The months that lie whole within a period and were made."""
    first = month_of(from_day - 1) + 1 if from_day > 0 else 0
    return range(first, min(month_of(to_day + 1) - 1, made) + 1)
