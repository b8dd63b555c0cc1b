"""What was stored of a station and of a vehicle, over HTTP."""

import pytest

from protocols.formats.ufms import build_waypoint
from protocols.records import Waypoint
from storage.models import FileRow, GapRow, HourlyRow, ReadingRow, ViolationRow, WaypointRow
from tests.web.fakes import NOW_S
from tests.web.house import House

STATION = "/api/v1/stations/TB_COFF_NUOCTH"
T0 = int(NOW_S) // 3600 * 3600


async def keep_reading(number: int, time_s: int, parameter: str = "COD") -> None:
    await ReadingRow.create(
        id=number, station_id=1, parameter=parameter, time_s=time_s, value=4.5, raw_text="4.50", unit="mg/L",
        device_status="00", flag=3, tests={"range": 1, "spike": 3}, file_id=2**60, line=2,
    )  # fmt: skip


async def keep_waypoint(number: int, prev: int, time_s: int, received_s: int, vehicle_id: int = 1) -> None:
    body = build_waypoint(Waypoint("29B00001", "", 41.5, time_s, 105.8, 21.02, None, None, None, None))
    await WaypointRow.create(
        id=number, prev=prev, vehicle_id=vehicle_id, time_s=time_s, received_ms=received_s * 1000, provider_id=1,
        body=body,
    )  # fmt: skip


@pytest.mark.asyncio
async def test_readings_keep_the_number_as_received_beside_the_judgement(house: House) -> None:
    await keep_reading(1, T0)
    async with house.client() as client:
        rows = (await client.get(f"{STATION}/readings")).json()
    assert rows == [
        {
            "time": "2025-11-20T10:00:00+07:00", "parameter": "COD", "value": 4.5, "raw": "4.50", "unit": "mg/L",
            "device_status": "00", "flag": 3, "tests": {"range": 1, "spike": 3}, "file": str(2**60), "line": 2,
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


@pytest.mark.asyncio
async def test_a_track_is_walked_back_from_its_newest_row_and_told_by_time(house: House) -> None:
    await keep_waypoint(1, 0, T0 - 7200, T0 - 7200)
    await keep_waypoint(2, 1, T0 - 20, T0 - 20)
    await keep_waypoint(3, 0, T0 - 15, T0 - 15, vehicle_id=2)
    await keep_waypoint(4, 2, T0, T0)
    await keep_waypoint(5, 4, T0 - 10, T0 + 60)
    house.heads[1] = 5
    async with house.client() as client:
        query = "from=2025-11-20T09:59:00&to=2025-11-20T10:00:00"
        rows = (await client.get(f"/api/v1/vehicles/29B-00001/waypoints?{query}")).json()
    assert [row["time"][11:19] for row in rows] == ["09:59:40", "09:59:50", "10:00:00"]
    assert rows[1]["received"] == "2025-11-20T10:01:00.000+07:00" and rows[1]["speed_kmh"] == 41.5


@pytest.mark.asyncio
async def test_a_vehicle_that_never_sent_has_an_empty_track(house: House) -> None:
    async with house.client() as client:
        assert (await client.get("/api/v1/vehicles/29B00001/waypoints")).json() == []
        assert (await client.get("/api/v1/vehicles/NOBODY/waypoints")).status_code == 404


@pytest.mark.asyncio
async def test_a_violation_names_every_field_of_the_contract(house: House) -> None:
    await ViolationRow.create(
        id=1, vehicle_id=1, kind="speed", start_s=T0 - 60, end_s=T0 - 20, closed=True,
        detail={"driver": "GPLX1", "v_kmh": 78.0, "limit_kmh": 50.0, "excess_kmh": 28.0, "band": "20-35",
                "time_worst_s": T0 - 30, "places": []},
    )  # fmt: skip
    async with house.client() as client:
        (row,) = (await client.get("/api/v1/vehicles/29B00001/violations")).json()
    assert row["duration_s"] == 40 and row["time_worst"] == "2025-11-20T09:59:30+07:00" and row["band"] == "20-35"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path", ["/", "/stations/TB_COFF_NUOCTH", "/stations/TB_COFF_NUOCTH/files/9", "/vehicles/29B00001",
             "/destinations", "/log", "/users", "/docs"]
)  # fmt: skip
@pytest.mark.parametrize("language", ["vi", "en"])
async def test_every_page_stands_in_both_languages(house: House, path: str, language: str) -> None:
    await keep_reading(1, T0)
    await keep_waypoint(1, 0, T0, T0)
    house.heads[1] = 1
    await FileRow.create(
        id=9, station_id=1, account="a", protocol="ftp", address="127.0.0.1", name="<b>.txt", size=3, sha256="0" * 64,
        received_ms=T0 * 1000, fate="stored", body=b"<i>", faults=[[1, 0, "value", "number", "detail", "raw"]],
    )  # fmt: skip
    async with house.client() as client:
        client.cookies.set("trambox_language", language)
        page = await client.get(path)
    assert page.status_code == 200 and f'<html lang="{language}">' in page.text
    assert "<b>.txt" not in page.text and "<i>" not in page.text.replace('<i class="shape"', "")


@pytest.mark.asyncio
async def test_the_language_switch_leads_back_to_this_site_only(house: House) -> None:
    async with house.client("") as client:
        home = await client.get("/language/en?next=/log")
        away = await client.get("/language/en?next=//evil.example/")
    assert home.headers["location"] == "/log" and "trambox_language=en" in home.headers["set-cookie"]
    assert away.headers["location"] == "/"
