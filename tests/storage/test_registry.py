"""Who a vehicle is, and who may see it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.models import VehicleRow, VehicleWordRow
from storage.registry import identity, is_within, plates_of, vehicles
from tests.storage.blank import open_blank


@pytest_asyncio.fixture
async def plates(tmp_path: Path) -> AsyncIterator[None]:
    database = await open_blank(tmp_path)
    async with database.writing():
        await VehicleRow.create(id=1, plate="29A1", provider="gps1", company="Sông Hồng", sim="1", registered=True)
        await VehicleRow.create(id=2, plate="29A2", provider="gps2")
        for number, company in ((1, "SÔNG  HỒNG"), (2, "Khác")):
            await VehicleWordRow.create(
                id=f"{number}:29A1", plate="29A1", provider=f"gps{number}", spelling="29A-1", business="BUS", driver="",
                company=company, device_model="", device="D1", sim="", vin="", said_s=0, received_ms=number, aside_id=1,
            )  # fmt: skip
    yield
    await database.close()


@pytest.mark.asyncio
async def test_a_persons_entry_wins_and_a_trackers_word_fills_what_nobody_entered(plates: None) -> None:
    known = await identity(await VehicleRow.get(plate="29A1"))
    assert (known.values["company"], known.values["device"], known.said) == ("Sông Hồng", "D1", ("business", "device"))
    assert known.differences == [("company", "Sông Hồng", "Khác", "gps2")]


@pytest.mark.asyncio
async def test_a_scope_holds_what_people_entered_only(plates: None) -> None:
    assert await plates_of("company", "Sông Hồng") == {"29A1"}
    assert await plates_of("company", "Khác") == await plates_of("company", "") == await plates_of("id", "1") == set()
    assert await is_within("provider", "gps2", "29A2") and not await is_within("provider", "gps2", "29A1")


@pytest.mark.asyncio
async def test_vehicles_that_nobody_registered_can_be_asked_for(plates: None) -> None:
    rows, count = await vehicles(None, registered=False, q="", limit=10, offset=0)
    assert ([row.plate for row in rows], count) == (["29A2"], 1)
    rows, count = await vehicles(("company", "Sông Hồng"), None, "29", 10, 0)
    assert [row.plate for row in rows] == ["29A1"]
