"""Readings with how they were judged, as JSON and as CSV; control states of a station."""

import csv
from io import StringIO

import pytest

from protocols.verdict import ARRIVAL_SHIFT, pack
from storage.models import ControlChangeRow, HourlyRow, ReadingRow, StationRow, ThresholdVersionRow
from tests.web.house import House
from tests.web.stored import T0

STATION = "/api/v1/stations/TB_COFF_NUOCTH"
SPAN = "from=2025-11-20T10:00:00%2B07:00&to=2025-11-20T12:00:00%2B07:00"
pytestmark = pytest.mark.asyncio


async def keep(number: int, value: float, flag: int, tests: dict[str, int], params_id: int = 1) -> None:
    await ReadingRow.create(
        id=number, station_id=1, parameter="COD", time_s=T0 + 300 * number, value=value, raw_text=f"{value:g}",
        unit="mg/L", device_status="00", flag=flag, verdict=pack(tests) | 1 << ARRIVAL_SHIFT,
        file_id=7, line=number, params_id=params_id,
    )  # fmt: skip


async def kept() -> None:
    await ThresholdVersionRow.create(
        id=1, station_id=1, parameter="COD", tables={"detection_limit": {"mdl": 5.0}}, origins={}, params_hash="abc",
        own_hash="", valid_from_ms=0, who="import",
    )  # fmt: skip
    full = {"syntax": 1, "range": 1, "step": 1, "flat_line": 1}
    await keep(1, 4.5, 1, full)
    await keep(2, 40.0, 3, {**full, "step": 2, "spike": 3})
    await keep(3, 40.0, 2, {"syntax": 2}, params_id=0)


async def test_a_reading_tells_its_thresholds_its_control_state_and_its_codes(house: House) -> None:
    await kept()
    async with house.client() as client:
        rows = (await client.get(f"{STATION}/readings?{SPAN}")).json()
    told = [(row["params_hash"], row["control"], row["validity_eea"], row["quality_bufr"]) for row in rows]
    assert told == [
        ("abc", "da_kiem_soat", 2, 0),
        ("abc", "kiem_soat_chua_day_du", None, 2),
        (None, "chua_kiem_soat", None, 4),
    ]


async def test_the_csv_holds_the_same_as_the_json(house: House) -> None:
    await kept()
    async with house.client() as client:
        rows = (await client.get(f"{STATION}/readings?{SPAN}")).json()
        answer = await client.get(f"{STATION}/readings.csv?{SPAN}&parameter=COD")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(StringIO(answer.text)))
    assert [line["time"] for line in lines] == [row["time"] for row in rows]
    assert (lines[0]["value"], lines[0]["raw"], lines[0]["control"]) == ("4.5", "4.5", "da_kiem_soat")
    assert lines[2]["params_hash"] == "" and lines[1]["tests"].startswith('{"syntax":1')


async def test_a_special_purpose_station_is_controlled_once_its_hour_is_counted(house: House) -> None:
    await StationRow.filter(id=1).update(network="special")
    await kept()
    async with house.client() as client:
        before = (await client.get(f"{STATION}/control?{SPAN}")).json()
        await HourlyRow.create(
            id=1, station_id=1, parameter="COD", hour_s=T0 + 3600, version=1, value=5.0, unit="mg/L", flag=1, count=12,
            expected=12, made_ms=0,
        )  # fmt: skip
        after = (await client.get(f"{STATION}/control?{SPAN}")).json()
    assert before["mandatory"] == ["syntax", "completeness"]
    assert before["states"] == {"chua_kiem_soat": 1, "kiem_soat_chua_day_du": 2, "da_kiem_soat": 0}
    assert after["states"] == {"chua_kiem_soat": 0, "kiem_soat_chua_day_du": 1, "da_kiem_soat": 2}


async def test_a_state_that_changed_after_its_publication_is_listed(house: House) -> None:
    await ControlChangeRow.create(
        id=1, station_id=1, parameter="COD", time_s=T0, file_id=7, line=1, was="kiem_soat_chua_day_du",
        now="da_kiem_soat", at_ms=(T0 + 5000) * 1000,
    )  # fmt: skip
    async with house.client() as client:
        (change,) = (await client.get(f"{STATION}/control?{SPAN}")).json()["changes"]
    assert (change["was"], change["now"], change["time"][11:16]) == ("kiem_soat_chua_day_du", "da_kiem_soat", "10:00")
