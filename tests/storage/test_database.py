"""The one database: its URLs, its layout, and the pen, on SQLite and on a real PostgreSQL."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from storage.database import Database, sqlite_path, tortoise_config
from storage.models import CounterRow
from tests.storage.blank import open_blank
from tests.storage.stores import opened


def test_a_url_of_postgres_is_percent_decoded() -> None:
    config = tortoise_config("postgres://so%40tnmt:p%25ss%3Aw%40rd@db.example:5433/tram%20box")
    credentials = config["connections"]["default"]["credentials"]
    assert (credentials["user"], credentials["password"]) == ("so@tnmt", "p%ss:w@rd")
    assert (credentials["host"], credentials["port"], credentials["database"]) == ("db.example", 5433, "tram box")


def test_only_a_url_of_sqlite_has_a_path() -> None:
    assert str(sqlite_path("sqlite:///a/b.db")) == "/a/b.db"
    assert sqlite_path("postgres://u:p@h/d") is None


@pytest.mark.asyncio
async def test_migrating_twice_changes_nothing(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            await CounterRow.create(name="kept", value=7)
        await database.migrate()
        assert (await CounterRow.get(name="kept")).value == 7


@pytest.mark.asyncio
async def test_what_is_written_under_the_pen_is_kept_together_or_not_at_all(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        with pytest.raises(KeyError):
            async with database.writing():
                await CounterRow.create(name="half", value=1)
                raise KeyError
        assert not await CounterRow.exists(name="half")
        async with database.writing():
            await CounterRow.create(name="whole", value=1)
        assert await CounterRow.exists(name="whole")


@pytest.mark.asyncio
async def test_two_writers_take_turns(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            await CounterRow.create(name="turns", value=0)

        async def add_one() -> None:
            async with database.writing():
                row = await CounterRow.get(name="turns")
                row.value += 1
                await row.save()

        await asyncio.gather(*(add_one() for _ in range(20)))
        assert (await CounterRow.get(name="turns")).value == 20


@pytest.mark.asyncio
async def test_the_folder_of_an_embedded_database_is_made(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite://{tmp_path}/new/folder/trambox.db")
    await database.migrate()
    await database.close()
    assert (tmp_path / "new" / "folder" / "trambox.db").exists()


@pytest.mark.asyncio
async def test_a_transaction_has_the_right_to_write_before_it_reads(tmp_path: Path) -> None:
    """Otherwise SQLite refuses its first write at once when another process has written since it read."""
    database = await open_blank(tmp_path)
    other = sqlite3.connect(tmp_path / "trambox.db", timeout=0, isolation_level=None)
    async with database.writing():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()
    await database.close()
