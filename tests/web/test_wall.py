"""The wall screen: reached by its link alone, worst first, honest about its age; in a real Chromium too."""

import shutil
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from actors.board import Balance, ForwardView, ServiceView
from protocols.vocabulary import ActorState, DeliveryState, Freshness
from tests.web.browser import open_browser
from tests.web.fakes import NOW_S, make_source
from tests.web.house import House
from web.summary import count_sources
from web.wall_view import LINES, wall_view

BALANCE = Balance(True, {}, {}, {})


async def link_of(house: House) -> str:
    async with house.client("lan") as client:
        page = (await client.get("/wall")).text
    return "/wall/" + page.partition('href="/wall/')[2][:32]


def titles(view: dict[str, Any]) -> list[str]:
    return [line["title"] for line in view["lines"]]


def test_the_worst_stands_on_top_and_what_has_no_line_is_counted() -> None:
    silent = [make_source(f"vehicle:X{number}", "vehicle", f"X{number}", freshness=Freshness.SILENT)
              for number in range(LINES + 5)]  # fmt: skip
    sources = [
        make_source("station:A", "air", "Trạm A"),
        make_source("station:B", "air", "Trạm B", freshness=Freshness.LATE),
        make_source("station:C", "air", "Trạm C", freshness=Freshness.SILENT),
        *silent,
    ]
    services = [ServiceView("intake:ftp", "FTP", ActorState.QUARANTINED, 3, None, "", {}),
                ServiceView("clock:hourly", "", ActorState.RUNNING, 0, None, "", {})]  # fmt: skip
    forwards = [ForwardView("bo", "files", DeliveryState.REFUSED, 1, None, "530", 0, None, 2, 1, 1)]
    view = wall_view(NOW_S, sources, count_sources(silent), services, forwards, BALANCE, {"review": 4})
    assert titles(view)[:3] == ["ftp", "Trạm C", "X0"]
    assert (len(view["lines"]), view["more"]) == (LINES, 2 + 1 + len(silent) + 1 - LINES)
    assert view["stations"]["silent"] == 1 and view["vehicles"]["silent"] == len(silent)
    assert view["forwards"] == [{"name": "bo", "state": "refused", "queued": 1}] and view["waiting"] == {"review": 4}


def test_what_is_well_has_no_line() -> None:
    view = wall_view(NOW_S, [make_source("station:A", "air", "Trạm A")], count_sources([]), [], [], BALANCE, {})
    assert (view["lines"], view["more"], view["stations"]["fresh"]) == ([], 0, 1)


@pytest.mark.asyncio
async def test_only_the_link_opens_it_and_it_needs_no_session(house: House) -> None:
    link = await link_of(house)
    async with house.client("") as stranger:
        assert (await stranger.get("/wall", headers={"Accept": "application/json"})).status_code == 401
        assert (await stranger.get(link)).status_code == 200
        assert (await stranger.get("/wall/0000")).status_code == 404
        assert (await stranger.get("/wall/0000/events")).status_code == 404
        assert (await stranger.get("/api/v1/sources")).status_code == 401
        async with stranger.stream("GET", f"{link}/events") as pushed:
            view = await first_view(pushed)
    assert titles(view)[0] == "Không khí Phố Hiến" and view["vehicles"]["total"] == 8


async def first_view(pushed: httpx.Response) -> dict[str, Any]:
    kind = ""
    async for line in pushed.aiter_lines():
        kind = line.partition(": ")[2] if line.startswith("event: ") else kind
        if kind == "wall" and line.startswith("data: "):
            found: dict[str, Any] = orjson.loads(line.removeprefix("data: "))
            return found
    raise AssertionError("no view came")


@pytest.mark.asyncio
@pytest.mark.skipif(shutil.which("chromedriver") is None, reason="chromedriver is not installed")
async def test_it_stands_on_one_screen_follows_and_says_when_it_is_old(house: House, tmp_path: Path) -> None:
    link = await link_of(house)
    async with open_browser(tmp_path) as browser:
        await browser.resize(1920, 1080)
        await browser.go(house.url + link)
        await browser.see("#lines", "Ống khói Xi Măng")
        await browser.see("#verdict", "1 nguồn mất dữ liệu")
        await browser.see("#fresh", "Cập nhật lúc")
        reach = "const e = document.documentElement; return [e.scrollWidth, e.scrollHeight]"
        assert await browser.run(reach) == [1920, 1080]
        smallest = "return Math.min(...[...document.querySelectorAll('h2, time, span, b, p')].map(" \
                   "(e) => parseFloat(getComputedStyle(e).fontSize)))"  # fmt: skip
        assert await browser.run(smallest) >= 22
        assert await browser.run("return document.querySelectorAll('button, input, a').length") == 0

        await house.board.change("station:TB_COFF_NUOCTH", freshness=Freshness.SILENT)
        await browser.see("#verdict", "2 nguồn mất dữ liệu")
        assert await browser.complaints() == []
        house.stop.set()
        await browser.see("#stale", "MẤT LIÊN LẠC VỚI MÁY CHỦ")
