"""Violations as the API and the vehicle's page tell them: every kind, its article, and no plate beyond a scope."""

import shutil
from pathlib import Path

import pytest

from actors.messages import DroveStretch, ViolationFound
from protocols.vocabulary import ViolationKind
from storage.models import StretchRow, UserRow, VehicleRow, ViolationRow
from tests.web.browser import open_browser
from tests.web.fakes import NOW_S
from tests.web.house import PASSWORDS, House

pytestmark = pytest.mark.asyncio
NOON_S = int(NOW_S) - 20_000
SPEED = {"v_kmh": 78.0, "limit_kmh": 50.0, "excess_kmh": 28.0, "band": "20-35", "time_worst_s": NOON_S + 10}
DETAILS: dict[str, dict[str, object]] = {
    "speed": {**SPEED, "driver": "GPLX1"},
    "no_transmission": {"distance_m": 1666.6, "places": []},
    "frequency": {"interval_s": 31, "allowed_s": 30},
    "missing_field": {"fields": ["speed", "licence"], "messages": 7},
    "order": {"received_ms": (NOON_S + 60) * 1000, "newest_s": NOON_S + 50},
}


async def fill() -> None:
    for number, (kind, detail) in enumerate(DETAILS.items(), 1):
        start_s = NOON_S + 10 * number
        await ViolationRow.create(
            id=number, vehicle_id=1, kind=kind, start_s=start_s, end_s=start_s + 4005, closed=True, detail=detail
        )
    await VehicleRow.create(id=2, plate="29B00002", provider="gps2", company="Khác")
    for number, start_s, end_s in ((1, 0, 7200), (2, 7500, 15000)):
        await StretchRow.create(
            id=number, vehicle_id=number, driver="GPLX1", start_s=NOON_S + start_s, end_s=NOON_S + end_s
        )


async def test_every_kind_is_told_once_with_its_article_and_in_order(house: House) -> None:
    await fill()
    running = ViolationFound(1, ViolationKind.SPEED, NOON_S + 9000, NOON_S + 9100, False, dict[str, object](SPEED))
    house.board.running["vehicle:29B00001"] = [running]
    async with house.client() as client:
        rows = (await client.get("/api/v1/vehicles/29B00001/violations")).json()
        none = (await client.get("/api/v1/vehicles/29B00001/violations?from=2020-01-01&to=2020-01-02")).json()
    kinds = ["continuous_driving", *DETAILS, "speed"]
    assert [row["kind"] for row in rows] == kinds and none == []
    assert all(row["article"].startswith(("TT 09/2015", "Luật 36/2024")) for row in rows)
    hours, order = rows[0], rows[5]
    assert (hours["driver"], hours["driving_s"], hours["vehicles"]) == ("GPLX1", 15000, ["29B00001", "29B00002"])
    assert "vehicle_ids" not in hours and (order["received"] > order["newest"])
    assert [row["closed"] for row in rows][-1] is False


@pytest.mark.skipif(shutil.which("chromedriver") is None, reason="chromedriver is not installed")
async def test_the_page_says_what_each_was_in_the_words_of_the_field(house: House, tmp_path: Path) -> None:
    await fill()
    house.board.stretches["vehicle:29B00002"] = DroveStretch(2, "GPLX1", NOON_S + 7500, NOON_S + 16000)
    async with open_browser(tmp_path) as browser:
        await browser.sign_in(house.url, "an", PASSWORDS["an"])
        await browser.see("#verdict", "nguồn")
        await browser.go(f"{house.url}/vehicles/29B00001")
        await browser.see("#cases", "quá tốc độ")
        told = str(await browser.run("return document.getElementById('cases').innerText"))
        for words in (
            "78 / giới hạn 50 km/h, vượt 28", "lái xe GPLX1", "lái liên tục", "lái 4:26 giờ · cùng với xe 29B00002",
            "xe đã di chuyển 1.667 m", "cách 31 giây, cho phép 30 giây", "thiếu tốc độ, giấy phép lái xe · 7 bản tin",
            "TT 09/2015/TT-BGTVT Phụ lục 2", "sau bản tin", "Luật 36/2024/QH15 Điều 64",
        ):  # fmt: skip
            assert words in told, (words, told)
        assert await browser.complaints() == []


async def test_who_sees_one_company_is_not_told_what_else_its_driver_drove(house: House) -> None:
    await fill()
    await UserRow.filter(name="lan").update(scope_kind="company", scope_name="Vận tải Sông Hồng")
    async with house.client("lan") as client:
        rows = (await client.get("/api/v1/vehicles/29B00001/violations")).json()
    assert rows[0]["vehicles"] == ["29B00001"]
