"""Writes transactions into PostgreSQL: COPY for plain rows, multi-row inserts where a row may stand already."""

import asyncpg

from storage.bulk_updates import gathered
from storage.counting import COUNT
from storage.tables import tables
from storage.writer import StoreError, Transaction

DISK_FULL = "53100"
BROKEN = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
UNFIT = (ValueError, TypeError, OverflowError)
"""A value that its column's type cannot hold, found before it was sent."""
UNFIT_CLASSES = ("22", "23")
BECAME = """
SELECT CASE WHEN $1::text::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) THEN 'aborted'
ELSE pg_xact_status($1::text::xid8) END"""
"""What became of a transaction. A server that fell before it wrote anything of it has never heard of its number."""
"""SQLSTATE: data exceptions and broken constraints are the same tomorrow; whatever else the server says may pass."""
CONNECT_S, COMMAND_S = 5.0, 60.0


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
        self._in_doubt = ""

    async def open(self) -> None:
        """Connect; raises StoreError."""
        try:
            self._connection = await asyncpg.connect(
                self._url,
                timeout=CONNECT_S,  # pyright: ignore[reportArgumentType]  # seconds; asyncpg's stub wants whole ones
                command_timeout=COMMAND_S,
            )
        except BROKEN as error:
            raise _trouble(error) from error

    async def commit(self, transaction: Transaction) -> None:
        """Write one transaction durably; raises StoreError."""
        connection = await self._connected()
        committing = False
        try:
            block = connection.transaction()
            await block.start()
            await self._write(connection, transaction)
            self._in_doubt = await connection.fetchval("SELECT pg_current_xact_id()::text")
            committing = True
            await block.commit()
        except (*BROKEN, *UNFIT) as error:
            connection.terminate()
            self._connection = None
            raise _trouble(error, in_doubt=committing) from error

    async def was_committed(self) -> bool:
        """Ask the server what became of the transaction whose commit got no answer; raises StoreError."""
        connection = await self._connected()
        try:
            status = await connection.fetchval(BECAME, self._in_doubt)
        except BROKEN as error:
            raise _trouble(error) from error
        if status == "in progress":
            raise StoreError("PostgreSQL: the last transaction is still being committed")
        return bool(status == "committed")

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            await self.open()
        assert self._connection is not None
        return self._connection

    async def _write(self, connection: asyncpg.Connection, transaction: Transaction) -> None:
        for name, rows in transaction.rows.items():
            table = self._tables[name]
            if table.conflict:
                marks = ", ".join(f"${number}" for number in range(1, len(table.columns) + 1))
                await connection.executemany(f"{table.insert}({marks}) {table.conflict}", rows)
            else:
                await connection.copy_records_to_table(name, records=rows, columns=table.columns)
        for sql, parameters in gathered(transaction.updates):
            await connection.execute(numbered(sql), *parameters)
        if transaction.counters:
            await connection.executemany(numbered(COUNT), list(transaction.counters.items()))

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            await self._connection.close()


def _trouble(error: Exception, *, in_doubt: bool = False) -> StoreError:
    state = getattr(error, "sqlstate", None) or ""
    permanent = state.startswith(UNFIT_CLASSES) or isinstance(error, UNFIT)
    reason = f"PostgreSQL: {str(error) or type(error).__name__}"
    return StoreError(reason, full=state == DISK_FULL, in_doubt=in_doubt, permanent=permanent)
