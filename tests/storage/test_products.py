"""Products in use: the newest version of each, for many stations at once, on both engines; the days that wait."""

import orjson
import pytest

from protocols.times import DAY_S, HOUR_S
from protocols.vocabulary import Period
from storage.models import DirtyDayRow
from storage.products import dirty_days, hours_in_use, indexes_in_use, longer_in_use
from storage.writer import Unit
from tests.storage.stores import opened

HOUR = 500_000 * HOUR_S
pytestmark = pytest.mark.asyncio


def hourly(number: int, station_id: int, version: int, value: float, hour_s: int = HOUR) -> tuple[object, ...]:
    parts = orjson.dumps({"total": value, "suspect": 0}).decode()
    return (number, station_id, "R", hour_s, version, value, "mm", 1, 6, 6, 9, "", "sum", "", parts)


async def test_the_newest_version_of_each_hour_is_in_use(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        rows = [
            hourly(1, 1, 1, 5.0),
            hourly(2, 1, 2, 6.5),
            hourly(3, 2, 1, 0.1 + 0.2),
            hourly(4, 1, 1, 9.0, HOUR + HOUR_S),
        ]
        await writer.store(Unit(rows={"hourly": rows}))
        found = await hours_in_use([1, 2], HOUR, HOUR)
        assert {station: list(hours) for station, hours in found.items()} == {1: [HOUR], 2: [HOUR]}
        assert (found[1][HOUR]["R"].version, found[1][HOUR]["R"].parts) == (2, {"total": 6.5, "suspect": 0})
        assert found[2][HOUR]["R"].parts == {"total": 0.1 + 0.2, "suspect": 0}
        assert await hours_in_use([], HOUR, HOUR) == {}


async def test_longer_products_are_told_apart_by_their_period(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        rows = [
            (number, 1, str(period), "R", HOUR, number, 5.0, "mm", 1, 6, 6, 9, "", "sum", "")
            for number, period in enumerate((Period.DAY, Period.HYDROMET_DAY, Period.DAY), 1)
        ]
        await writer.store(Unit(rows={"longer_products": rows}))
        assert (await longer_in_use([1], Period.DAY, HOUR, HOUR))[1][HOUR]["R"].version == 3
        assert (await longer_in_use([1], Period.HYDROMET_DAY, HOUR, HOUR))[1][HOUR]["R"].version == 2
        assert await longer_in_use([1], Period.EIGHT_HOURS, HOUR, HOUR) == {}


async def test_an_index_comes_back_with_its_parts(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        row = (1, 7, "1h", HOUR, 1, None, None, '{"co": null, "o3_1h": 25}', '{"pm25": 37.5}', "epa", 5, "")
        await writer.store(Unit(rows={"aqi": [row]}))
        found = (await indexes_in_use([7], Period.HOUR, HOUR, HOUR))[7][HOUR]
        assert (found.aqi, found.sub, found.nowcast) == (None, {"co": None, "o3_1h": 25}, {"pm25": 37.5})


async def test_a_day_touched_again_while_it_is_made_stays_on_the_list(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(Unit(rows={"dirty_days": [(1, 7, "day", HOUR)]}))
        (taken,) = await dirty_days(HOUR)
        await writer.store(Unit(rows={"dirty_days": [(2, 7, "day", HOUR), (3, 7, "day", HOUR + DAY_S)]}))
        await writer.store(Unit(updates=[("DELETE FROM dirty_days WHERE id = ?", (taken.id,))]))
        assert [day.id for day in await dirty_days(HOUR)] == [2]
        assert await DirtyDayRow.all().count() == 2
