"""Reads for the console and the API: what came, what was judged from it, who did what.

A vehicle's track has no index of its own: each row names the previous row of its vehicle, so the walk starts at the
newest row and goes back until it is safely before the asked time. Nothing here writes.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tortoise.expressions import Q

from protocols.formats.ufms import parse_waypoint
from protocols.times import DAY_S
from protocols.waypoint import Waypoint
from storage.archive import Archive
from storage.breaths import in_breaths
from storage.database import Database
from storage.models import (
    AuditRow,
    CrashRow,
    FileRow,
    FlipRow,
    GapRow,
    HourlyRow,
    ParameterRow,
    ReadingRow,
    StationRow,
    UserRow,
    VehicleRow,
    ViolationRow,
    WaypointRow,
)
from storage.waypoint_rows import StoredWaypoint

CLOCK_SLACK_S = 300
"""A tracker's clock may run ahead of the receipt by this much before its rows fall out of a walk."""

FLUSH_S = 2.0
"""So long a question waits for the disk; a store in trouble has no newest row to show."""

TRACK_SQL = """
WITH RECURSIVE track(id, prev) AS (
  SELECT id, prev FROM waypoints WHERE id = {head} AND id > {floor}
  UNION ALL
  SELECT w.id, w.prev FROM track t JOIN waypoints w ON w.id = t.prev
  WHERE t.prev > {floor} AND w.received_ms >= {oldest_ms}
)
SELECT w.id, w.time_s, w.received_ms, w.provider_id, w.body FROM track JOIN waypoints w ON w.id = track.id
WHERE w.time_s >= {from_s} AND w.time_s <= {to_s} ORDER BY w.time_s, w.id
"""

FILE_FIELDS = (
    "id", "station_id", "account", "protocol", "address", "name", "path", "received_ms", "size", "sha256", "fate",
    "reason", "layout", "records", "faults", "time_s",
)  # fmt: skip
"""All of a file's row but its bytes."""


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """A stored waypoint: its row, its receipt, and what the tracker said."""

    id: int
    received_ms: int
    waypoint: Waypoint
    provider_id: int = 0


class Queries:
    """Reads.

    Args:
        head_of: gives the id of a vehicle's newest waypoint, 0 where there is none; the row may still be on its way.
        flush: waits until what is on its way is durable.
        archive: where older positions stand.
    """

    def __init__(
        self,
        database: Database,
        head_of: Callable[[int], int],
        flush: Callable[[], Awaitable[None]] | None = None,
        archive: Archive | None = None,
    ) -> None:
        self._archive = archive
        self._database = database
        self._head_of = head_of
        self._flush = flush

    async def station(self, code: str) -> StationRow | None:
        """The station of that code."""
        return await StationRow.get_or_none(code=code)

    async def parameters(self, station_id: int) -> list[ParameterRow]:
        """A station's parameters, as registered."""
        return await ParameterRow.filter(station_id=station_id).order_by("id")

    async def vehicle(self, plate: str) -> VehicleRow | None:
        """The vehicle of that plate."""
        return await VehicleRow.get_or_none(plate=plate)

    async def user(self, name: str) -> UserRow | None:
        """The person of that name."""
        return await UserRow.get_or_none(name=name)

    async def users(self) -> list[UserRow]:
        """Everyone who may sign in, by name."""
        return await UserRow.all().order_by("name")

    async def readings(self, station_id: int, from_s: int, to_s: int, parameter: str = "") -> list[ReadingRow]:
        """Judged values in [from_s, to_s] by time."""
        rows = ReadingRow.filter(station_id=station_id, time_s__gte=from_s, time_s__lte=to_s)
        if parameter:
            rows = rows.filter(parameter=parameter)
        return await rows.order_by("time_s", "parameter", "id")

    async def hourly(self, station_id: int, from_s: int, to_s: int) -> list[HourlyRow]:
        """The latest version of each hourly mean whose hour ends in [from_s, to_s]."""
        rows = await HourlyRow.filter(station_id=station_id, hour_s__gte=from_s, hour_s__lte=to_s).order_by(
            "hour_s", "parameter", "version"
        )
        return list({(row.hour_s, row.parameter): row for row in rows}.values())

    async def gaps(self, station_id: int, from_s: int, to_s: int) -> list[GapRow]:
        """Holes that overlap [from_s, to_s], those still open included."""
        return await GapRow.filter(
            Q(to_s__isnull=True) | Q(to_s__gte=from_s), station_id=station_id, from_s__lte=to_s
        ).order_by("from_s", "parameter")

    async def files(self, station_id: int, day_start_s: int) -> list[FileRow]:
        """Files received on one day, newest first, without their bytes."""
        from_ms, to_ms = day_start_s * 1000, (day_start_s + DAY_S) * 1000
        return (
            await FileRow.filter(station_id=station_id, received_ms__gte=from_ms, received_ms__lt=to_ms)
            .order_by("-received_ms", "-id")
            .only(*FILE_FIELDS)
        )

    async def newest_read(self, station_id: int) -> FileRow | None:
        """The newest file of a station whose layout was recognised."""
        rows = FileRow.filter(station_id=station_id, layout__not="").order_by("-received_ms", "-id")
        return await rows.only(*FILE_FIELDS).first()

    async def file(self, station_id: int, file_id: int) -> FileRow | None:
        """One file of a station."""
        return await FileRow.get_or_none(id=file_id, station_id=station_id)

    async def waypoints(self, vehicle_id: int, from_s: int, to_s: int) -> list[TrackPoint]:
        """A vehicle's positions in [from_s, to_s] by time, of the hot table and the archive; an instant counts once."""
        head = self._head_of(vehicle_id)
        if head <= 0:
            return []

        async def hot(floor: int) -> list[tuple[int, int, int, int, bytes]]:
            return [] if head <= floor else await self._hot(head, floor, int(from_s), int(to_s))

        if self._archive is None:
            rows = await hot(0)
        else:
            _, newer = await self._archive.steadily(hot)
            older = await self._archive.between(vehicle_id, from_s, to_s)
            rows = [(row[3], row[0], row[4], row[5], row[6]) for row in older] + newer
        first: dict[int, tuple[int, int, int, int, bytes]] = {}
        for row in sorted(rows):
            first.setdefault(row[0], row)
        return [
            TrackPoint(row_id, ms, parse_waypoint(body), provider_id)
            async for _, row_id, ms, provider_id, body in in_breaths(first.values())
        ]

    async def _hot(self, head: int, floor: int, from_s: int, to_s: int) -> list[tuple[int, int, int, int, bytes]]:
        """Time, number, receipt and body of rows of the hot table above the archive's floor."""
        if self._flush is not None and not await WaypointRow.exists(id=head):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._flush(), FLUSH_S)
        # only whole numbers go into the text, since the two engines write placeholders differently
        oldest_ms = (from_s - CLOCK_SLACK_S) * 1000
        sql = TRACK_SQL.format(head=head, floor=floor, oldest_ms=oldest_ms, from_s=from_s, to_s=to_s)
        rows = await self._database.connection().execute_query_dict(sql)
        return [(row["time_s"], row["id"], row["received_ms"], row["provider_id"], bytes(row["body"])) for row in rows]

    async def waypoint(self, vehicle_id: int, number: int) -> WaypointRow | None:
        """One waypoint of a vehicle, as it came; of the archive, too."""
        if self._archive is None or number > self._archive.floor:
            return await WaypointRow.get_or_none(id=number, vehicle_id=vehicle_id)
        found = await self._archive.row(vehicle_id, number)
        return None if found is None else WaypointRow(**dict(zip(StoredWaypoint._fields, found, strict=True)))

    async def violations(self, vehicle_id: int, from_s: int, to_s: int) -> list[ViolationRow]:
        """Violations that overlap [from_s, to_s] by start."""
        return await ViolationRow.filter(
            Q(end_s__isnull=True) | Q(end_s__gte=from_s), vehicle_id=vehicle_id, start_s__lte=to_s
        ).order_by("start_s", "id")

    async def violation(self, vehicle_id: int, number: int) -> ViolationRow | None:
        """One violation of a vehicle."""
        return await ViolationRow.get_or_none(id=number, vehicle_id=vehicle_id)

    async def flips(self, source_id: str, limit: int = 50) -> list[FlipRow]:
        """The latest changes of freshness of a source, newest first."""
        return await FlipRow.filter(source=source_id).order_by("-id").limit(limit)

    async def crashes(self, actor_id: str, limit: int = 5) -> list[CrashRow]:
        """The latest crashes of an actor, newest first."""
        return await CrashRow.filter(actor=actor_id).order_by("-id").limit(limit)

    async def audit_log(self, limit: int = 200, offset: int = 0) -> list[AuditRow]:
        """Who did what, newest first."""
        return await AuditRow.all().order_by("-id").offset(offset).limit(limit)

    async def audit_count(self) -> int:
        """How many lines the audit log has."""
        return await AuditRow.all().count()
