"""The pages as the server writes them."""

import re
from dataclasses import replace

import pytest

from actors.board import ServiceView
from protocols.vocabulary import ActorState
from storage.models import FileRow, NoticeItemRow, NoticeRow
from tests.web.house import House
from tests.web.stored import T0, keep_reading, keep_waypoint


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path", ["/", "/stations/TB_COFF_NUOCTH", "/stations/TB_COFF_NUOCTH/files/9", "/stations/TB_COFF_NUOCTH/charts",
             "/stations/TB_COFF_NUOCTH/files", "/stations/TB_COFF_NUOCTH/qc", "/stations/TB_COFF_NUOCTH/limits",
             "/stations/TB_COFF_NUOCTH/aqi", "/vehicles/29B00001",
             "/destinations", "/exceedances", "/report", "/log", "/users", "/docs"]
)  # fmt: skip
@pytest.mark.parametrize("language", ["vi", "en"])
async def test_every_page_stands_in_both_languages(house: House, path: str, language: str) -> None:
    await keep_reading(1, T0)
    await keep_waypoint(1, 0, T0, T0)
    house.heads[1] = 1
    await FileRow.create(
        id=9, station_id=1, account="a", protocol="ftp", address="127.0.0.1", name="<b>.txt", size=3, sha256="0" * 64,
        received_ms=T0 * 1000, fate="stored", body=b"<i>", faults=[[1, 0, "value", "number", "detail", "raw"]],
    )  # fmt: skip
    async with house.client() as client:
        client.cookies.set("trambox_language", language)
        page = await client.get(path)
    assert page.status_code == 200 and f'<html lang="{language}">' in page.text
    assert "<b>.txt" not in page.text and "<i>" not in page.text.replace('<i class="shape"', "")


@pytest.mark.asyncio
async def test_the_language_switch_leads_back_to_this_site_only(house: House) -> None:
    async with house.client("") as client:
        home = await client.get("/language/en?next=/log")
        away = await client.get("/language/en?next=//evil.example/")
    assert home.headers["location"] == "/log" and "trambox_language=en" in home.headers["set-cookie"]
    assert away.headers["location"] == "/"


@pytest.mark.asyncio
async def test_a_notice_shows_what_stands_before_what_has_recovered(house: House) -> None:
    await NoticeRow.create(id=4, recipient="Phòng Quan trắc", cause="missing", opened_ms=T0 * 1000, token="t" * 32)
    for number, recovered_ms in enumerate((T0 * 1000, None, T0 * 1000 + 1), 1):
        await NoticeItemRow.create(
            id=number, notice_id=4, source=f"station:TB_{number}", since_ms=T0 * 1000, added_ms=T0 * 1000,
            recovered_ms=recovered_ms,
        )  # fmt: skip
    async with house.client() as client:
        page = (await client.get("/notices/4")).text
    assert page.index("TB_2") < page.index("TB_3") < page.index("TB_1")


@pytest.mark.asyncio
@pytest.mark.parametrize(("actor", "verbs"), [("running", ["restart", "stop"]), ("stopped", ["start"])])
async def test_a_destination_offers_only_what_can_be_done_with_it(house: House, actor: str, verbs: list[str]) -> None:
    bo = house.board.forward_views[0].name
    house.board.service_views = [ServiceView(f"forwarder:{bo}", bo, ActorState(actor), 0, None, "", {})]
    async with house.client() as client:
        card = (
            (await client.get("/destinations")).text.partition(f'data-actor="forwarder:{bo}"')[2].partition("</p>")[0]
        )
    assert re.findall(r'data-verb="(\w+)"', card) == verbs


@pytest.mark.asyncio
async def test_a_destination_tells_on_which_days_items_came_too_late(house: House) -> None:
    days = {"2026-03-21": 2, "2026-03-20": 0, "2026-03-19": 30, "2026-03-18": 4}
    house.board.forward_views = [replace(house.board.forward_views[0], deadline_misses_today=2, late_days=days)]
    async with house.client() as client:
        page = (await client.get("/destinations")).text
    assert "Quá hạn hôm nay: 2 · các ngày trước: 19/03/2026: 30, 18/03/2026: 4<" in page
