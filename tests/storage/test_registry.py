"""Who a vehicle is, and who may see it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.models import VehicleRow, VehicleWordRow
from storage.registry import identity, is_within, plates_of, vehicles
from storage.scopes import Scope
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
    assert await plates_of(Scope("company", "Sông Hồng")) == {"29A1"}
    assert await plates_of(Scope("company", "Khác")) == set()
    gps2 = Scope("provider", "gps2")
    assert await is_within(gps2, "29A2") and not await is_within(gps2, "29A1")


@pytest.mark.asyncio
async def test_a_company_is_known_by_its_department_and_its_name(plates: None) -> None:
    for number, department in ((3, "Sở A"), (4, "Sở B"), (5, "Sở B")):
        await VehicleRow.create(id=number, plate=f"29A{number}", company="Hoàng Long", department=department)
    of_a = Scope("company", "Hoàng Long", "Sở A")
    assert await plates_of(of_a) == {"29A3"} and await is_within(of_a, "29A3") and not await is_within(of_a, "29A4")
    assert ([row.plate for row in (await vehicles(of_a, None, "", 10, 0))[0]]) == ["29A3"]
    assert await plates_of(Scope("company", "Hoàng Long", "")) == set()


@pytest.mark.asyncio
async def test_vehicles_that_nobody_registered_can_be_asked_for(plates: None) -> None:
    rows, count = await vehicles(None, registered=False, q="", limit=10, offset=0)
    assert ([row.plate for row in rows], count) == (["29A2"], 1)
    rows, count = await vehicles(Scope("company", "Sông Hồng", ""), None, "29", 10, 0)
    assert [row.plate for row in rows] == ["29A1"]
