"""Verdicts of outer tests in the store, and the values they are judged from."""

from typing import Any

import pytest

from actors.rules.flags import outer_verdicts
from protocols.flags import NEIGHBOURED
from protocols.verdict import ARRIVAL_SHIFT
from protocols.vocabulary import Flag
from storage.models import ReadingRow
from storage.outer_flags import (
    neighboured_updates,
    newest_row_and_time,
    outer_updates,
    readings_after,
    readings_between,
)
from storage.writer import Unit
from tests.storage.reading_rows import reading_row
from tests.storage.stores import opened

T = 1_774_000_800


def rows(*given: dict[str, Any]) -> Unit:
    return Unit(rows={"readings": [reading_row(**{"parameter": "T", "station_id": 7, **each}) for each in given]})


@pytest.mark.asyncio
async def test_a_verdict_changes_its_own_nibble_only(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(rows(*({"id": number, "time_s": T + number} for number in range(1, 1203))))
        await writer.store(Unit(updates=outer_updates(range(1, 1203), 10, Flag.FAIL)))
        await writer.store(Unit(updates=outer_updates([2, 3], 13, Flag.MISSING)))
        await writer.store(Unit(updates=outer_updates([3], 10, Flag.GOOD)))
        await writer.store(Unit(updates=neighboured_updates([1, 2])))
        marked = await ReadingRow.filter(id__in=[1, 2, 3]).order_by("id")
        assert [bool(row.outer_flags & NEIGHBOURED) for row in marked] == [True, True, False]
        found = {row.id: outer_verdicts(row.outer_flags) for row in await ReadingRow.all()}
        assert found[1] == found[1202] == {"spatial": 4}
        assert found[2] == {"spatial": 4, "works": 9}
        assert found[3] == {"spatial": 1, "works": 9}


@pytest.mark.asyncio
async def test_the_active_values_are_read_in_order_of_arrival(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        assert await newest_row_and_time() == (0, 0)
        await writer.store(
            rows(
                {"id": 1, "time_s": T + 60},
                {"id": 2, "time_s": T, "value": None, "flag": 9},
                {"id": 3, "time_s": T + 9000, "flag": 4, "verdict": 5 << ARRIVAL_SHIFT},
                {"id": 4, "time_s": T + 30, "flag": 4, "verdict": 2 << ARRIVAL_SHIFT, "station_id": 8},
            )
        )
        assert [row[0] for row in await readings_between([7, 8], T, T + 60)] == [1, 2, 4]
        assert [row[0] for row in await readings_between([8], T, T + 60)] == [4]
        assert [(row[0], row[4]) for row in await readings_after(0, 2)] == [(1, 1.0), (2, None)]
        assert [row[0] for row in await readings_after(2, 10)] == [4]
        assert await readings_after(4, 10) == []
        assert await newest_row_and_time() == (4, T + 60)
