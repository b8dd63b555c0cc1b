"""A running total grows with what moves it; a watermark is where it was set last."""

import pytest

from storage.models import CounterRow
from storage.writer import Unit
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_totals_grow_and_watermarks_are_set(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        for number in (5, 7, 6):
            unit = Unit()
            unit.count("files.received", number)
            unit.mark("projected.files", number)
            await writer.store(unit)
        values = dict(await CounterRow.all().values_list("name", "value"))
        assert (values["files.received"], values["projected.files"]) == (18, 6)
