"""Whose vehicle it was on which day, on both engines."""

import pytest

from storage.models import VehicleRow
from storage.traffic_sums import Asked, TrafficSums
from storage.writer import Unit
from tests.storage.fleet import DAY, bring_owners, driven, register
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_a_vehicle_that_changes_hands_keeps_its_past_with_whom_it_was(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        await register(database, writer, today=DAY)
        for day in (DAY, DAY + 10):
            unit = Unit()
            driven(unit, 1, day, 1000.0, 60)
            driven(unit, -1, day, 7.0, 60)
            await writer.store(unit)
        async with database.writing():
            await VehicleRow.filter(id=1).update(department="Hưng Yên", company="Phố Hiến")
            await VehicleRow.filter(id=-1).update(department="Hưng Yên", company="Mới", registered=True)
        for _ in range(2):
            await bring_owners(writer, [1, 2, 3, 4, -1], DAY + 5)
        sums = TrafficSums(database)
        month = Asked(DAY, DAY + 30)
        slices = [rows async for rows in sums.vehicles(month, ["way_m"], named=False)]
        rows = [row for part in slices for row in part if row["vehicle_id"] in (1, -1)]
        fleets = await sums.fleets(Asked(DAY + 6, DAY + 6), ["department"])
    assert [(row["vehicle_id"], row["company"], row["way_m"]) for row in rows] == [
        (-1, "Mới", 14.0), (1, "Sông Hồng", 1000.0), (1, "Phố Hiến", 1000.0),
    ]  # fmt: skip
    assert fleets == [{"department": "Hà Nội", "vehicles": 2}, {"department": "Hưng Yên", "vehicles": 3}]
