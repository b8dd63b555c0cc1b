"""Notices on both engines: doubtful values of late, areas' stations among a recipient's, letters that are due."""

import pytest

from storage.models import AreaRow, FileRow, LetterRow, ReadingRow, RecipientRow
from storage.notices import doubtful_since, due_letters, letter, next_letter_ms, open_count, recipients
from tests.storage.stores import opened

pytestmark = pytest.mark.asyncio
NOON_MS = 1_763_610_900_000


async def file(number: int, received_ms: int, *flags: int) -> None:
    await FileRow.create(
        id=number, station_id=1, account="a", protocol="ftp", address="", name="n", received_ms=received_ms, size=1,
        sha256="", fate="stored",
    )  # fmt: skip
    for line, flag in enumerate(flags, 1):
        await ReadingRow.create(
            id=100 * number + line, station_id=1, parameter="COD", time_s=received_ms // 1000, value=4.5,
            raw_text="4.5", unit="mg/L", device_status="00", flag=flag, file_id=number, line=line,
        )  # fmt: skip


async def test_doubtful_values_of_late_are_found_and_older_ones_are_not(store_url: str) -> None:
    async with opened(store_url):
        await file(1, NOON_MS - 10_000, 4)
        await file(2, NOON_MS, 1, 3, 2, 9)
        await file(3, NOON_MS + 5, 4)
        found = await doubtful_since(NOON_MS)
        assert [(value.flag, value.parameter, value.raw) for value in found] == [(3, "COD", "4.5"), (4, "COD", "4.5")]


async def test_nothing_was_doubtful_in_an_empty_box(store_url: str) -> None:
    async with opened(store_url):
        assert await doubtful_since(NOON_MS) == []
        assert (await open_count(), await next_letter_ms(), await letter(1)) == (0, None, None)


async def test_the_stations_of_its_areas_stand_among_a_recipients_stations(store_url: str) -> None:
    async with opened(store_url):
        await AreaRow.create(name="ven_song", stations=["TB_B", "TB_C"])
        await RecipientRow.create(name="A", stations=["TB_A"], areas=["ven_song", "gone"])
        await RecipientRow.create(name="B")
        assert [(row.name, row.stations) for row in await recipients()] == [("A", ["TB_A", "TB_B", "TB_C"]), ("B", [])]


async def test_letters_are_due_in_their_order_and_not_before_their_time(store_url: str) -> None:
    async with opened(store_url):
        for number, (state, next_ms) in enumerate([("waiting", 5), ("sent", 1), ("waiting", 9)], 1):
            await LetterRow.create(
                id=number, notice_id=1, occasion="opened", channel="email", address="a", subject="s", body="b",
                made_ms=1, state=state, next_ms=next_ms,
            )  # fmt: skip
        assert [row.id for row in await due_letters(5)] == [1]
        assert await next_letter_ms() == 5
