"""Reads the waypoint journal: forward for forwarders and restarts, backward along one vehicle's track."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

from protocols.times import DAY_S
from storage.database import Database
from storage.postgres_engine import numbered
from storage.reading import reading

BATCH = 2000
FUTURE_WALK_MS = 7 * DAY_S * 1000


class StoredWaypoint(NamedTuple):
    """A row of the journal."""

    id: int
    prev: int
    vehicle_id: int
    time_s: int
    received_ms: int
    provider_id: int
    body: bytes


_COLUMNS = ", ".join(StoredWaypoint._fields)
_FORWARD = f"SELECT {_COLUMNS} FROM waypoints WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"


def _walk(columns: tuple[str, ...]) -> str:
    """The way back along one vehicle's track from a row, carrying these columns, id and prev among them."""
    return (
        f"WITH RECURSIVE track({', '.join(columns)}) AS (SELECT {', '.join(columns)} FROM waypoints WHERE id = ? "
        f"UNION ALL SELECT {', '.join(f'w.{column}' for column in columns)} "
        "FROM waypoints w JOIN track t ON w.id = t.prev WHERE t.prev > 0 AND w.id > ? AND w.received_ms >= ?) "
    )


_TRACK = f"{_walk(StoredWaypoint._fields)} SELECT {_COLUMNS} FROM track ORDER BY id"
_INSTANTS = f"{_walk(('id', 'prev', 'time_s'))} SELECT time_s FROM track WHERE time_s >= ? AND time_s < ?"


class WaypointJournal:
    """Read access to the waypoints as they came."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @reading
    async def _ask(self, sql: str, parameters: list[int]) -> Sequence[Any]:
        text = sql if self._database.is_sqlite else numbered(sql)
        _, rows = await self._database.connection().execute_query(text, parameters)
        return rows

    async def _rows(self, sql: str, parameters: list[int]) -> list[StoredWaypoint]:
        rows = await self._ask(sql, parameters)
        return [StoredWaypoint(*tuple(row.values() if hasattr(row, "values") else row)) for row in rows]

    async def after(self, cursor: int, up_to: int, limit: int = BATCH) -> list[StoredWaypoint]:
        """Rows in (cursor, up_to], oldest first."""
        return await self._rows(_FORWARD, [cursor, up_to, limit])

    async def forward(self, cursor: int, up_to: int) -> AsyncIterator[list[StoredWaypoint]]:
        """All rows in (cursor, up_to] in batches."""
        while rows := await self.after(cursor, up_to, 10 * BATCH):
            yield rows
            cursor = rows[-1].id

    async def track(self, head: int, after_id: int = 0, since_ms: int = 0) -> list[StoredWaypoint]:
        """One vehicle's rows from its newest back to `after_id` (exclusive), returned oldest first."""
        if head <= after_id:
            return []
        rows = await self._rows(_TRACK, [head, after_id, since_ms])
        return [row for row in rows if row.id > after_id]

    async def instants(self, head: int, day: int) -> list[int]:
        """Observation times of one vehicle within one UTC day (days since 1970).

        Only rows received since the day before are looked at, or within the last week for a day in the future.
        """
        last = await self._rows(f"SELECT {_COLUMNS} FROM waypoints WHERE id = ?", [head])
        if not last:
            return []
        since_ms = min((day - 1) * DAY_S * 1000, last[0].received_ms - FUTURE_WALK_MS)
        rows = await self._ask(_INSTANTS, [head, 0, since_ms, day * DAY_S, (day + 1) * DAY_S])
        return [int(row["time_s"]) for row in rows]

    async def newest(self) -> int:
        """The highest row number, 0 where there is none."""
        rows = await self._database.connection().execute_query_dict("SELECT MAX(id) AS newest FROM waypoints")
        return int(rows[0]["newest"] or 0)
