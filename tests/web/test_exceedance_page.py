"""The page of exceedances, and the count in the bar on top."""

import pytest

from storage.models import ExceedanceRow
from tests.web.house import House
from tests.web.stored import T0


async def keep(number: int, parameter: str, state: str, end_s: int | None = None) -> None:
    await ExceedanceRow.create(
        id=number, station_id=1, parameter=parameter, averaging="hour", start_s=T0 + number, last_s=T0, end_s=end_s,
        level="exceeding", state=state, worst=90.5, worst_s=T0, high=75.0, unit="mg/L", count=3, noticed_ms=T0 * 1000,
        updated_ms=T0 * 1000,
    )  # fmt: skip


@pytest.mark.asyncio
async def test_what_is_sure_comes_first_and_is_counted_on_every_page(house: House) -> None:
    await keep(1, "COD", "exceeding")
    await keep(2, "TSS", "approaching")
    await keep(3, "Amoni", "ended", T0 + 60)
    async with house.client() as client:
        page = (await client.get("/exceedances")).text
        station = (await client.get("/stations/TB_COFF_NUOCTH/limits")).text
        log = (await client.get("/log")).text
    assert page.index("parameter=COD") < page.index("parameter=TSS") < page.index("parameter=Amoni")
    assert "ĐANG VƯỢT" in page and "90.5" in page and "ĐANG VƯỢT" in station
    assert '<b class="count"' in log.partition("/exceedances")[2].partition("</a>")[0]
