"""The reports over HTTP and as pages: from a filled form by its cells to the violations and their track."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from protocols.times import iso
from storage.models import UserRow
from tests.storage.fleet import MIDNIGHT_S
from tests.web.fleet_house import JANUARY, fleet
from tests.web.house import House

__all__ = ["fleet"]

REPORTS = "/api/v1/reports"


async def filled(house: House, number: int, user: str = "an", **query: str) -> dict[str, Any]:
    async with house.client(user) as client:
        answer = await client.get(f"{REPORTS}/{number}", params={**JANUARY, **query})
    assert answer.status_code == 200
    return dict(answer.json())


@pytest.mark.asyncio
async def test_the_nations_form_has_a_line_per_department_with_its_numbers(fleet: House) -> None:
    """TT 09/2015/TT-BGTVT Phụ lục 3."""
    told = await filled(fleet, 3)
    hanoi, hungyen, nobody = told["rows"]
    assert (hanoi["department"], hanoi["companies"], hanoi["vehicles"]) == ("Hà Nội", 2, 3)
    assert [hanoi[name] for name in ("over_5", "over_10", "over_20", "over_35", "speed")] == [0, 2, 0, 1, 3]
    assert (hanoi["travelled_km"], hanoi["per_1000_km"], hanoi["way_share"]) == (600.0, 5.0, 0.833)
    assert (hanoi["daily"], hanoi["continuous"], hanoi["itinerary"]) == (1, 0, None)
    assert (hungyen["travelled_km"], hungyen["per_1000_km"], nobody["department"]) == (0.0, None, "")
    assert told["total"]["vehicles"] == 5 and told["total"]["travelled_km"] == 610.0


@pytest.mark.asyncio
async def test_every_cell_leads_to_what_it_counted_and_on_to_the_track(fleet: House) -> None:
    """TT 09/2015/TT-BGTVT, note under Phụ lục 3: a click on a cell gives the data behind it."""
    row = (await filled(fleet, 3))["rows"][0]
    async with fleet.client() as client:
        companies = (await client.get(row["links"]["companies"])).json()
        vehicles = (await client.get(row["links"]["vehicles"])).json()
        cases = await client.get(row["links"]["over_10"])
        days = await client.get(row["links"]["travelled_km"])
        speed = await client.get(companies["rows"][0]["links"]["speed"])
        page = await client.get(cases.json()[0]["track"])
    assert (companies["annex"], [line["company"] for line in companies["rows"]]) == (4, ["Sông Hồng", "Tây Hồ"])
    assert (vehicles["annex"], [line["plate"] for line in vehicles["rows"]]) == (
        5,
        ["29A00001", "29A00002", "29A00003"],
    )
    assert vehicles["rows"][0]["driving_day_share"] == 50.0
    first, second = cases.json()
    assert (first["plate"], first["start"], first["band"]) == ("29A00001", iso(MIDNIGHT_S + 100), "10-20")
    assert second["start"] == iso(MIDNIGHT_S + 86_399) and cases.headers["X-Total-Count"] == "2"
    assert sum(day["way_km"] for day in days.json()) == row["travelled_km"]
    assert speed.headers["X-Total-Count"] == str(companies["rows"][0]["speed"])
    assert page.status_code == 200 and "over_5" not in row["links"]


@pytest.mark.asyncio
async def test_every_form_is_a_page_an_answer_and_an_excel_file_with_the_same_numbers(fleet: House) -> None:
    async with fleet.client() as client:
        for number in (*range(3, 14), 19, 20, 21):
            told = (await client.get(f"{REPORTS}/{number}", params=JANUARY)).json()
            page = await client.get(f"/reports/{number}", params=JANUARY)
            sheet = await client.get(f"{REPORTS}/{number}/excel", params=JANUARY)
            assert page.status_code == 200 and told["title"] in page.text
            check_sheet(number, told, sheet.content)


def check_sheet(number: int, told: dict[str, Any], content: bytes) -> None:
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert sheet is not None
    texts = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert texts[0][0] == f"PHỤ LỤC {number}" and texts[2][0] == told["title"]
    assert texts[3][0] == "Từ ngày 01 tháng 01 năm 2026 đến ngày 31 tháng 01 năm 2026"
    begin = next(at for at, row in enumerate(texts) if row[0] == "TT")
    plain = [each for each in told["columns"] if each["shows"] in ("count", "number", "km", "percent")]
    places = {each["key"]: at for at, each in enumerate(told["columns"], 1)}
    assert len(texts[begin]) == len(told["columns"]) + 1
    for line, row in zip(told["rows"], texts[begin + 2 :], strict=False):
        assert [line[each["key"]] for each in plain] == [row[places[each["key"]]] for each in plain]
    assert texts[begin + 2 + len(told["rows"])][1] == "Tổng cộng"


@pytest.mark.asyncio
async def test_transmission_is_told_by_day_with_its_silent_time(fleet: House) -> None:
    """TT 09/2015/TT-BGTVT Phụ lục 19 to 21."""
    (vehicle,) = (await filled(fleet, 19))["rows"]
    (company,) = (await filled(fleet, 20, department="Hưng Yên"))["rows"]
    (department,) = (await filled(fleet, 21))["rows"]
    assert [vehicle[name] for name in ("plate", "rare", "silences", "lacking", "silent_time", "provider", "day")] == [
        "89B00004", 2, 1, 5, 3661, "gps1", "2026-01-02",
    ]  # fmt: skip
    assert [company[name] for name in ("vehicles", "rare_vehicles", "silent_vehicles", "silent_total")] == [
        1,
        1,
        1,
        3661,
    ]
    assert (department["lacking_vehicles"], department["disorder_vehicles"], department["day"]) == (1, 0, "2026-01-02")
    async with fleet.client() as client:
        (case,) = (await client.get(company["links"]["silent_vehicles"])).json()
    assert (case["kind"], case["duration_s"]) == ("no_transmission", 3661)


@pytest.mark.asyncio
async def test_a_person_sees_of_a_report_what_is_within_their_scope(fleet: House) -> None:
    """TT 09/2015/TT-BGTVT Điều 7.2 to 7.4."""
    await UserRow.filter(name="lan").update(scope_kind="company", scope_name="Tây Hồ")
    await UserRow.filter(name="duyet").update(scope_kind="terminal", scope_name="Giáp Bát")
    assert [(row["department"], row["vehicles"]) for row in (await filled(fleet, 3, "lan"))["rows"]] == [("Hà Nội", 1)]
    assert (await filled(fleet, 5, "lan", company="Sông Hồng"))["rows"] == []
    assert [row["plate"] for row in (await filled(fleet, 5, "duyet"))["rows"]] == ["29A00001", "29A00002"]
    async with fleet.client("lan") as client:
        assert (await client.get(f"{REPORTS}/violations", params=JANUARY)).json() == []
        assert "Phố Hiến" not in (await client.get("/reports", params=JANUARY)).text


@pytest.mark.asyncio
async def test_indicators_rank_what_article_7_asks_for(fleet: House) -> None:
    async with fleet.client() as client:
        query = {**JANUARY, "by": "plate", "order": "worst_kmh"}
        told = (await client.get(f"{REPORTS}/indicators", params=query)).json()
        hours = (await client.get(f"{REPORTS}/hours", params=JANUARY)).json()
        page = await client.get("/reports/indicators", params=query)
        (asked,) = re.findall(r'data-hours="([^"]+)"', page.text)
        assert (await client.get(unescape(asked))).json() == hours
        behind = [await client.get(path, params=JANUARY) for path in ("/reports/violations", "/reports/days")]
    assert (told["rows"][0]["plate"], told["rows"][0]["worst_kmh"], told["rows"][1]["worst_kmh"]) == (
        "29A00001", 41.0, None,
    )  # fmt: skip
    assert sum(hours["hours"]) == 3
    assert page.status_code == 200 and all("29A00001" in each.text for each in behind)


@pytest.mark.asyncio
async def test_what_cannot_be_asked_is_refused_by_name(house: House) -> None:
    wrong: list[tuple[str, dict[str, str], str]] = [
        ("3", {"from": "2026-02-01", "to": "2026-01-01"}, "from"),
        ("3", {"to": "yesterday"}, "to"),
        ("14", {}, "annex"),
        ("violations", {"band": "7"}, "band"),
        ("indicators", {"by": "colour"}, "by"),
    ]
    async with house.client() as client:
        for path, query, field in wrong:
            answer = await client.get(f"{REPORTS}/{path}", params=query)
            assert answer.status_code in (400, 404) and answer.json()["field"] == field


@pytest.mark.asyncio
async def test_the_nameless_are_found_by_a_dash_and_the_month_runs_from_its_first_day(fleet: House) -> None:
    told = await filled(fleet, 5, department="-")
    assert [row["plate"] for row in told["rows"]] == ["30X99999"]
    async with fleet.client() as client:
        told = (await client.get(f"{REPORTS}/3")).json()
        listed = (await client.get(REPORTS)).json()
    assert (told["from"], told["to"]) == ("2026-03-01", "2026-03-02")
    assert [form["annex"] for form in listed] == [*range(3, 14), 19, 20, 21]
