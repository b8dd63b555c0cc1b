"""Limits beside the newest values that are held against them."""

import pytest

from actors.rules.limit_presets import load_presets
from actors.rules.limits import Averaging
from storage.models import ParameterRow
from tests.web.fakes import NOW_S
from tests.web.house import House
from tests.web.stored import T0, keep_reading
from web.station_limits import Measured, limit_lines


@pytest.mark.parametrize(
    ("value", "flag", "standing", "share"),
    [(50.0, 1, "inside", 67), (70.0, 1, "near", 93), (80.0, 1, "over", 107), (80.0, 3, "verify", 107),
     (80.0, 4, "unfit", None), (None, 9, "none", None)],
)  # fmt: skip
def test_a_value_stands_inside_near_or_over_its_limit(
    value: float | None, flag: int, standing: str, share: int | None
) -> None:
    row = ParameterRow(symbol="COD", unit="mg/L", limit={"value": 75, "scaled": False})
    lines = limit_lines([row], load_presets(), {("COD", Averaging.INSTANT): Measured(0, value, flag)}, NOW_S)
    instant = next(line for line in lines if line.averaging is Averaging.INSTANT)
    assert (instant.standing, instant.share) == (standing, share)


@pytest.mark.parametrize(
    ("o2", "standing", "compared"),
    [
        (Measured(0, 13.9, 1), "over", 60 * 13.9 / 7), (Measured(0, 7.0, 1), "inside", 60.0),
        (Measured(0, 13.9, 3), "verify", 60 * 13.9 / 7), (Measured(0, 20.5, 1), "unknown", None),
        (Measured(0, 13.9, 4), "unknown", None), (Measured(300, 13.9, 1), "unknown", None), (None, "unknown", None),
    ],
)  # fmt: skip
def test_a_stacks_value_stands_by_the_oxygen_of_the_same_instant_or_mean(
    o2: Measured | None, standing: str, compared: float | None
) -> None:
    row = ParameterRow(symbol="SO2", unit="mg/Nm3", limit={"value": 100, "scaled": False, "o2_ref": 7})
    for averaging in (Averaging.INSTANT, Averaging.HOUR):
        measured = {("SO2", averaging): Measured(0, 60.0, 1)} | ({("O2", averaging): o2} if o2 else {})
        lines = limit_lines([row], load_presets(), measured, NOW_S)
        (line,) = (line for line in lines if line.averaging is averaging)
        assert line.standing == standing and line.compared == pytest.approx(compared)


def test_a_value_within_may_have_a_tendency() -> None:
    row = ParameterRow(symbol="COD", unit="mg/L", limit={"value": 75, "scaled": False})
    place = ("COD", Averaging.INSTANT)
    for value, standing in ((50.0, "tending"), (70.0, "near"), (80.0, "over")):
        lines = limit_lines([row], load_presets(), {place: Measured(0, value, 1)}, NOW_S, {place})
        assert next(line.standing for line in lines if line.averaging is Averaging.INSTANT) == standing


@pytest.mark.asyncio
async def test_the_pages_show_the_limit_and_how_the_value_stands_to_it(house: House) -> None:
    await ParameterRow.create(id=1, station_id=1, symbol="COD", unit="mg/L", limit={"value": 4, "scaled": False})
    await keep_reading(1, T0)
    async with house.client() as client:
        limits = (await client.get("/stations/TB_COFF_NUOCTH/limits")).text
        overview = (await client.get("/stations/TB_COFF_NUOCTH")).text
    assert "danh mục trạm, không nêu văn bản" in limits
    for page in (limits, overview):
        assert "≤ 4" in page and "vượt, cần xác minh" in page
