"""The map over HTTP and in a real Chromium: what a window shows, what moves in it, and who sees what."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import web.map
from actors.messages import ViolationFound
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.vehicle import VehicleActor
from protocols.vocabulary import Freshness, ViolationKind
from protocols.waypoint import Waypoint
from storage.models import StationRow, UserRow, VehicleRow
from tests.web.browser import open_browser
from tests.web.fakes import NOW_S
from tests.web.house import PASSWORDS, House, open_house
from web.live import Streams
from web.refusals import Refusal

LIMITS = LimitBook(load_limits())
BOX = "105.0,20.0,107.0,22.0"
MAP, EVENTS = f"/api/v1/map?bbox={BOX}", f"/api/v1/map/events?bbox={BOX}"
needs_browser = pytest.mark.skipif(shutil.which("chromedriver") is None, reason="chromedriver is not installed")


@pytest.fixture(autouse=True)
def quick_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.map, "TICK_S", 0.1)


def put(house: House, number: int, lon: float, lat: float = 21.0, heading: float | None = 90.0) -> VehicleActor:
    actor = VehicleActor(number, f"29B{number:05}", None, LIMITS)
    actor.restore(None)  # awake
    actor.freshness = Freshness.FRESH
    actor.last = Waypoint(actor.plate, "", 40.0, int(NOW_S), lon, lat, heading, None, None, None)
    house.fleet.append(actor)
    return actor


def drive(actor: VehicleActor, lon: float) -> None:
    assert actor.last is not None
    was = actor.last
    actor.last = Waypoint(actor.plate, "", 55.0, was.time_s + 30, lon, was.y_lat, was.heading_deg, None, None, None)


async def owners(house: House) -> None:
    """Two vehicles of one company, one of another, and a person of the first."""
    await VehicleRow.create(id=2, plate="29B00002", provider="gps2", company="Vận tải Sông Hồng")
    await VehicleRow.create(id=3, plate="29B00003", provider="gps2", company="Hãng khác")
    PASSWORDS.setdefault("song", "song-word")
    await UserRow.create(
        name="song", role="viewer", password_hash="plain:song-word", created_ms=1, scope_kind="company",
        scope_name="Vận tải Sông Hồng",
    )  # fmt: skip
    for number in (1, 2, 3):
        put(house, number, 105.5 + number / 100)
    await StationRow.filter(id=1).update(lon=105.6, lat=20.9)


async def heard(answer: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    kind = ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            kind = line[7:]
        elif line.startswith("data: ") and kind != "beat":
            yield kind, json.loads(line[6:])


@pytest.mark.asyncio
async def test_a_window_shows_its_vehicles_and_stations_with_their_state(house: House) -> None:
    await owners(house)
    put(house, 4, 110.0)
    house.board.running["vehicle:29B00002"] = [ViolationFound(2, ViolationKind.SPEED, 1, 2, False, {})]
    async with house.client() as client:
        told = (await client.get(MAP)).json()
        violating = (await client.get(f"{MAP}&violation=true")).json()
        plate = (await client.get(f"{MAP}&q=29b-000.03")).json()
        company = (await client.get(f"{MAP}&company=khác")).json()
        cells = (await client.get(f"{MAP}&limit=2")).json()
    assert told["vehicles"]["plate"] == ["29B00001", "29B00002", "29B00003"] and told["total"] == 3
    assert told["vehicles"]["violation"] == [False, True, False] and told["stations"][0]["code"] == "TB_COFF_NUOCTH"
    assert violating["vehicles"]["plate"] == ["29B00002"] and violating["stations"] == []
    assert plate["vehicles"]["plate"] == company["vehicles"]["plate"] == ["29B00003"]
    assert cells["vehicles"] is None and sum(count for _, _, count in cells["cells"]) == 3


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "query", ["", "bbox=1,2,3", "bbox=106,20,105,21", "bbox=105,nan,106,21", f"bbox={BOX}&state=blue",
              f"bbox={BOX}&violation=yes", f"bbox={BOX}&limit=0"]
)  # fmt: skip
async def test_a_window_that_is_none_is_refused_with_its_field(house: House, query: str) -> None:
    async with house.client() as client:
        for path in ("/api/v1/map", "/api/v1/map/events"):
            answer = await client.get(f"{path}?{query}")
            assert answer.status_code == 400 and answer.json()["field"] in ("bbox", "state", "violation", "limit")


@pytest.mark.asyncio
async def test_the_stream_tells_the_whole_window_then_what_moves_goes_and_comes(house: House) -> None:
    await owners(house)
    async with house.client() as client, client.stream("GET", EVENTS) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        events = heard(answer)
        kind, view = await anext(events)
        assert (kind, view["total"], len(view["stations"])) == ("view", 3, 1)
        drive(house.fleet[0], 105.9)
        drive(house.fleet[1], 109.0)
        kind, moved = await anext(events)
        assert (kind, moved["vehicles"]["plate"], moved["gone"]) == ("moved", ["29B00001"], ["29B00002"])
        house.clock_s[0] += 10
        drive(house.fleet[1], 105.8)
        await house.board.change("station:TB_COFF_NUOCTH", freshness=Freshness.SILENT)
        assert [await anext(events) for _ in range(2)] == [
            ("moved", {"total": 3, "gone": [], "vehicles": {
                "plate": ["29B00002"], "lon": [105.8], "lat": [21.0], "heading": [90.0], "speed_kmh": [55.0],
                "state": ["fresh"], "violation": [False], "time": ["2025-11-20T10:57:12+07:00"]}}),
            ("stations", {"stations": [{**view["stations"][0], "state": "silent"}]}),
        ]  # fmt: skip


@pytest.mark.asyncio
async def test_a_company_sees_its_own_vehicles_on_the_map_and_in_the_stream_and_no_station(house: House) -> None:
    await owners(house)
    async with house.client("song") as client:
        told = (await client.get(MAP)).json()
        other = (await client.get(f"{MAP}&q=29B00003")).json()
        assert told["vehicles"]["plate"] == ["29B00001", "29B00002"] and told["stations"] == [] and other["total"] == 0
        async with client.stream("GET", EVENTS) as answer:
            events = heard(answer)
            _, view = await anext(events)
            assert view["vehicles"]["plate"] == ["29B00001", "29B00002"] and view["stations"] == []
            drive(house.fleet[2], 105.95)
            drive(house.fleet[0], 105.96)
            _, moved = await anext(events)
            assert moved["vehicles"]["plate"] == ["29B00001"] and moved["gone"] == []
            # a vehicle that changes hands while somebody looks goes from their map
            async with house.database.writing():
                await VehicleRow.filter(plate="29B00002").update(company="Hãng khác")
            house.clock_s[0] += 10
            _, moved = await anext(events)
            assert moved["gone"] == ["29B00002"]


@pytest.mark.asyncio
async def test_nobody_follows_without_a_sign_in_and_not_more_than_so_many_at_once(house: House) -> None:
    async with house.client("") as client:
        assert (await client.get(EVENTS)).status_code == 401
    streams = Streams(1)
    streams.admit()
    streams.open = 1
    with pytest.raises(Refusal):
        streams.admit()


@needs_browser
@pytest.mark.asyncio
async def test_a_vehicle_moves_under_the_eyes_a_plate_is_found_and_a_lost_link_is_told(
    house: House, tmp_path: Path
) -> None:
    await owners(house)
    house.board.running["vehicle:29B00002"] = [ViolationFound(2, ViolationKind.SPEED, 1, 2, False, {})]
    async with open_browser(tmp_path) as browser:
        await browser.sign_in(house.url, "an", PASSWORDS["an"])
        await browser.see("#verdict", "nguồn")
        await browser.go(f"{house.url}/map")
        await browser.see("#told", "3 xe và 1 trạm")
        drive(house.fleet[0], 109.0)
        await browser.see("#told", "2 xe và 1 trạm")
        await browser.type("input[name=q]", "00003")
        await browser.see("#found", "29B00003 40 km/h")
        await browser.click("#found button")
        await browser.see("#told", "2 xe và 0 trạm")
        assert "at=21.00000%2C105.53000%2C15" in str(await browser.run("return location.search"))
        await browser.click("input[name=violation]")
        await browser.see("#told", "1 xe và 0 trạm")
        await browser.go(f"{house.url}/map?violation=true")
        await browser.see("#told", "1 xe và 0 trạm")
        assert await browser.complaints() == []
        house.stop.set()
        await browser.see("#told", "Mất liên lạc")
        assert await browser.run("return getComputedStyle(document.querySelector('main')).filter") == "grayscale(1)"


@needs_browser
@pytest.mark.asyncio
async def test_tiles_that_do_not_come_are_told_and_the_graticule_stays(tmp_path: Path) -> None:
    tiles = {"tiles_url": "http://127.0.0.1:49151/{z}/{x}/{y}.png", "tiles_attribution": "© <b>Cục Đo đạc</b>"}
    async with open_house(tmp_path, **tiles) as house, open_browser(tmp_path) as browser:
        await browser.sign_in(house.url, "an", PASSWORDS["an"])
        await browser.see("#verdict", "nguồn")
        await browser.resize(390, 844)
        await browser.go(f"{house.url}/map")
        await browser.see(".untiled", "lưới toạ độ và các điểm vẫn đúng")
        await browser.see(".degree", "° Đ")
        await browser.see(".leaflet-control-attribution", "© <b>Cục Đo đạc</b>")
        assert await browser.run("return document.documentElement.scrollWidth") == 390
        assert all("49151" in line for line in await browser.complaints())
