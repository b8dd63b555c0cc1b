"""The pages of review in both languages, and the queue in a real Chromium."""

import shutil
from pathlib import Path

import pytest

from storage.models import EpisodeRow, ReviewJournalRow, StationRow
from tests.web.browser import open_browser
from tests.web.house import PASSWORDS, House
from tests.web.stored import T0, keep_reading
from tests.web.test_review import keep_episode
from web.review_drawing import draw

PAGES = ("/review", "/review?state=all", "/review/1", "/review/journal", "/review/report?of=2025-11", "/shifts")


async def keep_something() -> None:
    """Two episodes with values around them."""
    for number in range(1, 25):
        await keep_reading(number, T0 - 3600 + 300 * number)
        await keep_reading(100 + number, T0 - 3600 + 300 * number, "pH")
    await keep_episode()
    await keep_episode(2, first_s=T0 + 300, last_s=T0 + 600, count=2, flag=4)


@pytest.mark.asyncio
async def test_every_page_is_drawn_for_every_role_in_both_languages(house: House) -> None:
    await keep_something()
    for name in ("lan", "an", "duyet"):
        async with house.client(name) as client:
            if name == "duyet":
                await client.post("/api/v1/shifts", json={"incoming": "an"})
                for action in ("request_verification", "note", "escalate"):
                    row = await EpisodeRow.get(id=1)
                    await client.post(f"/api/v1/review/episodes/1/{action}",
                                      json={"version": row.version, "note": "?", "reason": "x"})  # fmt: skip
            for language in ("vi", "en"):
                client.cookies.set("trambox_language", language)
                for path in PAGES:
                    answer = await client.get(path)
                    assert answer.status_code == 200, answer.text
                    assert ("radio" in answer.text) == (name != "lan" and path == "/review/1")


@pytest.mark.asyncio
async def test_a_place_without_position_or_numbers_is_drawn_too(house: House) -> None:
    await StationRow.filter(id=1).update(lat=20.0, lon=106.0)
    await StationRow.create(id=2, code="TB_GAN", name="Trạm gần", kind="wastewater", lat=20.1, lon=106.0)
    await keep_reading(1, T0)
    await keep_episode()
    async with house.client() as client:
        page = (await client.get("/review/1")).text
    assert "bán kính 50 km" in page, "the near station measured nothing"
    assert draw([], 0, 10) is None


def test_a_hole_lifts_the_pen_and_a_far_limit_is_left_out() -> None:
    times = ["2025-11-20T10:00:00+07:00", "2025-11-20T10:05:00+07:00", "2025-11-20T10:10:00+07:00",
             "2025-11-20T11:00:00+07:00"]  # fmt: skip
    values = [{"time": time, "value": 5.0 + at, "flag": 1 + 3 * (at == 3)} for at, time in enumerate(times)]
    chart = draw(values, T0, T0 + 3600, span=(T0, T0), limits=[(9.0, "near"), (5000.0, "far")])
    assert chart is not None
    assert chart.path.count("M") == 2 and chart.path.count("L") == 2
    assert [dot.look for dot in chart.dots] == ["4"] and [word for _, word in chart.limits] == ["near"]


@pytest.mark.asyncio
@pytest.mark.skipif(shutil.which("chromedriver") is None, reason="chromedriver is not installed")
async def test_a_reviewer_walks_the_queue_by_keyboard_and_acts_on_an_episode(house: House, tmp_path: Path) -> None:
    await keep_something()
    async with open_browser(tmp_path) as browser:
        await browser.sign_in(house.url, "duyet", PASSWORDS["duyet"])
        await browser.see("#verdict", "mất dữ liệu")
        await browser.go(f"{house.url}/review")
        await browser.see("#queue", "Cà Phê")
        first = await browser.run("return document.querySelector('[data-episode]').dataset.episode")
        assert first == "2", "what failed stands over what is suspect"
        await browser.run("window.confirm = (words) => { window.asked = words; return true; }")
        for key in ("j", "j", "k", "r"):
            await browser.press(key)
        await browser.see("#told", "loại bỏ: xong, 2 giá trị")
        assert "2 giá trị từ 20/11 10:05" in await browser.run("return window.asked")
        assert await browser.run("return document.querySelectorAll('[data-episode]').length") == 1
        await browser.go(f"{house.url}/review/1")
        await browser.see("#act", "bất thường nhưng đúng")
        await browser.click('input[value="confirm_abnormal"]')
        await browser.click("#act button.main")
        await browser.see("#told", "Không thực hiện được: “bất thường nhưng đúng” phải ghi: Lý do")
        await browser.run("const f = document.querySelector('#act form'); f.elements.reason.value = 'lũ'; "
                          "f.elements.evidence.value = 'ảnh camera'")  # fmt: skip
        await browser.click("#act button.main")
        await browser.see("#episode", "đã xử lý")
        assert [row.action for row in await ReviewJournalRow.all().order_by("id")] == ["reject", "confirm_abnormal"]
        (tmp_path / "page.png").write_bytes(await browser.picture())
