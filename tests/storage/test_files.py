"""The file journal on both engines: doubles, exact bytes, and reading on after a row."""

from typing import Any

import pytest

from storage.files import FileJournal
from storage.models import StationRow
from storage.writer import Unit
from tests.storage.stores import opened

T0 = 1_780_000_000


def file_row(number: int, *, station: int = 1, fate: str = "stored", name: str = "a.txt", big: bool = False) -> Any:
    path, body = ("big/1", None) if big else ("", b"%d" % number)
    return (
        number, station, "tb", "ftp", "::1", name, path, T0 * 1000, 1, f"{number:064}", fate, "", "tt10_2021", 1, "[]",
        T0 + number, body,
    )  # fmt: skip


def journal() -> FileJournal:
    return FileJournal(lambda path: b"big bytes of " + path.encode())


@pytest.mark.asyncio
async def test_only_the_very_same_stored_file_is_known(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(Unit(rows={"files": [file_row(1), file_row(2, fate="refused")]}))
        known = journal().is_known
        assert await known(1, "a.txt", f"{1:064}")
        assert not await known(1, "a.txt", f"{2:064}")
        assert not await known(1, "b.txt", f"{1:064}")
        assert not await known(2, "a.txt", f"{1:064}")


@pytest.mark.asyncio
async def test_stored_files_are_read_on_after_a_row(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        rows = [file_row(1), file_row(2, fate="duplicate"), file_row(3, station=2), file_row(4)]
        await writer.store(Unit(rows={"files": rows}))
        assert [row.id async for rows in journal().after(1) for row in rows] == [3, 4]
        assert [row.id for row in await journal().batch(0, station_id=1)] == [1, 4]


@pytest.mark.asyncio
async def test_bytes_are_exact_wherever_they_stand(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(Unit(rows={"files": [file_row(1), file_row(2, big=True)]}))
        small, big = await journal().batch(0)
        assert await journal().bytes_of(small) == b"1"
        assert await journal().bytes_of(big) == b"big bytes of big/1"


@pytest.mark.asyncio
async def test_the_newest_time_of_each_station_is_known(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        rows = [file_row(1), file_row(5), file_row(9, fate="refused"), file_row(3, station=2)]
        await writer.store(Unit(rows={"files": rows}))
        assert await journal().newest_times() == {1: T0 + 5, 2: T0 + 3}


@pytest.mark.asyncio
async def test_files_that_the_tree_may_lack_name_their_station(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        async with database.writing():
            await StationRow.create(id=1, code="TB_A", kind="wastewater")
        await writer.store(Unit(rows={"files": [file_row(1), file_row(2, station=99)]}))
        found = [row async for rows in journal().stored_after(0) for row in rows]
        assert [(row[0], row[1], row[3], row[4]) for row in found] == [(1, "TB_A", "a.txt", b"1")]


@pytest.mark.asyncio
async def test_a_counter_that_never_moved_is_zero(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(Unit(counters={"a": 4}))
        assert (await journal().counter("a"), await journal().counter("b")) == (4, 0)
