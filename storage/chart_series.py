"""Readings for a chart: all of a short span; of a long one only what a pixel can show.

Of each bucket of `bucket_s` the lowest and the highest value are kept, at the bucket's first and last instant, and
every kind of bad flag once, at its own; holes wider than a bucket stay holes. So spikes, flags and gaps stay visible.
Nothing here writes.
"""

from typing import Any, NamedTuple

from tortoise.connection import get_connection

from protocols.flags import overall
from protocols.vocabulary import Flag, ReviewAction
from storage.reading import reading

# Only whole numbers go into the texts, since the two engines write placeholders differently; names are compared here.
SPAN = "station_id = {station_id} AND time_s >= {from_s} AND time_s <= {to_s}"
BAD = "(flag IN (3, 4) OR outer_flags <> 0)"
WHOLE = f"""
SELECT parameter, time_s, value, flag, outer_flags, unit FROM readings
WHERE {SPAN} AND value IS NOT NULL ORDER BY parameter, time_s, id
"""
REDUCED = f"""
SELECT parameter, MAX(unit) AS unit, COUNT(*) AS counted, MIN(time_s) AS first_s, MAX(time_s) AS last_s,
  MIN(value) AS low, MAX(value) AS high
FROM readings WHERE {SPAN} AND value IS NOT NULL
GROUP BY parameter, (time_s - {{from_s}}) / {{bucket_s}} ORDER BY parameter, first_s
"""
FLAGGED = f"""
SELECT parameter, time_s, value, flag, outer_flags FROM (
  SELECT parameter, time_s, value, flag, outer_flags, ROW_NUMBER() OVER (
    PARTITION BY parameter, (time_s - {{from_s}}) / {{bucket_s}}, flag, outer_flags ORDER BY time_s, id) AS place
  FROM readings WHERE {SPAN} AND value IS NOT NULL AND {BAD}
) AS bad WHERE place = 1
"""
CORRECTED = f"SELECT parameter, time_s, action, value FROM corrections WHERE {SPAN} ORDER BY id"
REPLACING = (ReviewAction.CORRECT, ReviewAction.INTERPOLATE)


class Point(NamedTuple):
    """One reading as a chart draws it: no `value` where the line is lifted over a hole, no `flag` for one of many."""

    time_s: int
    value: float | None
    flag: Flag | None


class Series(NamedTuple):
    """One parameter: its points by time, how many readings they stand for, and what people put in their place."""

    parameter: str
    unit: str
    total: int
    points: list[Point]
    corrected: list[tuple[int, float]]


@reading
async def chart_series(station_id: int, from_s: int, to_s: int, bucket_s: int, hole_s: int) -> list[Series]:
    """Read what a chart of [from_s, to_s] shows; a bucket of one second keeps everything.

    Args:
        hole_s: readings further apart than this have a hole between them.
    """
    numbers = {"station_id": station_id, "from_s": from_s, "to_s": to_s, "bucket_s": bucket_s}
    if bucket_s > 1:
        found = _reduced(await _ask(REDUCED, numbers), await _ask(FLAGGED, numbers), max(hole_s, bucket_s))
    else:
        found = _whole(await _ask(WHOLE, numbers), hole_s)
    corrected: dict[tuple[str, int], float | None] = {}
    for row in await _ask(CORRECTED, numbers):
        corrected[row["parameter"], row["time_s"]] = row["value"] if row["action"] in REPLACING else None
    for (parameter, time_s), value in sorted(corrected.items()):
        if value is not None:
            found.setdefault(parameter, Series(parameter, "", 0, [], [])).corrected.append((time_s, value))
    return list(found.values())


def _whole(rows: list[dict[str, Any]], hole_s: int) -> dict[str, Series]:
    found: dict[str, Series] = {}
    for row in rows:
        series = found.get(row["parameter"]) or found.setdefault(row["parameter"], _empty(row))
        _lift(series.points, row["time_s"], hole_s)
        series.points.append(Point(row["time_s"], row["value"], overall(row["flag"], row["outer_flags"])))
    return {name: series._replace(total=_values(series)) for name, series in found.items()}


def _reduced(buckets: list[dict[str, Any]], flagged: list[dict[str, Any]], hole_s: int) -> dict[str, Series]:
    found: dict[str, Series] = {}
    counts: dict[str, int] = {}
    for row in buckets:
        series = found.get(row["parameter"]) or found.setdefault(row["parameter"], _empty(row))
        counts[row["parameter"]] = counts.get(row["parameter"], 0) + row["counted"]
        _lift(series.points, row["first_s"], hole_s)
        series.points.append(Point(row["first_s"], row["low"], None))
        if row["counted"] > 1:
            series.points.append(Point(row["last_s"], row["high"], None))
    for row in flagged:
        flag = overall(row["flag"], row["outer_flags"])
        if flag in (Flag.SUSPECT, Flag.FAIL):
            found[row["parameter"]].points.append(Point(row["time_s"], row["value"], flag))
    for series in found.values():
        series.points.sort(key=lambda point: point.time_s)
    return {name: series._replace(total=counts[name]) for name, series in found.items()}


def _empty(row: dict[str, Any]) -> Series:
    return Series(row["parameter"], row["unit"], 0, [], [])


def _lift(points: list[Point], time_s: int, hole_s: int) -> None:
    """Lift the pen between two readings that are too far apart."""
    if points and time_s - points[-1].time_s > hole_s:
        points.append(Point((time_s + points[-1].time_s) // 2, None, Flag.MISSING))


def _values(series: Series) -> int:
    return sum(point.value is not None for point in series.points)


async def _ask(sql: str, numbers: dict[str, int]) -> list[dict[str, Any]]:
    filled = sql.format(**{name: int(value) for name, value in numbers.items()})
    return await get_connection("default").execute_query_dict(filled)
