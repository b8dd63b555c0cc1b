"""What each vehicle sent after the snapshots, as far as the intake must know it at a start: row, instant, receipt.

There may be millions of rows, and a start waits for them: they stand in one table of numbers, ordered by vehicle, and a
vehicle's own are looked at when somebody asks for it. What the rows say is read later, while the box serves.
"""

import asyncio
import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from storage.database import Database, sqlite_path
from storage.postgres_engine import numbered
from storage.reading import reading
from storage.tracks import Track

TOGETHER = 20_000
_SIGHTINGS = (
    "SELECT vehicle_id, id, time_s, received_ms / 1000 AS received_s FROM waypoints "
    "WHERE id > ? AND id <= ? ORDER BY id"
)

Table = npt.NDArray[np.int64]
_NOTHING: Table = np.empty((0, 4), np.int64)


class Missed:
    """The rows in (after, up_to] of the journal, by vehicle."""

    def __init__(self) -> None:
        self._hold(_NOTHING)

    def _hold(self, rows: Table) -> None:
        order = np.argsort(rows[:, 0], kind="stable")
        vehicles = rows[order, 0]
        begins = np.flatnonzero(np.diff(vehicles, prepend=vehicles[:1] - 1))
        self._vehicles = array("q", vehicles[begins].tobytes())
        """Those that sent something, lowest first."""
        self._begins = np.append(begins, len(rows))
        """Where each one's rows begin, and after all the end."""
        self._rows: Table = rows[order, 1:]

    async def load(self, database: Database, after: int, up_to: int) -> None:
        """Read them."""
        table, path = np.empty((max(0, up_to - after), 4), np.int64), sqlite_path(database.url)
        if path is not None:
            count = await asyncio.to_thread(_read_file, path, after, up_to, table)
        else:
            count = 0
            for at in range(after, up_to, TOGETHER):
                count += _fill(table[count:], await _read(database, at, min(at + TOGETHER, up_to)))
        self._hold(table[:count])

    def clear(self) -> None:
        """Forget them: everybody was asked for."""
        self._hold(_NOTHING)

    def _of(self, vehicle_id: int) -> Table:
        at = bisect_left(self._vehicles, vehicle_id)
        if at == len(self._vehicles) or self._vehicles[at] != vehicle_id:
            return self._rows[:0]
        return self._rows[self._begins[at] : self._begins[at + 1]]

    def head(self, vehicle_id: int) -> int:
        """The newest row of a vehicle, 0 for none."""
        rows = self._of(vehicle_id)
        return int(rows[-1, 0]) if len(rows) else 0

    def tell(self, track: Track) -> None:
        """Let a track that stands at its snapshot remember what came after it."""
        for row, time_s, received_s in self._of(track.vehicle_id).tolist():
            if row > track.head:
                track.remember(time_s, row, received_s)

    def __len__(self) -> int:
        return len(self._rows)


def _fill(table: Table, rows: Sequence[Sequence[int]]) -> int:
    """Put rows at the beginning of a table; returns how many."""
    table[: len(rows)] = np.fromiter(chain.from_iterable(rows), np.int64, 4 * len(rows)).reshape(-1, 4)
    return len(rows)


def _read_file(path: Path, after: int, up_to: int, table: Table) -> int:
    """Read SQLite over a connection that makes plain tuples: a third faster for rows that are numbers alone."""
    count = 0
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        found = connection.execute(_SIGHTINGS, (after, up_to))
        while rows := found.fetchmany(TOGETHER):
            count += _fill(table[count:], rows)
    return count


@reading
async def _read(database: Database, after: int, up_to: int) -> list[Any]:
    _, rows = await database.connection().execute_query(numbered(_SIGHTINGS), [after, up_to])
    return [tuple(row.values()) for row in rows]
