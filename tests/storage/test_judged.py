"""What tells how a reading was judged, on both engines."""

import pytest

from protocols.times import DAY_S
from storage.judged import hour_counts, judgements, readings_by_window
from storage.models import HourlyRow, ReadingRow, ThresholdVersionRow
from tests.storage.stores import opened

pytestmark = pytest.mark.asyncio


async def keep(number: int, time_s: int, parameter: str = "COD") -> None:
    await ReadingRow.create(
        id=number, station_id=1, parameter=parameter, time_s=time_s, value=1.0, raw_text="1", unit="mg/L",
        device_status="00", flag=1, file_id=1, line=number,
    )  # fmt: skip


async def test_a_long_period_is_read_a_day_at_a_time_and_empty_years_cost_nothing(store_url: str) -> None:
    times = [0, 5, DAY_S - 1, DAY_S, 4000 * DAY_S, 4000 * DAY_S + 7]
    async with opened(store_url):
        for number, time_s in enumerate(times, 1):
            await keep(number, time_s)
        await keep(99, 6, "pH")
        windows = [[row.time_s for row in rows] async for *_, rows in readings_by_window(1, 0, 5000 * DAY_S, "COD")]
        inner = [row.id async for *_, rows in readings_by_window(1, 5, DAY_S - 1) for row in rows]
    assert windows == [times[:3], times[3:4], times[4:]]
    assert inner == [2, 99, 3]


async def test_a_version_is_known_by_its_hash_and_its_detection_limit(store_url: str) -> None:
    async with opened(store_url):
        for tables in ({"detection_limit": {"mdl": 5.0}}, {"detection_limit": False}):
            await ThresholdVersionRow.create(
                station_id=1, parameter="COD", tables=tables, origins={}, params_hash="h", own_hash="o",
                valid_from_ms=0, who="an",
            )  # fmt: skip
        found = await judgements(1)
    assert [version.mdl for _, version in sorted(found.items())] == [5.0, None]


async def test_an_hour_is_counted_in_its_newest_version(store_url: str) -> None:
    async with opened(store_url):
        for version in (1, 2):
            await HourlyRow.create(
                id=version, station_id=1, parameter="COD", hour_s=3600, version=version, value=1.0, unit="mg/L", flag=1,
                count=9 + version, expected=12, made_ms=0,
            )  # fmt: skip
        counts = await hour_counts(1, 0, 7200)
    assert counts.of("COD", 3600) == (11, 12) and counts.of("COD", 7200) is None
