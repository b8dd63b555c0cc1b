"""The live page in a real Chromium."""

import shutil
from pathlib import Path

import pytest

from actors.board import Concern
from protocols.vocabulary import Freshness
from tests.web.browser import open_browser
from tests.web.house import PASSWORDS, House

pytestmark = pytest.mark.skipif(shutil.which("chromedriver") is None, reason="chromedriver is not installed")
ROW = 'tr[data-id="station:TB_COFF_NUOCTH"]'


@pytest.mark.asyncio
async def test_an_operator_watches_restarts_changes_the_language_and_sees_the_link_break(
    house: House, tmp_path: Path
) -> None:
    async with open_browser(tmp_path) as browser:
        await browser.sign_in(house.url, "an", PASSWORDS["an"])
        await browser.see("#verdict", "1 nguồn mất dữ liệu")
        await browser.see(ROW, "đo lúc 10:54 · nhận 10:55:12")
        assert "đúng hạn" in await browser.text(ROW)

        await house.board.change("station:TB_COFF_NUOCTH", freshness=Freshness.SILENT)
        await browser.see(ROW, "mất")
        await browser.see("#verdict", "2 nguồn mất dữ liệu")

        await browser.click(f'{ROW} [data-verb="restart"]')
        await browser.see("tr.result", "khởi động lại trong 38 ms, mất 0, đọc lại 2")
        assert house.controls.asked == [("restart", "station:TB_COFF_NUOCTH", "an")]

        await browser.click("#language-en")
        await browser.see("#verdict", "2 sources silent")
        assert await browser.complaints() == []

        house.stop.set()
        await browser.see("#stale", "No word from the server since")
        assert await browser.run("return getComputedStyle(document.querySelector('main')).filter") == "grayscale(1)"


@pytest.mark.asyncio
async def test_a_counter_filters_the_table_and_the_url_keeps_the_choice(house: House, tmp_path: Path) -> None:
    house.board.concerns_now = [Concern("forward_late", "csgt", {"misses": 7, "limit_s": 120.0, "oldest_s": 140.0})]
    async with open_browser(tmp_path) as browser:
        await browser.sign_in(house.url, "lan", PASSWORDS["lan"])
        await browser.see(ROW, "Trạm nước thải Cà Phê")
        await browser.see("#verdict", "csgt: quá hạn 7 tin hôm nay, cũ nhất đang chờ 140 s (hạn 120 s)")
        await browser.click("#verdict button")
        await browser.see("#shown", "1–1 trên 1")
        assert await browser.run("return location.search") == "?state=silent"
        assert await browser.text(ROW) == ""
        await browser.go(f"{house.url}/?state=late")
        await browser.see('tr[data-id="station:TB_SONG_NUOCMT"]', "trễ")
        assert await browser.run("return document.querySelectorAll('[data-verb]').length") == 0


@pytest.mark.asyncio
async def test_the_keyboard_walks_the_rows_and_restarts_the_one_in_focus(house: House, tmp_path: Path) -> None:
    async with open_browser(tmp_path) as browser:
        await browser.sign_in(house.url, "an", PASSWORDS["an"])
        await browser.see(ROW, "Cà Phê")
        for key in ("j", "j", "k", "r"):
            await browser.press(key)
        await browser.see("tr.result", "khởi động lại")
        first = await browser.run("return document.querySelector('tr[data-id]').dataset.id")
        assert [actor for _, actor, _ in house.controls.asked] == [first]
