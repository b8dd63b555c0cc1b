"""Completeness windows and history bars over HTTP."""

from typing import Any

import pytest

from protocols.times import DAY_S, day_start, iso
from storage.models import AreaRow, DisasterRow, FileRow, ParameterRow, StationDayRow, StationRow
from tests.web.fakes import NOW_S
from tests.web.house import House
from tests.web.stored import T0, keep_reading

STATION = "/api/v1/stations/TB_COFF_NUOCTH"


async def keep_file(number: int, received_s: int) -> None:
    await FileRow.create(
        id=number, station_id=1, account="a", protocol="ftp", address="", name=f"f{number}", size=1, sha256="",
        received_ms=received_s * 1000, fate="stored",
    )  # fmt: skip


async def ask(house: House, path: str, **query: Any) -> Any:
    async with house.client() as client:
        answer = await client.get(f"{STATION}/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.mark.asyncio
async def test_an_hour_tells_its_missing_instants(house: House) -> None:
    for number, minutes in enumerate((5, 10, 15, 20, 25, 30), 1):
        await keep_reading(number, T0 - 3600 + minutes * 60)
    (found,) = await ask(house, "completeness", **{"from": iso(T0 - 3600), "to": iso(T0), "window": "hour"})
    assert (found["expected"], found["received"], found["rate"], found["flag"]) == (12, 6, 0.5, 3)
    assert found["missing"] == [iso(T0 - 1800 + 300 * at) for at in range(1, 7)]


@pytest.mark.asyncio
async def test_the_parameters_own_table_holds(house: House) -> None:
    await ParameterRow.create(station_id=1, symbol="COD", qc={"completeness": {"interval_s": 1800, "ok": 1.0}})
    await ParameterRow.create(station_id=1, symbol="pH", qc={"completeness": False})
    await keep_reading(1, T0)
    (found,) = await ask(house, "completeness", **{"from": iso(T0 - 3600), "to": iso(T0), "window": "span"})
    assert (found["parameter"], found["expected"], found["flag"]) == ("COD", 2, 3)


@pytest.mark.asyncio
async def test_a_window_nobody_knows_is_refused(house: House) -> None:
    async with house.client() as client:
        assert (await client.get(f"{STATION}/completeness?window=week")).json()["field"] == "window"
        assert (await client.get(f"{STATION}/history?span=1y")).json()["field"] == "span"
        assert (await client.get(f"{STATION}/completeness?from=2020-01-01&to=2025-01-01")).status_code == 400


@pytest.mark.asyncio
async def test_the_last_24_hours_have_a_cell_for_each_slot(house: House) -> None:
    await keep_reading(1, T0 - 3600)
    await keep_file(2**60, T0 - 3600 + 500)
    found = await ask(house, "history", span="24h")
    assert (len(found["cells"]), found["slots_per_day"], found["received"]) == (288, 288, 1)
    (cell,) = [cell for cell in found["cells"] if cell["to"] == iso(T0 - 3600)]
    assert (cell["expected"], cell["received"], cell["late"], cell["failed"]) == (1, 1, 1, 0)


@pytest.mark.asyncio
async def test_thirty_days_come_from_running_counts(house: House) -> None:
    today_s = day_start(int(NOW_S))
    await keep_reading(1, today_s - 3 * DAY_S)
    await StationDayRow.create(id=1, station_id=1, day_s=today_s - DAY_S, received=200, late=9, backfilled=3, failed=-1)
    found = await ask(house, "history", span="30d")
    assert len(found["cells"]) == 30
    assert found["cells"][-2]["received"] == 200
    assert (found["cells"][-2]["expected"], found["cells"][-2]["failed"]) == (288, 0)


@pytest.mark.asyncio
async def test_a_disaster_of_its_area_raises_what_is_expected(house: House) -> None:
    await StationRow.filter(id=1).update(schedule="sea_port", cadence_s=21600)
    await AreaRow.create(name="coast", stations=["TB_COFF_NUOCTH"])
    day_s = day_start(int(NOW_S)) - DAY_S
    await DisasterRow.create(id=1, area="coast", from_s=day_s, to_s=day_s + 6 * 3600, cadence_s=3600)
    await keep_reading(1, day_s + 3600)
    asked = {"from": iso(day_s), "to": iso(day_s + DAY_S), "window": "day"}
    (found,) = await ask(house, "completeness", **asked)
    assert (found["expected"], found["received"]) == (6 + 3, 1)
