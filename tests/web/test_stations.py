"""What was stored of a station, over HTTP."""

import pytest

from storage.models import FileRow, GapRow, HourlyRow
from tests.web.house import House
from tests.web.stored import T0, keep_reading

STATION = "/api/v1/stations/TB_COFF_NUOCTH"


@pytest.mark.asyncio
async def test_readings_keep_the_number_as_received_beside_the_judgement(house: House) -> None:
    await keep_reading(1, T0)
    async with house.client() as client:
        rows = (await client.get(f"{STATION}/readings")).json()
    assert rows == [
        {
            "time": "2025-11-20T10:00:00+07:00", "parameter": "COD", "value": 4.5, "raw": "4.50", "unit": "mg/L",
            "qualifier": None, "order": "in_order", "excluded": False, "resent": False,
            "params_hash": None, "control": "kiem_soat_chua_day_du", "validity_eea": None, "quality_bufr": 2,
            "raw_unit": "", "reasons": [], "converted": False, "device_status": "00", "flag": 3,
            "tests": {"range": 1, "spike": 3}, "file": str(2**60), "line": 2,
        }
    ]  # fmt: skip


@pytest.mark.asyncio
async def test_both_ends_of_the_span_belong_to_it_and_a_lost_plus_is_mended(house: House) -> None:
    for number, time_s in enumerate((T0 - 1, T0, T0 + 300, T0 + 301), 1):
        await keep_reading(number, time_s)
    async with house.client() as client:
        answer = await client.get(f"{STATION}/readings?from=2025-11-20T10:00:00+07:00&to=2025-11-20T10:05:00%2B07:00")
    assert [row["time"][11:19] for row in answer.json()] == ["10:00:00", "10:05:00"]


@pytest.mark.asyncio
async def test_readings_of_one_parameter_only(house: House) -> None:
    await keep_reading(1, T0, "COD")
    await keep_reading(2, T0, "pH")
    async with house.client() as client:
        rows = (await client.get(f"{STATION}/readings?parameter=pH")).json()
    assert [row["parameter"] for row in rows] == ["pH"]


@pytest.mark.asyncio
@pytest.mark.parametrize("query", ["from=yesterday", "to=2025-13-01", "from=2025-11-20T10:00&to=2025-11-20T09:00"])
async def test_a_span_that_cannot_be_read_is_refused_by_its_field(house: House, query: str) -> None:
    async with house.client() as client:
        answer = await client.get(f"{STATION}/readings?{query}")
    assert answer.status_code == 400 and answer.json()["field"] == query.partition("=")[0]


@pytest.mark.asyncio
async def test_an_hour_is_told_in_its_latest_version(house: House) -> None:
    for version, value in ((1, 4.0), (2, 5.0)):
        await HourlyRow.create(
            id=version, station_id=1, parameter="COD", hour_s=T0, version=version, value=value, unit="mg/L", flag=1,
            count=11 + version - 1, expected=12, made_ms=0,
        )  # fmt: skip
    async with house.client() as client:
        rows = (await client.get(f"{STATION}/hourly")).json()
    assert [(row["version"], row["value"], row["count"]) for row in rows] == [(2, 5.0, 12)]


@pytest.mark.asyncio
async def test_a_gap_that_is_still_open_is_told(house: House) -> None:
    await GapRow.create(id=1, station_id=1, parameter="COD", from_s=T0 - 86400 * 3, to_s=T0 - 86400 * 2, missing=9,
                        state="closed")  # fmt: skip
    await GapRow.create(id=2, station_id=1, parameter="COD", from_s=T0, to_s=None, missing=3, state="open")
    async with house.client() as client:
        rows = (await client.get(f"{STATION}/gaps")).json()
    assert [(row["state"], row["from"][11:16], row["to"]) for row in rows] == [("open", "10:00", None)]


@pytest.mark.asyncio
async def test_a_file_is_listed_by_day_and_given_back_byte_for_byte(house: House) -> None:
    body = "COD\t4,5\tmg/L\r\n\xff".encode("latin-1")
    await FileRow.create(
        id=9, station_id=1, account="a", protocol="ftp", address="127.0.0.1", name="TB_COFF_NUOCTH_x.txt",
        received_ms=T0 * 1000, size=len(body), sha256="0" * 64, fate="refused", reason="faults", body=body,
        faults=[{"line": 1, "reason": "decimal_comma"}],
    )  # fmt: skip
    async with house.client() as client:
        listed = (await client.get(f"{STATION}/files?day=2025-11-20")).json()
        other_day = (await client.get(f"{STATION}/files?day=2025-11-19")).json()
        one = (await client.get(f"{STATION}/files/9")).json()
        raw = await client.get(f"{STATION}/files/9/raw")
        missing = await client.get(f"{STATION}/files/10")
    assert listed == [one] and other_day == [] and one["faults"][0]["reason"] == "decimal_comma"
    assert raw.content == body and "attachment" in raw.headers["content-disposition"]
    assert missing.status_code == 404
