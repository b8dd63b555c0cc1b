"""An inventory that changes under load: what a new destination is owed begins at one exact row."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.end_to_end.box import Box
from tests.end_to_end.crash_rounds import clients_of, load
from tests.end_to_end.province import WAYPOINTS, province

BEFORE_S, AFTER_S = 0.5, 1.5


@pytest.mark.asyncio
async def test_a_destination_imported_under_load_is_owed_all_that_comes_after_and_sums_agree(tmp_path: Path) -> None:
    async with province() as around:
        box = Box(tmp_path / "box")
        loggers, pulse, providers = clients_of(around)
        try:
            without = tuple(each for each in around.inventory.destinations if each.name != WAYPOINTS)
            await box.import_inventory(replace(around.inventory, destinations=without))
            await box.start()
            async with load(box, loggers, pulse, providers):
                await asyncio.sleep(BEFORE_S)
                await box.import_inventory(around.inventory)
                await asyncio.sleep(AFTER_S)
                assert await box.stop() == 0
            sums = await box.audit()
            assert sums["destinations"][WAYPOINTS]["due"] > 0
            assert sums["balanced"] is True
            assert await box.audit(recount=True) == sums
            sent = {body for (body,) in box.rows("SELECT body FROM waypoints")}
            assert set(around.authority.received) <= sent
        finally:
            await box.close()
