"""The page of a vehicle: its period by the URL, and in a real Chromium the map, the chart and the list as one."""

import shutil
from pathlib import Path

import pytest

import web.map
from actors.messages import ViolationFound
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.vehicle import VehicleActor
from protocols.vocabulary import ViolationKind
from tests.web.browser import open_browser
from tests.web.drive import MIDNIGHT_S, keep_day, keep_violations, message
from tests.web.house import PASSWORDS, House

PAGE = "/vehicles/29B00001"
needs_browser = pytest.mark.skipif(shutil.which("chromedriver") is None, reason="chromedriver is not installed")


@pytest.mark.asyncio
async def test_the_url_names_the_period_and_a_violation_alone_opens_its_day(house: House) -> None:
    await keep_violations()
    house.clock_s[0] = MIDNIGHT_S + 30 * 86_400
    async with house.client() as client:
        today = (await client.get(PAGE)).text
        asked = (await client.get(f"{PAGE}?from=2025-11-18&to=2025-11-19T12:00:00+07:00")).text
        case = (await client.get(f"{PAGE}?violation=41")).text
        other = (await client.get("/vehicles/29B00001?violation=77")).text
        wrong = await client.get(f"{PAGE}?violation=x")
    assert 'data-from="2025-12-20T00:00:00+07:00"' in today and 'data-live="yes"' in today
    assert 'data-from="2025-11-18T00:00:00+07:00" data-to="2025-11-19T12:00:00+07:00" data-live="no"' in asked
    assert 'data-from="2025-11-20T00:00:00+07:00" data-to="2025-11-20T23:59:59+07:00"' in case
    assert 'data-violation="41"' in case and "không còn lưu" in other and 'data-live="yes"' in other
    assert wrong.status_code == 400


@pytest.mark.asyncio
async def test_the_page_tells_what_stands_now_and_whose_word_the_identity_is(house: House) -> None:
    case = ViolationFound(1, ViolationKind.SPEED, MIDNIGHT_S, MIDNIGHT_S + 60, False, {"v_kmh": 60.0})
    house.board.running["vehicle:29B00001"] = [case]
    async with house.client() as client:
        page = (await client.get(PAGE)).text
    assert "41.5 km/h" in page and "giới hạn 50" in page and "không gửi" in page
    assert "Vận tải Sông Hồng <small>(người nhập)</small>" in page and "Đang có 1 vi phạm chưa kết thúc" in page


@needs_browser
@pytest.mark.asyncio
async def test_a_day_is_drawn_at_once_and_a_violation_zooms_map_chart_and_messages(
    house: House, tmp_path: Path
) -> None:
    house.clock_s[0] = MIDNIGHT_S + 86_399
    house.heads[1] = await keep_day()
    await keep_violations()
    async with open_browser(tmp_path) as browser:
        await browser.sign_in(house.url, "an", PASSWORDS["an"])
        await browser.see("#verdict", "nguồn")
        await browser.go(f"{house.url}{PAGE}")
        await browser.see("#told", "2.880 bản tin, vẽ đủ")
        took_ms = await browser.run("return performance.getEntriesByName('track')[0].startTime")
        print(f"drawn {took_ms:.0f} ms after the click")
        await browser.see("#cases", "78 / giới hạn 50 km/h, vượt 28")
        await browser.see("#cases", "không truyền")

        # the cursor of the chart is the ring on the map, and the other way round
        await browser.run("document.getElementById('map').scrollIntoView()")
        await browser.hover(".u-over")
        assert (await browser.see(".chart output", "giới hạn 50 · 790012345678"))[:5] in ("11:59", "12:00")
        await browser.hover("#map", 75)
        await browser.see(".chart output", "10:06 20/11")

        await browser.run("document.getElementById('messages').open = true")
        await browser.see("#shown", "1–100 trên 2.880")
        await browser.run("[...document.querySelectorAll('.case')].find(c => c.innerText.includes('78')).click()")
        await browser.see("#shown", "trên 39")
        assert "violation=41" in str(await browser.run("return location.search"))
        await browser.click("#reset")
        await browser.see("#shown", "trên 2.880")
        assert await browser.run("return location.search") == ""
        await browser.click("#faulty")
        await browser.see("#shown", "1–5 trên 5")
        await browser.see("#rows", "◇ đảo kinh độ, vĩ độ")
        assert await browser.complaints() == []


@needs_browser
@pytest.mark.asyncio
async def test_a_deep_link_opens_at_the_stretch_and_fits_a_phone(house: House, tmp_path: Path) -> None:
    house.heads[1] = await keep_day()
    await keep_violations()
    async with open_browser(tmp_path, 390, 844) as browser:
        await browser.sign_in(house.url, "lan", PASSWORDS["lan"])
        await browser.see("#verdict", "nguồn")
        await browser.resize(390, 844)
        await browser.go(f"{house.url}{PAGE}?violation=41")
        await browser.see("#reset", "Hết phóng to")
        assert await browser.run("return document.documentElement.scrollWidth") == 390
        assert await browser.run("return document.querySelector('.case[aria-pressed=true]').innerText.includes('78')")
        await browser.go(f"{house.url}{PAGE}?from=2025-11-01&to=2025-11-02")
        await browser.see("#told", "Không có bản tin nào")
        await browser.see("#cases", "Không có vi phạm nào")
        assert await browser.complaints() == []


@needs_browser
@pytest.mark.asyncio
async def test_a_day_that_goes_on_grows_as_the_vehicle_drives(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.map, "TICK_S", 0.1)
    house.heads[1] = await keep_day(100)
    actor = VehicleActor(1, "29B00001", None, LimitBook(load_limits()))
    actor.restore(None)  # awake
    actor.last = message(99, MIDNIGHT_S + 99 * 30)
    house.fleet.append(actor)
    async with open_browser(tmp_path) as browser:
        await browser.sign_in(house.url, "an", PASSWORDS["an"])
        await browser.see("#verdict", "nguồn")
        await browser.go(f"{house.url}{PAGE}")
        await browser.see("#told", "100 bản tin, vẽ đủ")
        house.heads[1] = await keep_day(1, MIDNIGHT_S + 100 * 30, 101, prev=100)
        actor.last = message(100, MIDNIGHT_S + 100 * 30)
        await browser.see("#told", "101 bản tin, vẽ đủ")
        assert await browser.complaints() == []
