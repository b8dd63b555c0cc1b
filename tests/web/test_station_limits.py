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
