"""Moves rows from the hot table into the archive, a chunk after the other, and lets old ones expire.

A chunk is a stretch of the journal in the order of arrival, small enough for memory; each UTC day of observation in it
becomes one file. Then one transaction makes the files count and raises the floor; the rows leave the table afterwards
in small batches. Killed at any instant, the next pass sweeps away files that count not and deletes what was left.

Invariant: nothing moves that a destination is owed or that no snapshot has seen, whatever its age.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import orjson
import pyarrow as pa
import structlog

from storage.archive import FLOOR, Archive, Part
from storage.database import Database
from storage.ids import Ids
from storage.models import CounterRow, DestinationRow, ProviderRow, SpanRow, VehicleRow
from storage.parquet_parts import DamagedPart, Written, checksum, day_of, table_of, write
from storage.reading import reading
from storage.waypoint_rows import StoredWaypoint
from storage.waypoints import WaypointJournal
from storage.writer import Unit, Writer

log = structlog.get_logger()

CHUNK_ROWS = 1_000_000
CHUNK_BYTES = 128 << 20
"""Bodies of one chunk; with its columns and a copy while it is sorted, about four times as much memory."""
BATCH = 5_000
"""Rows read, and deleted, at once: between two batches everybody else has their turn."""
MOVED = "waypoints.archived"
DELETE = "DELETE FROM waypoints WHERE id > ? AND id <= ?"
NAMES_AT_ONCE = 900


@dataclass(frozen=True, slots=True)
class Held:
    """What old rows wait for: a destination that is owed them, or the snapshots (`by` empty)."""

    by: str
    is_enabled: bool
    since_ms: int
    """Receipt of the oldest row that waits."""


@dataclass(slots=True)
class Day:
    """The rows of one day of observation in a chunk, as columns."""

    tables: list[pa.Table] = field(default_factory=list)
    pieces: list[tuple[int, bytes]] = field(default_factory=list)
    newest_ms: int = 0


@dataclass(slots=True)
class Chunk:
    """What moves in one step: rows in (after_id, last_id], by day."""

    after_id: int
    last_id: int
    rows: int = 0
    size: int = 0
    days: dict[int, Day] = field(default_factory=lambda: defaultdict(Day))

    @property
    def full(self) -> bool:
        """Whether memory asks for an end."""
        return self.rows >= CHUNK_ROWS or self.size >= CHUNK_BYTES


class Archiver:
    """Moves waypoints. `seen` names the counter of the newest journal row that every snapshot includes."""

    def __init__(self, database: Database, archive: Archive, writer: Writer, ids: Ids, seen: str) -> None:
        self._journal = WaypointJournal(database, archive)
        self._database = database
        self._archive = archive
        self._writer = writer
        self._ids = ids
        self._seen = seen
        self._plates: dict[int, str] = {}
        self.held: list[Held] = []
        """What the last pass could not move though it was old enough."""
        self.failure = ""
        """Why the last pass ended early."""

    async def move(self, before_ms: int, now_ms: int) -> int:
        """Move what was received before a moment and nobody waits for; gives how many rows."""
        await asyncio.to_thread(self._archive.sweep)
        await self._delete_up_to(self._archive.floor)
        end, moved, self.failure = await self._end(), 0, ""
        providers = {row.id: row.username for row in await ProviderRow.all()}
        async for chunk in self._chunks(before_ms, end, providers):
            try:
                await self._keep(chunk, now_ms)
            except (DamagedPart, OSError, pa.ArrowException) as error:
                self.failure = str(error)
                log.error("archive_failed", reason=self.failure, rows=chunk.rows)
                break
            await self._delete_up_to(chunk.last_id)
            moved += chunk.rows
            log.info("waypoints_archived", rows=chunk.rows, days=len(chunk.days), up_to=chunk.last_id)
        self._plates.clear()
        self.held = [] if self.failure else await self._held(before_ms)
        for held in self.held:
            log.warning("archive_held", destination=held.by, enabled=held.is_enabled, since=held.since_ms)
        return moved

    @reading
    async def _held(self, before_ms: int) -> list[Held]:
        """Who keeps the oldest row in the table that is old enough to go."""
        first = await self._journal.after(self._archive.floor, 1 << 62, 1)
        if not first or first[0].received_ms >= before_ms:
            return []
        row = first[0]
        owing = {
            span.destination_id for span in await SpanRow.all()
            if span.cursor < row.id and (span.up_to_id is None or span.cursor < span.up_to_id)
        }  # fmt: skip
        named = await DestinationRow.filter(id__in=owing).order_by("name") if owing else []
        held = [Held(destination.name, destination.enabled, row.received_ms) for destination in named]
        return held or [Held("", True, row.received_ms)]

    @reading
    async def _end(self) -> int:
        """The newest row that may move."""
        seen = await CounterRow.get_or_none(name=self._seen)
        end = 0 if seen is None else seen.value
        for span in await SpanRow.all():
            if span.up_to_id is None or span.cursor < span.up_to_id:
                end = min(end, span.cursor)
        return end

    async def _chunks(self, before_ms: int, end: int, providers: Mapping[int, str]) -> AsyncIterator[Chunk]:
        """Stretches of rows above the floor, up to the first one that came too late."""
        at = self._archive.floor
        chunk = Chunk(at, at)
        while at < end and (read := await self._journal.after(at, end, BATCH)):
            rows = _before(read, before_ms)
            if rows:
                await self._learn_plates({row.vehicle_id for row in rows})
                await asyncio.to_thread(_add, chunk, rows, self._plates, providers)
                at = rows[-1].id
            if chunk.full:
                yield chunk
                chunk = Chunk(at, at)
            if len(rows) < len(read):
                break
        if chunk.rows:
            yield chunk

    @reading
    async def _learn_plates(self, vehicle_ids: set[int]) -> None:
        new = sorted(vehicle_ids - self._plates.keys())
        for at in range(0, len(new), NAMES_AT_ONCE):
            some = await VehicleRow.filter(id__in=new[at : at + NAMES_AT_ONCE]).values_list("id", "plate")
            self._plates.update((int(number), str(plate)) for number, plate in some)

    async def _keep(self, chunk: Chunk, now_ms: int) -> None:
        """Write the files, then make them count and raise the floor in one transaction."""
        unit, parts = Unit(), list[Part]()
        spans = await _owed()
        for day_s, day in sorted(chunk.days.items()):
            part = Part(
                self._ids.take("archive_parts"),
                day_s,
                chunk.after_id,
                chunk.last_id,
                len(day.pieces),
                day.newest_ms,
            )
            written = await asyncio.to_thread(self._write, part, day)
            sent = orjson.dumps(await asyncio.to_thread(_sent, day, spans)).decode()
            sizes = (written.size, written.sha256, day.newest_ms)
            unit.add("archive_parts", (*part[:4], written.rows, *sizes, sent, now_ms, None))
            parts.append(part)
        unit.count(FLOOR, chunk.last_id - self._archive.floor)
        unit.count(MOVED, chunk.rows)
        await self._writer.settle(unit)
        self._archive.parts.extend(parts)
        self._archive.floor = chunk.last_id

    def _write(self, part: Part, day: Day) -> Written:
        return write(self._archive.file(part), pa.concat_tables(day.tables), checksum(day.pieces))

    async def _delete_up_to(self, floor: int) -> None:
        """Let rows that stand in the archive leave the table; what nobody sees may take its time."""
        while (oldest := await self._oldest()) and oldest <= floor:
            up_to = min(floor, oldest + BATCH - 1)
            await self._writer.settle(Unit(updates=[(DELETE, (oldest - 1, up_to))]))

    @reading
    async def _oldest(self) -> int:
        rows = await self._database.connection().execute_query_dict("SELECT MIN(id) AS oldest FROM waypoints")
        return int(rows[0]["oldest"] or 0)


@reading
async def _owed() -> list[tuple[int, int, int]]:
    """Destination and bounds of what was owed and sent: rows in (after_id, cursor]."""
    return [(span.destination_id, span.after_id, span.cursor) for span in await SpanRow.all()]


def _before(rows: list[StoredWaypoint], before_ms: int) -> list[StoredWaypoint]:
    """The rows up to the first one that was received too late."""
    end = next((number for number, row in enumerate(rows) if row.received_ms >= before_ms), len(rows))
    return rows[:end]


def _add(chunk: Chunk, rows: list[StoredWaypoint], plates: Mapping[int, str], providers: Mapping[int, str]) -> None:
    """Put rows into a chunk, each with its day."""
    by_day: dict[int, list[StoredWaypoint]] = defaultdict(list)
    for row in rows:
        by_day[day_of(row.time_s)].append(row)
        chunk.size += len(row.body)
    for day_s, some in by_day.items():
        day = chunk.days[day_s]
        day.tables.append(table_of(some, plates, providers))
        day.pieces.extend((row.id, bytes(row.body)) for row in some)
        day.newest_ms = max(day.newest_ms, *(row.received_ms for row in some))
    chunk.rows += len(rows)
    chunk.last_id = rows[-1].id


def _sent(day: Day, spans: list[tuple[int, int, int]]) -> dict[str, int]:
    sent: dict[str, int] = defaultdict(int)
    for destination_id, after_id, cursor in spans:
        sent[str(destination_id)] += sum(after_id < row_id <= cursor for row_id, _ in day.pieces)
    return {name: count for name, count in sent.items() if count}
