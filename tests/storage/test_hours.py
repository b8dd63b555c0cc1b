"""The worklist of hours to average."""

import pytest

from actors.averaging import DONE
from protocols.times import HOUR_S
from storage.hours import dirty_hours
from storage.models import DirtyHourRow
from storage.writer import Unit
from tests.storage.stores import opened

HOUR = 500_000 * HOUR_S
STATION = 7


def touch(number: int, hour_s: int = HOUR) -> Unit:
    return Unit(rows={"dirty_hours": [(number, STATION, hour_s, hour_s * 1000)]})


@pytest.mark.asyncio
async def test_an_hour_touched_twice_is_made_once(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(touch(1))
        await writer.store(touch(2))
        assert len(await dirty_hours(HOUR)) == 1


@pytest.mark.asyncio
async def test_an_hour_touched_while_it_is_made_is_made_again(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(touch(1))
        (taken,) = await dirty_hours(HOUR)
        await writer.store(touch(2))
        await writer.store(Unit(updates=[(DONE, (taken.id,))]))
        assert [hour.hour_s for hour in await dirty_hours(HOUR)] == [HOUR]


@pytest.mark.asyncio
async def test_an_hour_that_was_made_is_off_the_list(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(touch(1))
        (taken,) = await dirty_hours(HOUR)
        await writer.store(Unit(updates=[(DONE, (taken.id,))]))
        assert await DirtyHourRow.all().count() == 0


@pytest.mark.asyncio
async def test_the_newest_of_the_hours_that_are_due_comes_first(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        for number, hours in enumerate((-2, 0, -1, 1), 1):
            await writer.store(touch(number, HOUR + hours * HOUR_S))
        assert [hour.hour_s - HOUR for hour in await dirty_hours(HOUR)] == [0, -HOUR_S, -2 * HOUR_S]
