"""Readings for a chart, on both engines: reduced, but never without its spike, its flag or its hole."""

import pytest

from protocols.vocabulary import Flag
from storage.chart_series import Point, chart_series
from storage.models import CorrectionRow, ReadingRow
from tests.storage.stores import opened

T0 = 1_763_571_600


async def keep(number: int, time_s: int, value: float | None, flag: int = 1, outer_flags: int = 0) -> None:
    await ReadingRow.create(
        id=number, station_id=1, parameter="COD", time_s=time_s, value=value, raw_text="", unit="mg/L",
        device_status="00", flag=flag, outer_flags=outer_flags, file_id=1, line=1,
    )  # fmt: skip


@pytest.mark.asyncio
async def test_a_short_span_has_all_its_values_and_its_holes(store_url: str) -> None:
    async with opened(store_url):
        await keep(1, T0, 4.0)
        await keep(2, T0 + 300, 5.0, 1, outer_flags=3)
        await keep(3, T0 + 600, None, 9)
        await keep(4, T0 + 1500, 6.0, 4)
        (series,) = await chart_series(1, T0, T0 + 3600, 1, 480)
        assert (series.parameter, series.unit, series.total) == ("COD", "mg/L", 3)
        assert series.points == [
            Point(T0, 4.0, Flag.GOOD),
            Point(T0 + 300, 5.0, Flag.SUSPECT),
            Point(T0 + 900, None, Flag.MISSING),
            Point(T0 + 1500, 6.0, Flag.FAIL),
        ]
        assert await chart_series(2, T0, T0 + 3600, 1, 480) == []


@pytest.mark.asyncio
async def test_a_long_span_keeps_extremes_flags_and_holes_that_are_wider_than_a_bucket(store_url: str) -> None:
    async with opened(store_url):
        for number in range(24):
            if not 12 <= number < 18:
                await keep(number + 1, T0 + number * 300, float(number), 4 if number == 3 else 1)
        (series,) = await chart_series(1, T0, T0 + 7200, 1800, 480)
        values = [point.value for point in series.points]
        assert values == [0.0, 3.0, 5.0, 6.0, 11.0, None, 18.0, 23.0] and series.total == 18
        assert [(point.time_s, point.value) for point in series.points if point.flag == Flag.FAIL] == [(T0 + 900, 3.0)]
        assert Flag.GOOD not in {point.flag for point in series.points}


@pytest.mark.asyncio
async def test_the_latest_number_of_a_person_stands_beside_and_is_gone_when_it_is_taken_back(store_url: str) -> None:
    async with opened(store_url):
        await keep(1, T0, 4.0)
        for number, (action, value) in enumerate((("correct", 7.0), ("correct", 8.0)), 1):
            await CorrectionRow.create(id=number, station_id=1, parameter="COD", time_s=T0, reading_id=1, action=action,
                                       value=value, who="lan", at_ms=number)  # fmt: skip
        (series,) = await chart_series(1, T0, T0 + 300, 1, 480)
        assert series.corrected == [(T0, 8.0)] and series.points[0].value == 4.0
        await CorrectionRow.create(id=3, station_id=1, parameter="COD", time_s=T0, reading_id=1, action="reopen",
                                   who="lan", at_ms=3)  # fmt: skip
        (series,) = await chart_series(1, T0, T0 + 300, 1, 480)
        assert series.corrected == []
