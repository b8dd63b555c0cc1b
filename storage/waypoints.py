"""Reads the waypoint journal: forward for forwarders and restarts, backward along one vehicle's track.

A walk backward ends at the archive's floor in the hot table and goes on in its files (`storage/archive.py`). What is
read forward stands in the hot table: a row is archived when nobody is owed it any more.
"""

from collections.abc import Sequence
from typing import Any

from protocols.times import DAY_S
from storage.archive import Archive
from storage.database import Database
from storage.postgres_engine import numbered
from storage.reading import reading
from storage.track_rows import TrackReader
from storage.tracks import FUTURE_S
from storage.waypoint_rows import StoredWaypoint

BATCH = 2000
EARLY_WALK_MS = 7 * DAY_S * 1000
MARGIN_S = 3600
"""By so much the clock of the box may have been set, one way or the other."""

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

    def __init__(self, database: Database, archive: Archive | None = None) -> None:
        self._database = database
        self._archive = archive
        self.tracks = TrackReader(self._ask, archive)

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

    async def track(self, head: int, after_id: int = 0, vehicle_id: int = 0) -> list[StoredWaypoint]:
        """One vehicle's rows from its newest back to `after_id` (exclusive), returned oldest first."""
        if head <= after_id:
            return []

        async def hot(floor: int) -> list[StoredWaypoint]:
            if head <= floor:
                return []
            end = max(after_id, floor)
            return [row for row in await self._rows(_TRACK, [head, end, 0]) if row.id > end]

        if self._archive is None:
            return await hot(0)
        floor, rows = await self._archive.steadily(hot)
        if after_id >= floor:
            return list(rows)
        whose = rows[0].vehicle_id if rows else vehicle_id
        past = await self._archive.since(whose, after_id)
        return [*(StoredWaypoint(*row) for row in past), *rows]

    async def instants(self, head: int, day: int, vehicle_id: int = 0, *, early: bool = True) -> list[int]:
        """Observation times of one vehicle within one UTC day (days since 1970).

        Of the hot table, rows received before the day began are looked at only where some may have come too `early`,
        and then for a week. Of the archive, all that is readable: a damaged file must not hold back who brings late
        data of its day, so an instant in it may be stored a second time, and `Archive.damaged` tells.
        """
        begin_s = day * DAY_S

        async def hot(floor: int) -> list[int]:
            if head <= floor:
                return []
            since_ms = (begin_s - FUTURE_S - MARGIN_S) * 1000
            if early:
                last = await self._rows(f"SELECT {_COLUMNS} FROM waypoints WHERE id = ?", [head])
                if not last:
                    return []
                since_ms = min((begin_s - DAY_S) * 1000, last[0].received_ms - EARLY_WALK_MS)
            rows = await self._ask(_INSTANTS, [head, floor, since_ms, begin_s, begin_s + DAY_S])
            return [int(row["time_s"]) for row in rows]

        if self._archive is None:
            return await hot(0)
        _, times_s = await self._archive.steadily(hot)
        past = await self._archive.readable(vehicle_id, begin_s, begin_s + DAY_S - 1)
        return [*(row[3] for row in past), *times_s]

    async def newest(self) -> int:
        """The highest row number, 0 where there is none."""
        rows = await self._database.connection().execute_query_dict("SELECT MAX(id) AS newest FROM waypoints")
        return max(int(rows[0]["newest"] or 0), 0 if self._archive is None else self._archive.floor)
