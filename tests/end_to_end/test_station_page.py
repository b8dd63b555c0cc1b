"""A wrong file by FTP, and the person who watches its station's page in a real Chromium."""

import shutil
import time
from pathlib import Path

import pytest

from tests.end_to_end.office import PASSWORD, STATION, hour_body, office
from tests.web.browser import open_browser

pytestmark = pytest.mark.skipif(shutil.which("chromedriver") is None, reason="chromedriver is not installed")
SOON_S = 1.5
"""A second is promised; the rest is for a machine that runs other tests beside this one."""


@pytest.mark.asyncio
async def test_a_faulty_file_is_on_its_stations_page_within_a_second_with_line_and_reason(tmp_path: Path) -> None:
    async with office(tmp_path) as desk, open_browser(tmp_path) as browser:
        hour_s = desk.first_hour_s
        await desk.upload(desk.name(hour_s), hour_body(hour_s, [50.0 + n / 10 for n in range(12)]))
        await browser.sign_in(desk.box.web, "an", PASSWORD)
        await browser.see("#verdict", "nguồn")
        await browser.go(f"{desk.box.web}/stations/{STATION}")
        await browser.see(".answers", "Đã đọc hết")
        broken = hour_body(hour_s + 3600, [50.0 + n / 10 for n in range(12)]) + b"COD\tfifty\tmg/L\r\n"
        await desk.upload(desk.name(hour_s + 3600), broken)
        begun_s = time.monotonic()
        text = await browser.see("#faulty", desk.name(hour_s + 3600))
        took_s = time.monotonic() - begun_s
        print(f"shown after {took_s:.2f} s")
        assert "13" in text and "fifty" in text
        await browser.see(".answers", "Đọc được một phần")
        assert await browser.complaints() == []
        assert took_s < SOON_S
