"""Limits and presets over HTTP."""

import pytest

from storage.models import ParameterRow
from tests.web.house import House

STATION = "/api/v1/stations/TB_COFF_NUOCTH"


@pytest.mark.asyncio
async def test_a_limit_tells_how_it_came_about(house: House) -> None:
    limit: dict[str, object] = {"preset": "qcvn_40_2011:A", "river_m3_s": 600, "discharge_m3_day": 40}
    await ParameterRow.create(station_id=1, symbol="COD", unit="mg/L", limit=limit)
    await ParameterRow.create(station_id=1, symbol="Flow", unit="m3/h")
    async with house.client() as client:
        rows = (await client.get(f"{STATION}/limits")).json()
    assert [row["averaging"] for row in rows] == ["instant", "hour", "day"]
    assert rows[0]["cmax"] == pytest.approx(108)
    assert {key: rows[0][key] for key in ("parameter", "value", "kq", "kf", "how", "document", "in_force")} == {
        "parameter": "COD", "value": 75, "kq": 1.2, "kf": 1.2, "how": "75 x Kq 1.2 x Kf 1.2 = 108",
        "document": "QCVN 40:2011/BTNMT", "in_force": True,
    }  # fmt: skip


@pytest.mark.asyncio
async def test_a_limit_of_another_time_is_told_as_not_in_force(house: House) -> None:
    await ParameterRow.create(
        station_id=1, symbol="COD", unit="mg/L",
        limit=[{"value": 100, "valid_to": "2025-01-01"}, {"low": 1, "valid_from": "2025-01-01", "averaging": ["hour"]}],
    )  # fmt: skip
    async with house.client() as client:
        rows = (await client.get(f"{STATION}/limits")).json()
        unknown = await client.get("/api/v1/stations/X/limits")
    assert [(row["averaging"], row["cmax"], row["in_force"]) for row in rows] == [
        ("instant", 100, False), ("hour", 100, False), ("day", 100, False), ("hour", None, True),
    ]  # fmt: skip
    assert unknown.status_code == 404


@pytest.mark.asyncio
async def test_the_presets_are_told_with_their_days_and_confidence(house: House) -> None:
    async with house.client() as client:
        told = (await client.get("/api/v1/limits/presets")).json()
    names = [preset["name"] for preset in told["presets"]]
    assert {"qcvn_40_2011", "qcvn_19_2009", "qcvn_05_2023", "qcvn_08_2023"} <= set(names)
    row = told["presets"][0]["rows"][0]
    assert (row["column"], row["parameter"], row["hi"], row["confidence"]) == ("A", "Temp", 40, "high")
    assert told["factors"][0]["steps"][0] == {"up_to": 50, "word": "", "value": 0.9}
