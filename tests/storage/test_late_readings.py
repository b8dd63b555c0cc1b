"""Late readings by station, on both engines."""

import pytest

from protocols.verdict import ARRIVAL_SHIFT
from storage.late_readings import LATE, LateSpan, late_spans, newest_reading, stored_series
from storage.models import ReadingRow
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_only_late_rows_that_are_old_and_new_to_the_night_count(store_url: str) -> None:
    async with opened(store_url):
        for number, (time_s, arrival) in enumerate([(10, 1), (5, LATE), (7, LATE), (99, LATE), (6, 4)], 1):
            await ReadingRow.create(
                id=number, station_id=1, parameter="COD", time_s=time_s, value=1.0, raw_text="", unit="mg/L",
                device_status="00", flag=1, verdict=arrival << ARRIVAL_SHIFT, file_id=1, line=1,
            )  # fmt: skip
        assert await newest_reading() == 5
        assert await late_spans(0, 5, 50) == [LateSpan(1, 5, 7)]
        assert await late_spans(2, 5, 50) == [LateSpan(1, 7, 7)] and await late_spans(3, 5, 50) == []
        assert [row.id for row in await stored_series(1, 5, 10)] == [1, 2, 3]
