"""Writes transactions into PostgreSQL: COPY for plain rows, multi-row inserts where a row may stand already."""

import asyncpg

from storage.tables import tables
from storage.writer import StoreError, Transaction

COUNT = (
    'INSERT INTO "counters" (name, value) VALUES ($1, $2) '
    "ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value"
)
DISK_FULL = "53100"


def numbered(sql: str) -> str:
    """Write `?` marks as PostgreSQL's `$1, $2`."""
    head, *rest = sql.split("?")
    return head + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


class PostgresEngine:
    """Engine of a PostgreSQL database, on one connection of its own that is opened again when it breaks."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._tables = tables()
        self._connection: asyncpg.Connection | None = None

    async def open(self) -> None:
        """Connect; raises StoreError."""
        try:
            self._connection = await asyncpg.connect(self._url)
        except (OSError, asyncpg.PostgresError) as error:
            raise StoreError(f"PostgreSQL: {error}") from error

    async def commit(self, transaction: Transaction) -> None:
        """Write one transaction durably; raises StoreError."""
        if self._connection is None or self._connection.is_closed():
            await self.open()
        connection = self._connection
        assert connection is not None
        try:
            async with connection.transaction():
                await self._write(connection, transaction)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            full = getattr(error, "sqlstate", "") == DISK_FULL
            raise StoreError(f"PostgreSQL: {error}", full=full) from error

    async def _write(self, connection: asyncpg.Connection, transaction: Transaction) -> None:
        for name, rows in transaction.rows.items():
            table = self._tables[name]
            if table.conflict:
                marks = ", ".join(f"${number}" for number in range(1, len(table.columns) + 1))
                await connection.executemany(f"{table.insert}({marks}) {table.conflict}", rows)
            else:
                await connection.copy_records_to_table(name, records=rows, columns=table.columns)
        for sql, parameters in transaction.updates:
            await connection.execute(numbered(sql), *parameters)
        if transaction.counters:
            await connection.executemany(COUNT, list(transaction.counters.items()))

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            await self._connection.close()
