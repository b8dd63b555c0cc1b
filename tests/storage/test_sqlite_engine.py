"""The engine of the embedded database: many rows in one statement, all or nothing, and the disk's reserve."""

import asyncio
import os
import sqlite3
from pathlib import Path

import pytest

from storage.sqlite_engine import ROWS_PER_STATEMENT, SqliteEngine
from storage.writer import StoreError, Transaction
from tests.storage.blank import open_blank


async def blank(folder: Path) -> Path:
    await (await open_blank(folder)).close()
    return folder / "trambox.db"


def flips(first: int, last: int) -> Transaction:
    rows = [(number, "station:A", "fresh", "late", 1.5, "") for number in range(first, last + 1)]
    return Transaction({"flips": list(rows)}, {"flips": len(rows)}, [])


def ids(path: Path) -> list[int]:
    connection = sqlite3.connect(path)
    try:
        return [row[0] for row in connection.execute("SELECT id FROM flips ORDER BY id")]
    finally:
        connection.close()


@pytest.mark.asyncio
@pytest.mark.parametrize("count", sorted({1, 2, 626, *ROWS_PER_STATEMENT, sum(ROWS_PER_STATEMENT) * 2 - 1}))
async def test_any_number_of_rows_is_written_once(tmp_path: Path, count: int) -> None:
    path = await blank(tmp_path)
    engine = SqliteEngine(path)
    await engine.open()
    await engine.commit(flips(1, count))
    await engine.close()
    assert ids(path) == list(range(1, count + 1))


@pytest.mark.asyncio
async def test_a_commit_is_synced_to_the_disk(tmp_path: Path) -> None:
    engine = SqliteEngine(await blank(tmp_path))
    await engine.open()
    connection = engine._connection
    assert connection is not None

    def ask(name: str) -> object:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]

    told = await asyncio.get_running_loop().run_in_executor(
        engine._thread, lambda: (ask("journal_mode"), ask("synchronous"))
    )
    await engine.close()
    assert told == ("wal", 2)


@pytest.mark.asyncio
async def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = await blank(tmp_path)
    engine = SqliteEngine(path)
    await engine.open()
    await engine.commit(flips(5, 5))
    with pytest.raises(StoreError) as failed:
        await engine.commit(flips(1, 5))
    assert failed.value.permanent
    await engine.commit(flips(6, 6))
    await engine.close()
    assert ids(path) == [5, 6]


@pytest.mark.asyncio
async def test_below_the_reserve_nothing_is_taken(tmp_path: Path) -> None:
    path = await blank(tmp_path)
    disk = os.statvfs(tmp_path)
    engine = SqliteEngine(path, reserve_bytes=disk.f_blocks * disk.f_frsize * 2)
    await engine.open()
    with pytest.raises(StoreError) as failed:
        await engine.commit(flips(1, 1))
    await engine.close()
    assert (failed.value.full, failed.value.permanent) == (True, False)
    assert ids(path) == []


@pytest.mark.asyncio
async def test_a_file_that_is_no_database_is_trouble_of_the_store(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    engine = SqliteEngine(path)
    await engine.open()
    with pytest.raises(StoreError) as failed:
        await engine.commit(flips(1, 1))
    await engine.close()
    assert not failed.value.permanent


@pytest.mark.asyncio
async def test_a_closed_engine_takes_nothing(tmp_path: Path) -> None:
    engine = SqliteEngine(await blank(tmp_path))
    with pytest.raises(StoreError):
        await engine.commit(flips(1, 1))
    await engine.close()
