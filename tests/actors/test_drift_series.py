"""Which series are looked at, and with which neighbours."""

import pytest

from actors.drift_series import drift_series
from storage.models import ParameterRow, StationRow
from tests.storage.stores import opened

pytestmark = pytest.mark.asyncio
SPATIAL = {"radius_m": 20000, "dz_max_m": 100, "sigma_min": 1, "k_sus": 4}
QC: dict[str, object] = {"cusum": {"sigma_min": 1}, "spatial": SPATIAL}


async def stations(count: int, qc: dict[str, object]) -> None:
    for number in range(1, count + 1):
        row = await StationRow.create(
            code=f"A{number}",
            kind="air",
            lat=21.0 + 0.01 * number,
            lon=105.8,
            elevation_m=400.0 if number == 5 else 5.0,
        )
        await ParameterRow.create(station_id=row.id, symbol="X", unit="u", qc=qc)


async def test_stations_around_are_taken_off_where_there_are_enough_at_the_same_height(sqlite_url: str) -> None:
    async with opened(sqlite_url):
        await stations(5, QC)
        by_station = {series.station_id: series.neighbours for series in await drift_series([])}
    assert by_station == {1: (2, 3, 4), 2: (1, 3, 4), 3: (1, 2, 4), 4: (1, 2, 3), 5: ()}


@pytest.mark.parametrize("drift", [{"neighbours": False}, {"day_share": 0.5}])
async def test_the_inventory_may_say_otherwise(sqlite_url: str, drift: dict[str, object]) -> None:
    async with opened(sqlite_url):
        await stations(4, {**QC, "drift": drift})
        (first, *_) = await drift_series([], 1)
    assert first.neighbours == (() if "neighbours" in drift else (2, 3, 4))
    assert first.day.day_share == drift.get("day_share", 0.8)


async def test_a_series_without_a_table_or_with_it_turned_off_is_not_looked_at(sqlite_url: str) -> None:
    async with opened(sqlite_url):
        await stations(1, {"cusum": False, "range": {"fail_hi": 1}})
        assert await drift_series([]) == []
