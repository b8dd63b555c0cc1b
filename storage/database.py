"""Opens the one database, brings its tables up to date, and hands out the pen.

Reads and rare writes go through Tortoise; the hot tables are written by `storage/writer.py` on a connection of its own.
SQLite has one writer at a time, so whoever writes through Tortoise takes the pen first (`writing()`); the hot writer
takes the same pen, and a fair lock keeps either from starving the other.

Invariant: `open` is entered once, in the task that all others descend from (Tortoise keeps its state in a ContextVar).
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate as migrate_tables
from tortoise.transactions import in_transaction

from storage.first_tables import make_first_tables

BUSY_TIMEOUT_MS = 30_000
WRITE_NOTHING = "DELETE FROM counters WHERE name = ''"
SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "busy_timeout": BUSY_TIMEOUT_MS,
    "journal_size_limit": 256 << 20,
    "temp_store": "MEMORY",
}


def sqlite_path(url: str) -> Path | None:
    """The file behind a `sqlite://` URL; None for another engine."""
    return Path(url.removeprefix("sqlite://")) if url.startswith("sqlite://") else None


def tortoise_config(url: str) -> dict[str, Any]:
    """Tortoise's configuration for a storage URL: `sqlite://PATH`, or percent-encoded `postgres://user:pass@host/db`."""
    path = sqlite_path(url)
    if path is not None:
        connection: Any = {
            "engine": "tortoise.backends.sqlite",
            "credentials": {"file_path": str(path), **SQLITE_PRAGMAS},
        }
    else:
        parts = urlsplit(url)
        connection = {
            "engine": "tortoise.backends.asyncpg",
            "credentials": {
                "host": parts.hostname,
                "port": parts.port or 5432,
                "user": unquote(parts.username or ""),
                "password": unquote(parts.password or ""),
                "database": unquote(parts.path.lstrip("/")),
                "minsize": 1,
                "maxsize": 4,
            },
        }
    return {
        "connections": {"default": connection},
        "apps": {
            "trambox": {
                "models": ["storage.models"],
                "default_connection": "default",
                "migrations": "storage.migrations",
            }
        },
    }


class Database:
    """An open database. `url` stays as configured; `pen` is the right to write."""

    def __init__(self, url: str, context: TortoiseContext) -> None:
        self.url = url
        self.pen = asyncio.Lock()
        self._context = context

    @classmethod
    async def open(cls, url: str) -> "Database":
        """Connect, without touching the tables; makes the folder of a SQLite file."""
        path = sqlite_path(url)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        return cls(url, await Tortoise.init(config=tortoise_config(url)))

    async def migrate(self) -> None:
        """Bring the tables up to date with the migrations in `storage/migrations/`."""
        if await make_first_tables(self.connection(), is_sqlite=self.is_sqlite):
            return
        await migrate_tables(config=tortoise_config(self.url))

    async def close(self) -> None:
        """Close Tortoise's connections."""
        await self._context.close_connections()

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded engine is in use."""
        return sqlite_path(self.url) is not None

    def connection(self) -> BaseDBAsyncClient:
        """Tortoise's connection, for portable SQL that the query builder cannot say."""
        return get_connection("default")

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[None]:
        """Hold the pen and a transaction: every rare write stands inside one.

        SQLite refuses at once, without waiting, to write in a transaction that has read what another process (a verb
        beside the server) has changed since; so the transaction asks for the right to write first, and waits for it.
        """
        async with self.pen, in_transaction("default") as connection:
            if self.is_sqlite:
                await connection.execute_query(WRITE_NOTHING)
            yield
