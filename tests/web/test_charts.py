"""The series of the charts over HTTP, and the charts themselves in a real Chromium."""

import shutil
from pathlib import Path

import pytest

from storage.models import ReadingRow
from tests.web.browser import open_browser
from tests.web.fakes import NOW_S
from tests.web.house import PASSWORDS, House
from tests.web.stored import T0, keep_reading
from web.charts import bucket_of

STATION = "/stations/TB_COFF_NUOCTH"
VENDOR = Path(__file__).parents[2] / "web" / "static" / "vendor" / "uplot"
in_a_browser = pytest.mark.skipif(
    shutil.which("chromedriver") is None or not VENDOR.exists(), reason="chromedriver or make vendor is missing"
)


def test_a_span_is_reduced_only_where_a_pixel_would_stand_for_many_readings() -> None:
    assert bucket_of(86400, 1200, 300) == 1 and bucket_of(7 * 86400, 1200, 300) == 1
    assert bucket_of(30 * 86400, 1200, 300) == 2160


@pytest.mark.asyncio
async def test_a_series_is_told_in_columns_and_says_whether_it_is_reduced(house: House) -> None:
    for number in range(3):
        await keep_reading(number + 1, T0 + number * 300)
    await keep_reading(4, T0, "pH")
    query = "from=2025-11-20T10:00:00&to=2025-11-20T11:00:00&parameter=COD"
    async with house.client() as client:
        answer = (await client.get(f"/api/v1{STATION}/series?{query}")).json()
        wrong = await client.get(f"/api/v1{STATION}/series?points=x")
    assert answer["bucket_s"] is None and answer["from"] == "2025-11-20T10:00:00+07:00"
    assert answer["series"] == [
        {
            "parameter": "COD", "unit": "mg/L", "count": 3, "offset_s": [0, 300, 600], "value": [4.5, 4.5, 4.5],
            "flag": [3, 3, 3], "corrected": [],
        }
    ]  # fmt: skip
    assert wrong.json()["field"] == "points"


@in_a_browser
@pytest.mark.asyncio
async def test_a_chart_zooms_by_mouse_and_keys_resets_and_reads_its_values_out(house: House, tmp_path: Path) -> None:
    await ReadingRow.bulk_create(
        ReadingRow(
            id=n, station_id=1, parameter="COD", time_s=int(NOW_S) - 86000 + n * 300, value=float(n % 7), raw_text="",
            unit="mg/L", device_status="00", flag=4 if n == 9 else 1, file_id=1, line=1,
        ) for n in range(1, 280)
    )  # fmt: skip
    async with open_browser(tmp_path) as browser:
        await browser.sign_in(house.url, "an", PASSWORDS["an"])
        await browser.see("#verdict", "nguồn")
        await browser.go(f"{house.url}{STATION}/charts")
        await browser.see("#told", "279 giá trị, vẽ đủ")
        label = await browser.run("return document.querySelector('.uplot').getAttribute('aria-label')")
        assert label.startswith("COD: 279 giá trị, nhỏ nhất 0, lớn nhất 6")
        assert await browser.text("#reset") == ""
        await browser.drag(".u-over", -200, 200)
        await browser.see("#reset", "Hết phóng to")
        await browser.run("document.querySelector('.uplot').focus()")
        await browser.press("\ue014")
        await browser.see("figure output", "mg/L · tốt")
        await browser.press("0")
        assert await browser.text("#reset") == ""
        assert await browser.complaints() == []


@in_a_browser
@pytest.mark.asyncio
async def test_without_the_library_the_page_says_what_to_run(house: House, tmp_path: Path) -> None:
    async with open_browser(tmp_path) as browser:
        await browser.sign_in(house.url, "an", PASSWORDS["an"])
        await browser.see("#verdict", "nguồn")
        await browser.block("*/vendor/*")
        await browser.go(f"{house.url}{STATION}/charts")
        await browser.see("#told", "make vendor")
