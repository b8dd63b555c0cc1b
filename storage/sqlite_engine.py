"""Writes transactions into SQLite from one thread of its own: WAL, synchronous=FULL, many rows in one statement.

One statement for hundreds of rows is what lets the thread work beside the event loop: `executemany` gives up and takes
back the interpreter's lock once per row and crawls under load (2,000 rows/s measured against 267,000 for 500-row
statements beside a busy loop; docs/decisions/0003-hot-table.md).
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

from storage.added_up import added_up
from storage.bulk_updates import gathered
from storage.counting import COUNT
from storage.database import SQLITE_PRAGMAS
from storage.tables import Table, tables
from storage.waypoint_rows import WaypointRows
from storage.writer import Rows, StoreError, Transaction

ROWS_PER_STATEMENT = (500, 100, 20, 5, 1)
UNFIT = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    OverflowError,
    ValueError,
    TypeError,
)
"""A row that breaks a constraint or is no value of SQLite: the same tomorrow. A table that lacks is not among these."""


class SqliteEngine:
    """Engine of the embedded database. `reserve_bytes` of the disk stay free: below that nothing is taken."""

    def __init__(self, path: Path, reserve_bytes: int = 0) -> None:
        self._path = path
        self._reserve_bytes = reserve_bytes
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._tables = tables()
        self._connection: sqlite3.Connection | None = None
        self._statements: dict[tuple[str, int], str] = {}

    async def open(self) -> None:
        """Open the connection inside the writer's thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._open)

    async def commit(self, transaction: Transaction) -> None:
        """Write one transaction durably; raises StoreError."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._commit, transaction)

    async def was_committed(self) -> bool:
        """Never asked: a commit that failed here was rolled back."""
        return False

    async def close(self) -> None:
        """Close the connection and end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _open(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None, cached_statements=256)
        for name, value in SQLITE_PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")
        self._connection = connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _commit(self, transaction: Transaction) -> None:
        connection = self._connection
        if connection is None:
            raise StoreError("the database is closed")
        self._check_room()
        try:
            connection.execute("BEGIN IMMEDIATE")
            for name, rows in transaction.rows.items():
                self._insert(connection, self._tables[name], added_up(name, rows))
            for sql, parameters in gathered(transaction.updates):
                connection.execute(sql, parameters)
            if transaction.counters:
                connection.executemany(COUNT, list(transaction.counters.items()))
            connection.execute("COMMIT")
        except (sqlite3.Error, *UNFIT) as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
            raise StoreError(f"SQLite: {error}", full=full, permanent=isinstance(error, UNFIT)) from error

    def _check_room(self) -> None:
        if not self._reserve_bytes:
            return
        disk = os.statvfs(self._path.parent)
        free = disk.f_bavail * disk.f_frsize
        if free < self._reserve_bytes:
            raise StoreError(f"disk short: {free >> 20} MiB free, {self._reserve_bytes >> 20} MiB reserved", full=True)

    def _insert(self, connection: sqlite3.Connection, table: Table, rows: Rows) -> None:
        values_of = _by_column(rows) if isinstance(rows, WaypointRows) else _by_row(rows)
        at, width, count = 0, len(table.columns), len(rows)
        for size in ROWS_PER_STATEMENT:
            while count - at >= size:
                values = values_of(at, size)
                for place in table.octets:  # the driver looks for an adapter of each `bytes`, a third of a row's cost
                    values[place::width] = map(bytearray, values[place::width])
                connection.execute(self._statement(table, size), values)
                at += size

    def _statement(self, table: Table, size: int) -> str:
        sql = self._statements.get((table.name, size))
        if sql is None:
            marks = "(" + ", ".join("?" * len(table.columns)) + ")"
            sql = f"{table.insert}{', '.join([marks] * size)} {table.conflict}"
            self._statements[table.name, size] = sql
        return sql


def _by_row(rows: Rows) -> Callable[[int, int], list[Any]]:
    """Give the values of so many rows from one on, row by row."""
    all_rows = list(rows)
    return lambda at, size: list(chain.from_iterable(all_rows[at : at + size]))


def _by_column(rows: WaypointRows) -> Callable[[int, int], list[Any]]:
    """The same from columns: a slice of each goes to its place in every row."""
    columns = rows.columns()
    width = len(columns)

    def values_of(at: int, size: int) -> list[Any]:
        values: list[Any] = [None] * (width * size)
        for place, column in enumerate(columns):
            values[place::width] = column[at : at + size]
        return values

    return values_of
