"""Empty stores of both engines, each of the current layout: what holds for one must hold for the other.

A test asks for the fixture `store_url`, opens what it needs, and runs once per engine. The PostgreSQL server is one
per run; each test has a database of its own, copied from a migrated one.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from tortoise.backends.base.executor import EXECUTOR_CACHE

from storage.database import Database, sqlite_path
from storage.postgres_engine import PostgresEngine
from storage.sqlite_engine import SqliteEngine
from storage.writer import Engine, Writer
from tests.rabbitmq import missing
from tests.storage.blank import open_blank
from tests.storage.postgres_cluster import binaries, running_cluster

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a database `blank` of the current layout."""
    programs = binaries()
    if programs is None:
        missing("postgresql")
    with running_cluster(programs) as cluster:
        url = cluster.url
        asyncio.run(_create(url, "blank", "template1"))
        blank = database_url(url, "blank")
        asyncio.run(_migrate(blank))
        yield blank


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store of the current layout."""
    if request.param == "sqlite":
        asyncio.run(_copy_blank(tmp_path))
        return f"sqlite://{tmp_path}/trambox.db"
    return new_postgres(request.getfixturevalue("postgres_server"))


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The URL of an empty PostgreSQL store of the current layout."""
    return new_postgres(postgres_server)


def new_postgres(blank: str) -> str:
    """Copy the migrated database."""
    return new_database(blank, template="blank")


def new_database(url: str, template: str = "template1") -> str:
    """Make a database on the server of a URL; gives its own."""
    name = f"store_{next(_numbers)}"
    asyncio.run(_create(database_url(url, "postgres"), name, template))
    return database_url(url, name)


def database_url(url: str, name: str) -> str:
    """The URL of another database of the same server."""
    return f"{url.rpartition('/')[0]}/{name}"


def engine_for(url: str) -> Engine:
    """The engine of a URL."""
    path = sqlite_path(url)
    return PostgresEngine(url) if path is None else SqliteEngine(path)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[tuple[Database, Writer]]:
    """Open the store and its writer; both are closed afterwards."""
    EXECUTOR_CACHE.clear()  # Tortoise keeps statements per process, and here the next engine writes its marks otherwise
    database = await Database.open(url)
    try:
        writer = Writer(engine_for(url), database.pen)
        await writer.open()
        try:
            yield database, writer
        finally:
            await writer.close()
    finally:
        await database.close()
        EXECUTOR_CACHE.clear()


async def _copy_blank(folder: Path) -> None:
    await (await open_blank(folder)).close()


async def _create(url: str, name: str, template: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    await connection.close()


async def _migrate(url: str) -> None:
    database = await Database.open(url)
    await database.migrate()
    await database.close()
