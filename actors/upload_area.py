"""What an account sees over FTP and SFTP: its stations' folders by day, and its own uploads still on their way.

Whatever folder a logger names, a file whose name tells station and time lands in `/<station>/yyyy/MM/dd/`.
Invariant: nothing that was kept can be deleted or overwritten from here; only temporary files can.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from actors.file_intake import FileIntake
from actors.name_check import same_work
from actors.projection import Projection
from protocols.errors import NoSuchPath, PathRefused, StorageFull, TooLarge
from protocols.paths import is_temporary, name_of, parent_of, station_of, time_in_name
from protocols.times import day_of
from protocols.uploads import Entry, Grant, Receipt
from protocols.vocabulary import Fate
from storage.rawfiles import RawFiles

MOST_BYTES = 16 << 20
VERSION = re.compile(r"(.+)\.~([0-9]+)")


async def as_it_is(grant: Grant) -> Grant:
    """Where inventories never change, a grant holds as long as its session."""
    return grant


class StationArea:
    """The upload area behind both listeners (protocols/uploads.py).

    Args:
        renewed: gives a session's grant with the stations that its account has now.
    """

    def __init__(
        self,
        intake: FileIntake,
        projection: Projection,
        files: RawFiles,
        now: Callable[[], float],
        renewed: Callable[[Grant], Awaitable[Grant]] = as_it_is,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._intake = intake
        self._projection = projection
        self._files = files
        self._now = now
        self._renewed = renewed
        self._most_bytes = most_bytes

    async def list(self, grant: Grant, path: str) -> list[Entry]:
        """List a folder: kept files, remembered folders, and what is on its way."""
        await self._projection.settled()
        return await asyncio.to_thread(_entries, self._files, grant, path, int(self._now()))

    async def stat(self, grant: Grant, path: str) -> Entry:
        """Say what stands at a path."""
        if path == "/":
            return Entry("", True, 0, int(self._now()))
        if is_temporary(name_of(path)):
            return await asyncio.to_thread(self._files.incoming.entry, grant.username, path)
        place = self._place(grant, path)
        for where in dict.fromkeys((place, path)):
            try:
                entries = await self.list(grant, parent_of(where))
            except NoSuchPath:
                continue
            for entry in entries:
                if entry.name == name_of(where):
                    return entry
        raise NoSuchPath(f"{path}: nothing is there")

    async def read(self, grant: Grant, path: str) -> bytes:
        """Read a kept file, or one that is on its way."""
        await self._projection.settled()
        return await asyncio.to_thread(self._read, grant, path)

    def _read(self, grant: Grant, path: str) -> bytes:
        if is_temporary(name_of(path)):
            return self._files.incoming.read(grant.username, path)
        parts = [part for part in self._place(grant, path).split("/") if part]
        station = _station_folder(grant, parts)
        if station is None:
            raise NoSuchPath(f"{path}: nothing is there")
        *folder, name = station[1] or [""]
        versions = _versions(self._files.list_station(station[0], *folder))
        return self._files.read("/".join((station[0], *folder, versions[name].name if name in versions else name)))

    async def make_folder(self, grant: Grant, path: str) -> None:
        """Remember a folder; PathRefused where it exists already."""
        if await self._is_folder(grant, path):
            raise PathRefused(f"{path}: exists already")
        await asyncio.to_thread(self._files.incoming.make_folder, grant.username, path)

    async def remove_folder(self, grant: Grant, path: str) -> None:
        """Forget a remembered folder."""
        if not await self._is_folder(grant, path):
            raise NoSuchPath(f"{path}: no such folder")
        if await self.list(grant, path) or path.strip("/") in grant.stations or path == "/":
            raise PathRefused(f"{path}: not empty")
        await asyncio.to_thread(self._files.incoming.remove_folder, grant.username, path)

    async def store(self, grant: Grant, path: str, data: bytes) -> Receipt:
        """Keep a whole upload; under a temporary name it waits, durable, for its rename."""
        name = name_of(path)
        if not name:
            raise PathRefused(f"{path}: is a folder")
        if len(data) > self._most_bytes:
            raise TooLarge(f"{len(data)} bytes are over the limit of {self._most_bytes}: split the file")
        if self._intake.closed:
            raise StorageFull(self._intake.closed)
        if is_temporary(name):
            await self._disk(self._files.incoming.put, grant.username, path, data)
            return Receipt(Fate.STORED, 0, f"{len(data)} bytes wait for their final name")
        grant = await self._renewed(grant)
        if await self._is_own_folder(grant, path):
            raise PathRefused(f"{path}: is a folder")
        return await self._intake.keep(grant, station_for(path, grant.stations), name, data)

    async def keep_broken(self, grant: Grant, path: str, data: bytes) -> None:
        """Keep apart what broke off."""
        await self._disk(self._files.keep_broken, grant.username, path, data, self._now())

    async def rename(self, grant: Grant, source: str, target: str) -> Receipt:
        """Give a temporary upload its final name: now it is stored and read."""
        if not is_temporary(name_of(source)):
            raise PathRefused(f"{source}: a kept file keeps its name")
        data = await asyncio.to_thread(self._files.incoming.read, grant.username, source)
        if is_temporary(name_of(target)):
            await asyncio.to_thread(self._files.incoming.rename, grant.username, source, target)
            return Receipt(Fate.STORED, 0, "renamed")
        receipt = await self.store(grant, target, data)
        await asyncio.to_thread(self._files.incoming.remove, grant.username, source)
        return receipt

    async def remove(self, grant: Grant, path: str) -> None:
        """Take away a temporary file."""
        if not is_temporary(name_of(path)):
            await self.stat(grant, path)
            raise PathRefused(f"{path}: a kept file is never deleted")
        await asyncio.to_thread(self._files.incoming.remove, grant.username, path)

    async def _is_folder(self, grant: Grant, path: str) -> bool:
        try:
            await self.list(grant, path)
        except (NoSuchPath, PathRefused):
            return False
        return True

    async def _is_own_folder(self, grant: Grant, path: str) -> bool:
        return time_in_name(name_of(path)) is None and await self._is_folder(grant, path)

    async def _disk(self, call: Callable[..., object], *args: object) -> object:
        """Run a disk operation; a full disk is the sender's to try again later."""
        try:
            return await asyncio.to_thread(call, *args)
        except OSError as error:
            raise StorageFull(f"not stored, try again later: {error.strerror}") from error

    @staticmethod
    def _place(grant: Grant, path: str) -> str:
        station, time_s = station_for(path, grant.stations), time_in_name(name_of(path))
        if station is None or time_s is None or is_temporary(name_of(path)):
            return path
        year, month, day = day_of(time_s)
        return f"/{station}/{year:04}/{month:02}/{day:02}/{name_of(path)}"


def station_for(path: str, stations: tuple[str, ...]) -> str | None:
    """The station of a path, also where a merger of provinces changed the code in the name of its work."""
    return same_work(name_of(path), stations) or station_of(path, stations)


def _station_folder(grant: Grant, parts: list[str]) -> tuple[str, list[str]] | None:
    """Which station's folder a path speaks of, and the parts below it."""
    if parts:
        for code in grant.stations:
            if code.casefold() == parts[0].casefold():
                return code, parts[1:]
    if len(grant.stations) == 1 and all(part.isdigit() for part in parts):
        return grant.stations[0], parts
    return None


def _versions(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The newest version of each name (storage/rawfiles.py): what a client sees and reads under it."""
    newest: dict[str, tuple[int, Entry]] = {}
    for entry in entries:
        marked = VERSION.fullmatch(entry.name)
        name, number = (marked[1], int(marked[2])) if marked else (entry.name, 1)
        if name not in newest or newest[name][0] < number:
            newest[name] = (number, entry)
    return {name: entry for name, (_, entry) in newest.items()}


def _entries(files: RawFiles, grant: Grant, path: str, now_s: int) -> list[Entry]:
    found: dict[str, Entry] = {}
    exists = path == "/"
    if path == "/":
        found = {code: Entry(code, True, 0, now_s) for code in grant.stations}
    parts = [part for part in path.split("/") if part]
    station = _station_folder(grant, parts)
    if station is not None:
        code, below = station
        exists = exists or not below
        try:
            versions = _versions(files.list_station(code, *below))
            found.update((name, replace(entry, name=name)) for name, entry in versions.items())
            exists = True
        except NoSuchPath:
            pass
    try:
        for entry in files.incoming.entries(grant.username, path):
            found.setdefault(entry.name, entry)
        exists = True
    except NoSuchPath:
        pass
    if not exists:
        raise NoSuchPath(f"{path}: no such folder")
    return [found[name] for name in sorted(found)]
