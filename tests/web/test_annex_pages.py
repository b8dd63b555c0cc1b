"""The pages of the reports: choosing, numbers as they are written here, and the way from a cell to the map."""

import re
from html import unescape

import pytest

from storage.models import UserRow
from tests.web.fleet_house import JANUARY, fleet
from tests.web.house import House
from web.annex_pages import value_text

__all__ = ["fleet"]


def test_numbers_are_written_as_here_and_what_is_none_is_a_dash() -> None:
    assert value_text(1234.5, "km") == "1.234,5" and value_text(0.8333, "percent") == "0,83"
    assert value_text(90_061, "time") == "25:01:01" and value_text(None, "count") == "–"


@pytest.mark.asyncio
async def test_from_the_nations_form_clicks_lead_to_the_violation_on_its_vehicles_page(fleet: House) -> None:
    async with fleet.client() as client:
        form = (await client.get("/reports", params=JANUARY)).text
        cell = next(each for each in hrefs(form) if "kind=speed" in each and "10-20" in each and "N%E1%BB%99i" in each)
        cases = (await client.get(cell)).text
        track = next(each for each in hrefs(cases) if each.startswith("/vehicles/29A00001?from="))
        vehicle = await client.get(track)
    assert "violation=1" in track and "from=2025-12-31T23%3A56%3A40" in track
    assert vehicle.status_code == 200 and "29A00001" in vehicle.text
    assert "PHỤ LỤC" not in form and "TỔNG HỢP TÌNH HÌNH VI PHẠM TRÊN TOÀN QUỐC" in form and "2.000,0" not in form


def hrefs(page: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'href="([^"]+)"', page)]


@pytest.mark.asyncio
async def test_the_choices_and_pages_are_those_of_the_scope_and_the_language(fleet: House) -> None:
    await UserRow.filter(name="lan").update(scope_kind="company", scope_name="Tây Hồ")
    async with fleet.client("lan") as client:
        assert (await client.get("/reports/days", params={**JANUARY, "plate": "29A00003"})).text.count("29A00003") > 1
        page = (await client.get("/reports/indicators", params={**JANUARY, "by": "plate"})).text
        client.cookies.set("trambox_language", "en")
        english = (await client.get("/reports/6", params=JANUARY)).text
    assert "/reports/days?from=2026-01-01&to=2026-01-31&plate=29A00003" in hrefs(page)
    assert "29A00001" not in page and "Phố Hiến" not in page
    assert '<th scope="col">Time in violation</th>' in english


@pytest.mark.asyncio
async def test_a_long_form_is_shown_a_page_at_a_time(fleet: House) -> None:
    async with fleet.client() as client:
        query = {**JANUARY, "limit": "2"}
        first = (await client.get("/reports/5", params=query)).text
        there = next(each for each in hrefs(first) if "offset=2" in each)
        second = (await client.get(there)).text
    assert "29A00001" in first and "29A00003" not in first
    assert "29A00003" in second and "29A00001" not in second
