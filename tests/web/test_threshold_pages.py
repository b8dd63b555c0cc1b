"""The page of a station's thresholds."""

import dataclasses
from typing import Any

import pytest

from actors.rules.detection import DetectionThresholds
from actors.rules.flat_line import FlatLineThresholds
from actors.rules.gap import GapThresholds
from actors.rules.order import OrderThresholds
from actors.rules.rain_counter import RainCounterThresholds
from actors.rules.range_check import RangeThresholds
from actors.rules.spatial import SpatialThresholds
from actors.rules.spike import SpikeThresholds
from actors.rules.step import StepThresholds
from storage.models import DriftTicketRow, ParameterRow, ThresholdProposalRow
from tests.web.fakes import NOW_S
from tests.web.house import House
from web.threshold_words import phrases
from web.words import load_words

THRESHOLDS: dict[str, Any] = {
    "range": RangeThresholds, "detection_limit": DetectionThresholds, "step": StepThresholds, "spike": SpikeThresholds,
    "flat_line": FlatLineThresholds, "gap": GapThresholds, "order": OrderThresholds, "spatial": SpatialThresholds,
    "rain_counter": RainCounterThresholds,
}  # fmt: skip
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
    for said in (
        "hỏng nếu trên 300 mg/L",
        "máy mới",
        "12.5 mg/L",
        "10 mg/L",
        "2000 bước đo liên tiếp",
        "của trạm",
        "Duyệt",
        "▲ tăng",
        "Đổi ngưỡng",
    ):
        assert said in text, said


@pytest.mark.asyncio
async def test_a_viewer_sees_no_form(house: House) -> None:
    await ParameterRow.create(station_id=1, symbol="COD", unit="mg/L", qc={})
    async with house.client("lan") as client:
        answer = await client.get(PAGE)
    assert answer.status_code == 200 and "<form" not in answer.text.partition('<main id="main">')[2]


def test_a_table_is_told_in_words_with_units() -> None:
    say = load_words()["vi"]
    told = phrases(
        say, "step", {"s10": 2.0, "f10": None, "max_gap_s": 5400, "reanchor": 3, "of_tomorrow": "l2"}, "mg/L"
    )
    assert told == [
        "nghi ngờ nếu đổi quá 2 mg/L trong 10 phút", "không so với giá trị cách quá 90 phút",
        "lấy mốc mới sau 3 giá trị hỏng liên tiếp", "of_tomorrow l2",
    ]  # fmt: skip
    flat = {"tol": 0.1, "exclude": {"le": 0, "ge": None, "when": "WS", "when_le": 0.5, "night": True}}
    assert phrases(say, "flat_line", flat, "mm")[1:] == [
        "không xét giá trị từ 0 mm trở xuống", "không xét khi WS ≤ 0.5", "không xét ban đêm",
    ]  # fmt: skip
    assert phrases(say, "spike", False, "mm") == []


def test_every_key_of_every_test_has_words() -> None:
    say = load_words()["vi"]
    for test, kind in THRESHOLDS.items():
        keys = {key.name for key in dataclasses.fields(kind)} - {"exclude"}
        assert {key for key in keys if f"threshold.{test}.{key}" not in say.table} == set(), test
