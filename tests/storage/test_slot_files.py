"""What the slots of a station read, on both engines."""

import pytest

from storage.models import FileRow, FlipRow, ReadingRow
from storage.slot_files import Worth, files_since, files_told, first_received_s, flips_since, worth_by_time
from tests.storage.stores import opened

DAY_S = 1_763_571_600


async def keep_file(number: int, time_s: int, delay_s: int = 60) -> None:
    await FileRow.create(
        id=number, station_id=1, account="a", protocol="ftp", address="", name=f"{number}.txt", size=1, sha256="",
        received_ms=(time_s + delay_s) * 1000, fate="stored", time_s=time_s,
    )  # fmt: skip


@pytest.mark.asyncio
async def test_files_are_found_by_what_they_tell_of_and_by_when_they_came(store_url: str) -> None:
    async with opened(store_url):
        await keep_file(1, DAY_S, 60)
        await keep_file(2, DAY_S + 5, 9000)
        await keep_file(3, DAY_S + 300, 200)
        await keep_file(4, DAY_S + 86400, 5000)
        assert [row.id for row in await files_told(1, DAY_S, DAY_S + 86400)] == [1, 3, 2]
        assert [row.id for row in await files_since(1, DAY_S + 8000)] == [2, 4]
        assert await first_received_s(1) == DAY_S + 60 and await first_received_s(2) is None


@pytest.mark.asyncio
async def test_worth_counts_suspect_and_failed_values_by_instant(store_url: str) -> None:
    async with opened(store_url):
        for number, flag in enumerate((1, 3, 4, 4), 1):
            await ReadingRow.create(
                id=number, station_id=1, parameter="COD", time_s=DAY_S + number // 4 * 300, value=1.0, raw_text="1",
                unit="mg/L", device_status="00", flag=flag, file_id=1, line=1,
            )  # fmt: skip
        assert await worth_by_time(1, DAY_S, DAY_S + 600) == {DAY_S: Worth(3, 2), DAY_S + 300: Worth(1, 1)}


@pytest.mark.asyncio
async def test_flips_since_a_moment_come_newest_first(store_url: str) -> None:
    async with opened(store_url):
        for number, at_s in enumerate((10.0, 20.0, 30.0), 1):
            await FlipRow.create(id=number, source="station:A", was="fresh", now="late", at_s=at_s)
        assert [row.at_s for row in await flips_since("station:A", 20.0)] == [30.0, 20.0]
