"""The report of a day."""

import pytest

from protocols.times import day_start
from storage.models import ParameterRow, StationDayRow, StationRow
from tests.web.fakes import NOW_S
from tests.web.house import House

TODAY_S = day_start(int(NOW_S))


@pytest.mark.asyncio
async def test_the_least_complete_station_comes_first_and_what_people_did_stands_below(house: House) -> None:
    await StationRow.create(id=2, code="TB_B", name="Bờ sông", kind="surface_water")
    for number, received in ((1, 280), (2, 100)):
        await ParameterRow.create(id=number, station_id=number, symbol="COD", unit="mg/L")
        await StationDayRow.create(id=number, station_id=number, day_s=TODAY_S - 86400, received=received, late=3,
                                   backfilled=0, failed=1)  # fmt: skip
    async with house.client() as client:
        await client.post("/api/v1/actors/station:TB_COFF_NUOCTH/restart")
        page = (await client.get("/report?day=2025-11-19")).text
        today = (await client.get("/report")).text
    assert page.index("Bờ sông") < page.index("Trạm nước thải Cà Phê")
    assert "100 / 288" in page and "34.7 %" in page and "280 / 288" in page
    assert "khởi động lại" in today and "TB_COFF_NUOCTH" in today
