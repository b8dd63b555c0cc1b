"""A store with an archive beside it, and trackers that fill it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from protocols.formats.ufms import build_waypoint
from protocols.times import DAY_S
from protocols.waypoint import Waypoint
from storage.archive import Archive
from storage.archiving import Archiver
from storage.database import Database
from storage.expiry import Expiry
from storage.ids import load_ids
from storage.waypoints import WaypointJournal
from storage.writer import Unit, Writer
from tests.storage.stores import opened

T0 = 20_000 * DAY_S
"""The beginning of a UTC day."""
SEEN = "snapshot.waypoints"


class ArchiveBox:
    """What a test holds."""

    def __init__(self, database: Database, writer: Writer, folder: Path) -> None:
        self.database = database
        self.writer = writer
        self.folder = folder
        self.archive = Archive(folder)
        self.journal = WaypointJournal(database, self.archive)
        self.heads: dict[int, int] = {}

    async def begin(self) -> "ArchiveBox":
        """Read what stands there, as a start does."""
        self.ids = await load_ids(self.database)
        await self.archive.load()
        self.archiver = Archiver(self.database, self.archive, self.writer, self.ids, SEEN)
        self.expiry = Expiry(self.database, self.archive, self.writer, self.ids)
        return self

    async def store(self, *points: tuple[int, int], late_s: int = 0) -> list[int]:
        """Store (vehicle, seconds after T0), each received when it was made or later; all of it is in a snapshot."""
        unit, numbers = Unit(), list[int]()
        for vehicle, after_s in points:
            number, time_s = self.ids.take("waypoints"), T0 + after_s
            body = build_waypoint(Waypoint(f"29A{vehicle:05d}", "", 40.5, time_s, 105.8, 21.0, None, True, None, None))
            row = (number, self.heads.get(vehicle, 0), vehicle, time_s, (time_s + late_s) * 1000, 1, body)
            unit.add("waypoints", row)
            self.heads[vehicle] = number
            numbers.append(number)
        unit.count("waypoints.received", len(points))
        unit.count("waypoints.stored", len(points))
        unit.mark(SEEN, numbers[-1])
        await self.writer.store(unit)
        return numbers

    async def move(self, before_day: int) -> int:
        """Archive what was received before the begin of a day after T0's."""
        before_s = T0 + before_day * DAY_S
        return await self.archiver.move(before_s * 1000, before_s * 1000)


@asynccontextmanager
async def archive_box(url: str, folder: Path) -> AsyncIterator[ArchiveBox]:
    """An opened one."""
    async with opened(url) as (database, writer):
        yield await ArchiveBox(database, writer, folder).begin()
