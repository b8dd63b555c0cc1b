"""Products in use and the days that wait to be made: the newest version of each, for many stations in one query."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

import orjson
from tortoise.connection import get_connection

from protocols.vocabulary import Period
from storage.models import DirtyDayRow
from storage.reading import reading

COLUMNS = "station_id, {end}, parameter, version, value, unit, flag, count, expected, made_ms, reason, kind, wind_kind"
# Only whole numbers and words of our own go into the text, since the two engines write placeholders differently.
WHERE = "station_id IN ({ids}) AND {end} >= {from_s} AND {end} <= {to_s}"
HOURS = f"SELECT {COLUMNS}, parts FROM hourly WHERE {WHERE} ORDER BY version".replace("{end}", "hour_s")
LONGER = (
    f"SELECT {COLUMNS}, NULL AS parts FROM longer_products WHERE {WHERE} AND period = '{{period}}' ORDER BY version"
).replace("{end}", "end_s")
INDEXES = (
    "SELECT station_id, end_s, version, aqi, main, sub, nowcast, mode, made_ms, reason FROM aqi "
    f"WHERE {WHERE} AND period = '{{period}}' ORDER BY version"
).replace("{end}", "end_s")


class StoredProduct(NamedTuple):
    """A stored version of a product."""

    version: int
    value: float | None
    unit: str
    flag: int
    members: int
    expected: int
    made_ms: int
    reason: str
    kind: str
    wind_kind: str
    parts: dict[str, float] | None


class StoredIndex(NamedTuple):
    """A stored version of an air quality index."""

    version: int
    aqi: int | None
    main: str | None
    sub: dict[str, int | None]
    nowcast: dict[str, float | None]
    mode: str
    made_ms: int
    reason: str


Products = dict[int, dict[int, dict[str, StoredProduct]]]
"""Station -> end of the period -> parameter -> the version in use."""


@reading
async def hours_in_use(station_ids: Collection[int], from_s: int, to_s: int) -> Products:
    """Hourly products of the hours that end in [from_s, to_s]."""
    return await _products(HOURS, station_ids, from_s, to_s, "")


@reading
async def longer_in_use(station_ids: Collection[int], period: Period, from_s: int, to_s: int) -> Products:
    """Products of a longer period that end in [from_s, to_s]."""
    return await _products(LONGER, station_ids, from_s, to_s, period)


@reading
async def indexes_in_use(
    station_ids: Collection[int], period: Period, from_s: int, to_s: int
) -> dict[int, dict[int, StoredIndex]]:
    """Air quality indexes that end in [from_s, to_s], by station and end."""
    found: dict[int, dict[int, StoredIndex]] = defaultdict(dict)
    for station_id, end_s, version, aqi, main, sub, nowcast, *rest in await _rows(
        INDEXES, station_ids, from_s, to_s, period
    ):
        found[station_id][end_s] = StoredIndex(version, aqi, main, _json(sub), _json(nowcast), *rest)
    return found


@reading
async def dirty_days(up_to_s: int, limit: int = 500) -> list[DirtyDayRow]:
    """Days waiting that ended at or before `up_to_s`; the newest first."""
    return await DirtyDayRow.filter(end_s__lte=up_to_s).order_by("-end_s", "id").limit(limit)


async def _products(sql: str, station_ids: Collection[int], from_s: int, to_s: int, period: str) -> Products:
    found: Products = {}
    for station_id, end_s, parameter, *facts, parts in await _rows(sql, station_ids, from_s, to_s, period):
        own = found.setdefault(station_id, {}).setdefault(end_s, {})
        own[parameter] = StoredProduct._make((*facts, _json(parts)))
    return found


async def _rows(sql: str, station_ids: Collection[int], from_s: int, to_s: int, period: str) -> Any:
    if not station_ids:
        return []
    ids = ", ".join(str(int(each)) for each in station_ids)
    text = sql.format(ids=ids, from_s=int(from_s), to_s=int(to_s), period=period)
    _, rows = await get_connection("default").execute_query(text)
    return rows


def _json(value: Any) -> Any:
    """PostgreSQL and SQLite give a JSON column as text to those who do not ask through a model."""
    return orjson.loads(value) if isinstance(value, str | bytes) else value
