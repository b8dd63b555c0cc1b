"""A destination's histogram is read back as it was set last, and no other's with it."""

import pytest

from storage.latencies import kept_latencies, latency_totals
from storage.writer import Unit
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_what_was_set_last_is_read_back(store_url: str) -> None:
    first, *_, day = latency_totals("a_b", 3)
    other = latency_totals("aXb", 3)[0]
    assert (first, day, len(latency_totals("a_b", 3))) == ("destination.a_b.took.0", "destination.a_b.took.day", 4)
    async with opened(store_url) as (_, writer):
        for value in (7, 5):
            unit = Unit()
            for name in (first, day, other):
                unit.mark(name, value)
            await writer.store(unit)
        assert await kept_latencies("a_b", 3) == {first: 5, day: 5}
