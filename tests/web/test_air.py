"""The public board of the air quality index."""

import pytest

from protocols.times import HOUR_S, iso
from storage.models import AqiRow, StationRow
from tests.web.house import House
from tests.web.stored import T0
from web.air import FRESH_S

pytestmark = pytest.mark.asyncio


async def index(number: int, station_id: int, end_s: int, aqi: int | None, version: int = 1) -> None:
    await AqiRow.create(
        id=number, station_id=station_id, period="1h", end_s=end_s, version=version, aqi=aqi, main="pm10",
        sub={"pm10": aqi}, nowcast={}, mode="law_norm", made_ms=1,
    )  # fmt: skip


async def air_stations() -> None:
    for number, name in ((11, "Phố Hiến"), (12, "Văn Lâm"), (13, "Tiên Lữ")):
        await StationRow.create(id=number, code=f"HY_KHI{number}", name=name, kind="air")


async def test_the_worst_stands_first_and_a_station_without_an_index_last(house: House) -> None:
    await air_stations()
    await index(1, 11, T0, 40)
    await index(2, 12, T0 - HOUR_S, 160)
    await index(3, 12, T0, None)
    await index(4, 13, T0 - FRESH_S - HOUR_S, 300)
    async with house.client("") as client:
        board = (await client.get("/api/v1/aqi")).json()
    assert [(row["station"], row["aqi"], row["level_number"]) for row in board] == [
        ("HY_KHI12", 160, 4), ("HY_KHI11", 40, 1), ("HY_KHI13", None, 0),
    ]  # fmt: skip
    assert board[0]["time"] == iso(T0 - HOUR_S)
    assert board[2]["level"] is board[2]["colour"] is board[2]["time"] is None


async def test_anybody_may_read_the_board_and_nothing_else(house: House) -> None:
    await air_stations()
    await index(1, 11, T0, 201)
    async with house.client("") as client:
        page = await client.get("/aqi")
        other = await client.get("/api/v1/stations/HY_KHI11/aqi")
    assert (page.status_code, other.status_code) == (200, 401)
    assert "Phố Hiến" in page.text
    assert "Rất xấu" in page.text
    assert "Không có số liệu" in page.text


async def test_the_newest_version_counts(house: House) -> None:
    await air_stations()
    await index(1, 11, T0, 201)
    await index(2, 11, T0, 90, version=2)
    async with house.client("") as client:
        assert (await client.get("/api/v1/aqi")).json()[0]["aqi"] == 90
