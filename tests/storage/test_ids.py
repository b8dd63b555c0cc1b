"""Row numbers: ascending per table, continued after a restart from the highest one stored."""

import pytest

from storage.ids import NUMBERED, Ids, load_ids
from storage.tables import tables
from storage.writer import Unit
from tests.storage.stores import opened


def test_numbers_of_a_table_ascend_by_themselves() -> None:
    ids = Ids({"waypoints": 41})
    assert [ids.take("waypoints"), next(ids.source("waypoints")), ids.take("waypoints")] == [42, 43, 44]
    assert ids.take("flips") == 1


def test_every_numbered_table_is_one_of_the_writers() -> None:
    assert set(NUMBERED) <= set(tables())


@pytest.mark.asyncio
async def test_numbers_go_on_after_the_highest_one_stored(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        assert (await load_ids(database)).take("flips") == 1
        await writer.store(Unit(rows={"flips": [(number, "a", "b", "c", 1.0, "") for number in (7, 3)]}))
        ids = await load_ids(database)
        assert (ids.take("flips"), ids.take("waypoints")) == (8, 1)
