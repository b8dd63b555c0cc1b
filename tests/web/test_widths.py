"""No page is wider than the window it stands in: a telephone, a laptop, a wall; tables scroll in their own frame."""

import shutil
from pathlib import Path

import pytest

from protocols.vocabulary import Role
from storage.models import (
    DestinationRow,
    EpisodeRow,
    FileRow,
    NoticeItemRow,
    NoticeRow,
    ParameterRow,
    ProviderRow,
    ThresholdProposalRow,
)
from tests.web.browser import open_browser
from tests.web.house import PASSWORDS, House
from tests.web.stored import T0, keep_reading, keep_waypoint
from web.operations import PAGES

pytestmark = pytest.mark.skipif(shutil.which("chromedriver") is None, reason="chromedriver is not installed")
WIDTHS_PX = (390, 1280, 1920)
TOKEN = "t" * 32
FILLED = {
    "<path:code>": "TB_COFF_NUOCTH", "<path:plate>": "29B00001", "<name>": "gps1", "<token>": TOKEN,
    "<int:file_id>": "9", "<int:episode_id>": "1", "<int:notice_id>": "1", "<int:number>": "5",
}  # fmt: skip
NO_PAGES = ("/static/<path:filename>", "/language/<code>", "/signin", "/wall/<token>", "/wall/<token>/events")
WIDEST = """
const width = document.documentElement.scrollWidth;
if (width <= arguments[0]) return "";
const framed = (e) => e && e !== document.body
  && (getComputedStyle(e).overflowX !== "visible" || framed(e.parentElement));
const out = [...document.querySelectorAll("main *")].filter((e) =>
  e.getBoundingClientRect().right > arguments[0] && !framed(e.parentElement) && e.checkVisibility());
return `${width}: ` + out.slice(0, 3).map((e) => `${e.tagName}.${e.className}`).join(" ");
"""


def addresses() -> list[str]:
    """Every page of the console, with something in the place of its fields."""
    found = []
    for rule in PAGES:
        path = "/destinations/bo/files" if rule == "/destinations/<name>/files" else rule
        for field, value in FILLED.items():
            path = path.replace(field, value)
        if rule not in NO_PAGES:
            found.append(path)
    return found


async def furnish(house: House) -> None:
    """Something to see on every page, with names as long as they come."""
    await ParameterRow.create(id=1, station_id=1, symbol="COD", unit="mg/L", limit={"value": 75, "scaled": False})
    for number in range(1, 4):
        await keep_reading(number, T0 + 300 * number)
    await keep_waypoint(1, 0, T0, T0)
    house.heads[1] = 1
    await FileRow.create(
        id=9, station_id=1, account="a", protocol="ftp", address="127.0.0.1", name=f"{'HY_VGIA01_' * 6}.txt", size=3,
        sha256="0" * 64, received_ms=T0 * 1000, fate="stored", body=b"COD\t5", faults=[],
    )  # fmt: skip
    await FileRow.create(
        id=2**60, station_id=1, account="a", protocol="ftp", address="127.0.0.1", name="HY_KCHA01_KHIXQU_2026.txt" * 3,
        size=3, sha256="1" * 64, received_ms=T0 * 1000, fate="stored", body=b"COD\t5",
        faults=[{"line": 2, "offset": 0, "field": "unit", "reason": "unit", "detail": "", "raw": "x" * 90, "hint": ""}],
    )  # fmt: skip
    await EpisodeRow.create(
        id=1, station_id=1, parameter="COD", test="detection_limit", first_s=T0 + 300, last_s=T0 + 900, count=3,
        flag=3, opened_ms=T0 * 1000, changed_ms=T0 * 1000,
    )  # fmt: skip
    await NoticeRow.create(id=1, recipient="Phòng Quan trắc môi trường", cause="missing", opened_ms=1, token=TOKEN)
    await NoticeItemRow.create(id=1, notice_id=1, source="station:TB_COFF_NUOCTH", since_ms=1, added_ms=1)
    await ProviderRow.create(id=1, name="gps1", username="gps1", password_hash="x")
    await DestinationRow.create(id=5, name="bo", kind="files", url="ftp://127.0.0.1/")
    await ThresholdProposalRow.create(
        station_id=1, parameter="COD", made_ms=0, tables={"step": {"s10": 12.5}}, was={"step": {"s10": 10.0}},
        evidence={"steps": 2000.0, "step_10min": 8.0},
    )  # fmt: skip
    change = {"parameter": "COD", "tables": {"range": {"fail_hi": 300}}, "reason": "máy mới"}
    async with house.client() as client:
        assert (await client.post("/api/v1/stations/TB_COFF_NUOCTH/thresholds", json=change)).status_code == 200


@pytest.mark.asyncio
async def test_no_page_is_wider_than_its_window(house: House, tmp_path: Path) -> None:
    await furnish(house)
    too_wide = []
    async with open_browser(tmp_path) as browser:
        await browser.sign_in(house.url, str(Role.ADMIN), PASSWORDS["admin"])
        await browser.see("#verdict", "nguồn")
        for path in addresses():
            await browser.go(house.url + path)
            assert await browser.text("main"), path
            for width_px in WIDTHS_PX:
                await browser.resize(width_px, 844)
                if found := await browser.run(WIDEST, width_px):
                    too_wide.append((path, width_px, found))
        assert await browser.complaints() == []
    assert too_wide == []
