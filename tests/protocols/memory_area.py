"""An upload area and an authenticator in memory: the listeners' tests stand on them.

They keep the promises of `protocols/uploads.py`, proved by the contract test that the real area passes too. What a test
wants to see is public: `files`, `versions`, `broken`.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from protocols.errors import NoSuchPath, PathRefused, StorageFull, TooLarge, UploadRefused
from protocols.paths import is_temporary, name_of, station_of, time_in_name
from protocols.times import day_of
from protocols.uploads import Entry, Grant, Receipt
from protocols.vocabulary import Fate
from protocols.vocabulary import Protocol as Wire

KEPT_AT_S = 1_774_000_000


@dataclass(slots=True)
class MemoryAuthenticator:
    """Accounts by name; addresses in `blocked` may not even try."""

    passwords: dict[str, str]
    stations: dict[str, tuple[str, ...]]
    keys: dict[str, str] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    async def by_password(self, username: str, password: str, address: str, protocol: Wire) -> Grant | None:
        self.asked.append(username)
        if self.passwords.get(username) != password:
            return None
        return Grant(username, address, protocol, self.stations.get(username, ()))

    async def by_key(self, username: str, address: str, protocol: Wire, public_key: str) -> Grant | None:
        if self.keys.get(username) != public_key:
            return None
        return Grant(username, address, protocol, self.stations.get(username, ()))

    def address_allowed(self, address: str) -> bool:
        return address not in self.blocked


class MemoryArea:
    """Whole files by their place; a named station and time decide the place, not the folder a client chose."""

    def __init__(self, max_bytes: int = 1 << 20, capacity_bytes: int = 1 << 30) -> None:
        self.files: dict[str, bytes] = {}
        self.versions: defaultdict[str, list[bytes]] = defaultdict(list)
        self.folders: set[str] = set()
        self.broken: list[tuple[str, bytes]] = []
        self.max_bytes = max_bytes
        self.capacity_bytes = capacity_bytes
        self._ids = 0

    async def list(self, grant: Grant, path: str) -> list[Entry]:
        if not self._is_folder(grant, path):
            raise NoSuchPath(f"{path}: no such folder")
        inside = path.rstrip("/") + "/"
        found: dict[str, Entry] = {}
        for place, data in self.files.items():
            if place.startswith(inside):
                name, _, below = place[len(inside) :].partition("/")
                found[name] = _folder(name) if below else Entry(name, False, len(data), KEPT_AT_S)
        for folder in (*self.folders, *(f"/{code}" for code in grant.stations)):
            if folder.startswith(inside):
                name = folder[len(inside) :].partition("/")[0]
                found.setdefault(name, _folder(name))
        return [found[name] for name in sorted(found)]

    async def stat(self, grant: Grant, path: str) -> Entry:
        if self._is_folder(grant, path):
            return _folder(name_of(path))
        return Entry(name_of(path), False, len(self._bytes_at(grant, path)), KEPT_AT_S)

    async def read(self, grant: Grant, path: str) -> bytes:
        return self._bytes_at(grant, path)

    async def make_folder(self, grant: Grant, path: str) -> None:
        if self._is_folder(grant, path) or path in self.files:
            raise PathRefused(f"{path}: exists already")
        self.folders.add(path)

    async def remove_folder(self, grant: Grant, path: str) -> None:
        if not self._is_folder(grant, path):
            raise NoSuchPath(f"{path}: no such folder")
        if path not in self.folders or await self.list(grant, path):
            raise PathRefused(f"{path}: not empty")
        self.folders.remove(path)

    async def store(self, grant: Grant, path: str, data: bytes) -> Receipt:
        self._check_room(grant, path, data)
        self._ids += 1
        if is_temporary(name_of(path)):
            self.files[path] = data
            return Receipt(Fate.STORED, self._ids, f"kept under a temporary name, {len(data)} bytes")
        return self._keep(grant, path, data)

    async def keep_broken(self, grant: Grant, path: str, data: bytes) -> None:
        self.broken.append((path, data))

    async def rename(self, grant: Grant, source: str, target: str) -> Receipt:
        data = self._bytes_at(grant, source)
        if not is_temporary(name_of(source)):
            raise PathRefused(f"{source}: a kept file keeps its name")
        self._check_room(grant, target, b"")
        self._ids += 1
        if is_temporary(name_of(target)):
            self.files[target] = self.files.pop(source)
            return Receipt(Fate.STORED, self._ids, "renamed")
        receipt = self._keep(grant, target, data)
        del self.files[source]
        return receipt

    async def remove(self, grant: Grant, path: str) -> None:
        self._bytes_at(grant, path)
        if not is_temporary(name_of(path)):
            raise PathRefused(f"{path}: a kept file is never deleted")
        del self.files[path]

    def _keep(self, grant: Grant, path: str, data: bytes) -> Receipt:
        place = self._place(grant, path)
        known = self.versions[place]
        fate = Fate.DUPLICATE if data in known else Fate.STORED
        if fate is Fate.STORED:
            known.append(data)
        self.files[place] = data
        if data.startswith(b"unreadable"):
            raise UploadRefused("line 1: not a station file")
        return Receipt(fate, self._ids, f"{fate.value} {name_of(place)}, {len(data)} bytes")

    def _check_room(self, grant: Grant, path: str, data: bytes) -> None:
        if self._is_folder(grant, path) or not name_of(path):
            raise PathRefused(f"{path}: is a folder")
        if station_of(path, grant.stations) is None:
            raise PathRefused(f"{path}: no station of this account")
        if len(data) > self.max_bytes:
            raise TooLarge(f"more than {self.max_bytes} bytes")
        if sum(map(len, self.files.values())) + len(data) > self.capacity_bytes:
            raise StorageFull("disk short, try again later")

    def _place(self, grant: Grant, path: str) -> str:
        station = station_of(path, grant.stations)
        time_s = time_in_name(name_of(path))
        if station is None or time_s is None:
            return path
        year, month, day = day_of(time_s)
        return f"/{station}/{year:04}/{month:02}/{day:02}/{name_of(path)}"

    def _bytes_at(self, grant: Grant, path: str) -> bytes:
        data = self.files.get(path, self.files.get(self._place(grant, path)))
        if data is None:
            raise NoSuchPath(f"{path}: no such file")
        return data

    def _is_folder(self, grant: Grant, path: str) -> bool:
        inside = path.rstrip("/") + "/"
        known = (*self.files, *(folder + "/" for folder in self.folders), *(f"/{code}/" for code in grant.stations))
        return path == "/" or any(place.startswith(inside) for place in known)


def _folder(name: str) -> Entry:
    return Entry(name, True, 0, KEPT_AT_S)
