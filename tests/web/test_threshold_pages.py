"""The page of a station's thresholds."""

import pytest

from storage.models import DriftTicketRow, ParameterRow, ThresholdProposalRow
from tests.web.fakes import NOW_S
from tests.web.house import House
from web.threshold_pages import keys_of

PAGE = "/stations/TB_COFF_NUOCTH/thresholds"


@pytest.mark.asyncio
async def test_it_tells_what_is_in_use_who_changed_it_and_what_is_proposed(house: House) -> None:
    await ParameterRow.create(station_id=1, symbol="COD", unit="mg/L", qc={})
    await ThresholdProposalRow.create(
        station_id=1, parameter="COD", made_ms=0, tables={"step": {"s10": 12.5}}, was={"step": {"s10": 10.0}},
        evidence={"steps": 2000.0},
    )  # fmt: skip
    await DriftTicketRow.create(
        id=1, station_id=1, parameter="COD", day_s=int(NOW_S) - 86400, direction="up", start_s=int(NOW_S) - 9 * 86400,
        made_ms=0, state="open",
    )  # fmt: skip
    change = {"parameter": "COD", "tables": {"range": {"fail_hi": 300}}, "reason": "máy mới"}
    async with house.client() as client:
        await client.post("/api/v1/stations/TB_COFF_NUOCTH/thresholds", json=change)
        text = (await client.get(PAGE)).text
    for said in ("fail_hi 300", "máy mới", "12.5", "của trạm", "Duyệt", "▲ tăng", "Đổi ngưỡng"):
        assert said in text, said


@pytest.mark.asyncio
async def test_a_viewer_sees_no_form(house: House) -> None:
    await ParameterRow.create(station_id=1, symbol="COD", unit="mg/L", qc={})
    async with house.client("lan") as client:
        answer = await client.get(PAGE)
    assert answer.status_code == 200 and "<form" not in answer.text.partition('<main id="main">')[2]


def test_a_table_is_told_in_one_line() -> None:
    assert keys_of({"s10": 2.0, "f10": None, "model": "l2"}) == "s10 2, model l2" and keys_of(False) == "–"
