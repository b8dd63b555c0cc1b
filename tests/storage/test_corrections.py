"""Decisions of people as they are kept."""

import pytest

from storage.corrections import dirty
from storage.hours import dirty_hours
from storage.ids import load_ids
from tests.storage.stores import opened

HOUR = 1_763_600_400


@pytest.mark.asyncio
async def test_an_hour_that_waits_already_gets_a_new_number(store_url: str) -> None:
    """Whoever is making it just now must find it again."""
    async with opened(store_url) as (database, _):
        ids = await load_ids(database)
        async with database.writing():
            await dirty(ids, [(1, HOUR)], 1)
        (first,) = await dirty_hours(HOUR)
        async with database.writing():
            await dirty(ids, [(1, HOUR), (2, HOUR)], 1)
        waiting = await dirty_hours(HOUR)
        assert {row.station_id for row in waiting} == {1, 2} and first.id not in {row.id for row in waiting}
