"""The archive of waypoints: rows up to `floor` stand in Parquet files, later ones in the hot table.

Layout: `<data_dir>/archive/waypoints/day=YYYY-MM-DD/AFTER-LAST.parquet`, days of observation in UTC, as the day books
of the intake have them. `archive_parts` says which files count; a file that no row names is swept away.

Invariant: the floor and the rows of its files move in one transaction, so a row counts in one place only; what a
crash leaves behind (files that count not yet, table rows that count no more) is seen by nobody here.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

import structlog

from protocols.times import DAY_S
from storage.models import ArchivePartRow, CounterRow
from storage.parquet_parts import DamagedPart, JournalRow, of_vehicle, read_back
from storage.reading import reading

log = structlog.get_logger()

T = TypeVar("T")

FLOOR = "archive.floor"
"""The counter of the newest journal row that stands in the archive."""
FOLDER = Path("archive") / "waypoints"


class Part(NamedTuple):
    """A file that counts."""

    id: int
    day_s: int
    after_id: int
    last_id: int
    rows: int
    newest_ms: int


class Archive:
    """Which files count, and the reads of one vehicle. `floor` and `parts` are moved by whoever moves the rows."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / FOLDER
        self.floor = 0
        self.parts: list[Part] = []
        self.damaged: dict[Part, str] = {}
        """Files that could not be read when somebody asked for them last, and why."""

    @reading
    async def load(self) -> None:
        """Read what counts."""
        row = await CounterRow.get_or_none(name=FLOOR)
        self.floor = 0 if row is None else row.value
        rows = await ArchivePartRow.filter(expired_ms=None).order_by("id")
        self.parts = [Part(row.id, row.day_s, row.after_id, row.last_id, row.rows, row.newest_ms) for row in rows]

    def file(self, part: Part) -> Path:
        """Where a part stands."""
        return part_file(self.folder, part.day_s, part.after_id, part.last_id)

    def sweep(self) -> int:
        """Take away what counts not: left by a crash before its row, or after its expiry. Blocking."""
        wanted = {self.file(part) for part in self.parts}
        strangers = [file for file in self.folder.glob("day=*/*") if file not in wanted]
        for file in strangers:
            file.unlink()
        for day in self.folder.glob("day=*"):
            if not any(day.iterdir()):
                day.rmdir()
        return len(strangers)

    async def since(self, vehicle_id: int, after_id: int, since_ms: int = 0) -> list[JournalRow]:
        """A vehicle's archived rows after a row, by their number: where a walk along its track goes on."""
        parts = [part for part in self.parts if part.last_id > after_id and part.newest_ms >= since_ms]
        rows = await self._rows(parts, vehicle_id)
        return sorted(row for row in rows if row[0] > after_id and row[4] >= since_ms)

    async def between(self, vehicle_id: int, from_s: int, to_s: int) -> list[JournalRow]:
        """A vehicle's archived rows observed in [from_s, to_s], by their number."""
        parts = [part for part in self.parts if part.day_s + DAY_S > from_s and part.day_s <= to_s]
        rows = await self._rows(parts, vehicle_id)
        return sorted(row for row in rows if from_s <= row[3] <= to_s)

    async def readable(self, vehicle_id: int, from_s: int, to_s: int) -> list[JournalRow]:
        """As `between`, without what stands in damaged files: for whoever must go on; `damaged` says that it is so."""
        parts = [part for part in self.parts if part.day_s + DAY_S > from_s and part.day_s <= to_s]
        rows = await self._rows(parts, vehicle_id, is_strict=False)
        return sorted(row for row in rows if from_s <= row[3] <= to_s)

    async def row(self, vehicle_id: int, number: int) -> JournalRow | None:
        """One archived row of a vehicle."""
        parts = [part for part in self.parts if part.after_id < number <= part.last_id]
        return next((row for row in await self._rows(parts, vehicle_id) if row[0] == number), None)

    async def _rows(self, parts: Sequence[Part], vehicle_id: int, is_strict: bool = True) -> list[JournalRow]:
        if not parts:
            return []
        rows: list[JournalRow] = []
        trouble: DamagedPart | None = None
        read = await asyncio.to_thread(lambda: [self._read(part, vehicle_id) for part in parts])
        for part, found in zip(parts, read, strict=True):
            if isinstance(found, DamagedPart):
                trouble = found
                if part not in self.damaged:
                    log.error("archive_part_damaged", day=day_name(part.day_s), rows=part.rows, reason=str(found))
                self.damaged[part] = str(found)
            else:
                self.damaged.pop(part, None)
                rows += found
        if trouble is not None and is_strict:
            raise trouble
        return rows

    def _read(self, part: Part, vehicle_id: int) -> list[JournalRow] | DamagedPart:
        """A vehicle's rows of one file; none of one that expired while it was asked for. Blocking."""
        file = self.file(part)
        try:
            return of_vehicle(file, vehicle_id)
        except FileNotFoundError:
            return DamagedPart(f"{file.parent.name}/{file.name} is gone") if part in self.parts else []
        except DamagedPart as error:
            return error

    async def steadily(self, ask: Callable[[int], Awaitable[list[T]]]) -> tuple[int, list[T]]:
        """Ask the hot table for what stands above the floor; again where that moved meanwhile. Gives the floor, too."""
        while True:
            floor = self.floor
            rows = await ask(floor)
            if floor == self.floor:
                return floor, rows


async def check_parts(data_dir: Path) -> None:
    """Read every file that counts and compare with what was put in.

    Raises:
        DamagedPart: one is gone, cannot be read, or holds something else.
    """
    for row in await ArchivePartRow.filter(expired_ms=None).order_by("id"):
        file = part_file(data_dir / FOLDER, row.day_s, row.after_id, row.last_id)
        if await asyncio.to_thread(read_back, file) != (row.rows, row.sha256):
            raise DamagedPart(f"{file.parent.name}/{file.name} does not hold the {row.rows} rows that were put in")


def part_file(folder: Path, day_s: int, after_id: int, last_id: int) -> Path:
    """The path of a part."""
    return folder / f"day={day_name(day_s)}" / f"{after_id + 1:015d}-{last_id:015d}.parquet"


def day_name(day_s: int) -> str:
    """A UTC day as yyyy-mm-dd."""
    return datetime.fromtimestamp(day_s, UTC).date().isoformat()
