"""Means of every period and air indexes of a station over HTTP."""

from typing import Any

import pytest

from protocols.times import DAY_S, HOUR_S, iso
from protocols.vocabulary import Period
from storage.models import AqiRow, HourlyRow, LongerProductRow, ParameterRow
from tests.web.house import House
from tests.web.stored import T0

STATION = "/api/v1/stations/TB_COFF_NUOCTH"
pytestmark = pytest.mark.asyncio


async def hour(number: int, ago: int, value: float | None, version: int = 1, **fields: Any) -> None:
    said = {"parameter": "COD", "unit": "mg/L", "flag": 1 if value is not None else 9} | fields
    await HourlyRow.create(
        id=number, station_id=1, hour_s=T0 - ago * HOUR_S, version=version, value=value, count=12, expected=12,
        made_ms=T0 * 1000, **said,
    )  # fmt: skip


async def means(house: House, **query: str) -> list[dict[str, Any]]:
    async with house.client() as client:
        answer = await client.get(f"{STATION}/means", params=query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found


async def test_the_newest_version_of_an_hour_is_told_with_its_kind_and_reason(house: House) -> None:
    await hour(1, 0, 5.0)
    await hour(2, 0, 5.5, version=2, reason="late readings")
    await hour(3, 0, 0.0, parameter="WindDir", unit="độ", kind="vector", wind_kind="calm", parts={"calm": 6.0})
    wind, cod = sorted(await means(house), key=lambda row: row["parameter"], reverse=True)
    assert (cod["value"], cod["version"], cod["reason"], cod["kind"], cod["wind_kind"]) == (
        5.5, 2, "late readings", "mean", None,
    )  # fmt: skip
    assert (cod["time"], cod["count"], cod["expected"]) == (iso(T0), 12, 12)
    assert (wind["kind"], wind["wind_kind"], wind["value"]) == ("vector", "calm", 0.0)
    async with house.client() as client:
        hourly = (await client.get(f"{STATION}/hourly")).json()
    assert [row["kind"] for row in hourly] == ["mean", "vector"]


async def test_an_hour_may_be_named_by_its_start(house: House) -> None:
    await hour(1, 0, 5.0)
    (row,) = await means(house, label="start", parameter="COD")
    assert row["time"] == iso(T0 - HOUR_S)
    assert await means(house, parameter="TSS") == []


async def test_longer_periods_are_told_apart(house: House) -> None:
    for number, period in enumerate((Period.EIGHT_HOURS, Period.DAY, Period.HYDROMET_DAY), 1):
        await LongerProductRow.create(
            id=number, station_id=1, period=str(period), parameter="R", end_s=T0, version=1, value=float(number),
            unit="mm", flag=1, count=8, expected=8, made_ms=1, kind="sum",
        )  # fmt: skip
    for number, period in enumerate((Period.EIGHT_HOURS, Period.DAY, Period.HYDROMET_DAY), 1):
        assert [row["value"] for row in await means(house, period=str(period))] == [number]


async def test_the_running_day_is_made_from_the_hours_when_asked(house: House) -> None:
    await ParameterRow.create(station_id=1, symbol="COD", unit="mg/L")
    for ago in range(24):
        await hour(ago + 1, ago, 4.0 if ago % 2 else 6.0)
    (row,) = await means(house, period="24h", **{"from": iso(T0)})
    assert (row["value"], row["count"], row["expected"], row["flag"], row["made"]) == (5.0, 24, 24, 1, None)
    rows = await means(house, period="24h", **{"from": iso(T0 - DAY_S)})
    assert [each["flag"] for each in rows] == [9] * 17 + [1] * 7


@pytest.mark.parametrize(
    ("path", "field"),
    [("means?period=week", "period"), ("means?label=middle", "label"), ("aqi?period=8h", "period")],
)
async def test_a_period_that_there_is_not_is_refused_by_name(house: House, path: str, field: str) -> None:
    async with house.client() as client:
        answer = await client.get(f"{STATION}/{path}")
    assert (answer.status_code, answer.json()["field"]) == (400, field)


async def test_an_index_is_told_with_level_colour_and_parts(house: House) -> None:
    for number, (period, aqi) in enumerate((("1h", 120), ("day", None)), 1):
        await AqiRow.create(
            id=number, station_id=1, period=period, end_s=T0, version=1, aqi=aqi, main="pm25" if aqi else None,
            sub={"pm25": aqi}, nowcast={"pm25": 62.0} if aqi else {}, mode="law_norm", made_ms=1,
        )  # fmt: skip
    async with house.client() as client:
        (of_hour,) = (await client.get(f"{STATION}/aqi")).json()
        (of_day,) = (await client.get(f"{STATION}/aqi?period=day")).json()
    assert (of_hour["aqi"], of_hour["level"], of_hour["colour"]) == (120, "Kém", "#ff7e00")
    assert (of_hour["time"], of_hour["day"], of_hour["nowcast"]) == (iso(T0), None, {"pm25": 62.0})
    assert (of_day["aqi"], of_day["level"], of_day["level_number"]) == (None, None, 0)
    assert of_day["day"] == iso(T0 - 1)[:10]
