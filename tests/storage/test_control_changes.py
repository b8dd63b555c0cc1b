"""The journal's statement on both engines."""

import pytest

from tests.actors.test_control_journal import T0, box
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_the_comparison_is_made_by_either_engine(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        at = await box(database, writer)
        await at.judge(1, T0)
        at.clock_s[0] = T0 + 1300.0
        at.journal.published_file = 1
        (change,) = await at.revise(T0)
    assert (change["was"], change["now"]) == ("kiem_soat_chua_day_du", "da_kiem_soat")
