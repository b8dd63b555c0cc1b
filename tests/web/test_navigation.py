"""The bar on top: only doors that lead somewhere."""

import re

import pytest

from storage.models import ExceedanceRow
from tests.web.house import House
from web.navigation import DOORS, OpenDoor
from web.operations import access_table
from web.words import load_words


@pytest.mark.asyncio
async def test_every_door_leads_to_a_page_and_the_one_that_is_shown_is_marked(house: House) -> None:
    async with house.client() as client:
        page = await client.get("/log")
        doors = re.findall(r'<a href="([^"]+)"( aria-current="page")?>', page.text.partition('class="doors"')[2])
        answers = [(await client.get(path)).status_code for path, _ in doors]
    assert [path for path, here in doors if here] == ["/log"]
    assert {path for path, _ in doors} == {door.path for door in DOORS} & {rule for _, rule in access_table()}
    assert set(answers) == {200}


@pytest.mark.asyncio
async def test_who_is_not_signed_in_sees_no_door(house: House) -> None:
    async with house.client("") as client:
        assert 'class="doors"' not in (await client.get("/signin")).text


@pytest.mark.asyncio
async def test_a_door_says_how_much_goes_on_behind_it(house: House) -> None:
    await ExceedanceRow.create(
        id=1, station_id=1, parameter="COD", averaging="hour", start_s=1, last_s=1, level="exceeding",
        state="exceeding", worst=90.5, worst_s=1, high=75.0, unit="mg/L", count=3, noticed_ms=1, updated_ms=1,
    )  # fmt: skip
    async with house.client() as client:
        log = (await client.get("/log")).text
        limits = (await client.get("/stations/TB_COFF_NUOCTH/limits")).text
    assert '<b class="count"' in log.partition('href="/exceedances"')[2].partition("</a>")[0]
    assert "đang vượt" in limits and "90.5" in limits


def test_a_door_is_here_for_the_pages_behind_it_too() -> None:
    assert OpenDoor("/review", "nav.review", 0).is_here("/review/9")
    assert not OpenDoor("/", "nav.live", 0).is_here("/log")


def test_every_door_has_its_word() -> None:
    assert {door.key for door in DOORS} <= set(load_words()["vi"].table)
