"""Station files on their way in: recognised, read, given their one fate, stored, acknowledged, handed on.

The raw bytes travel in the journal row, in the same commit as the counters; the readable copy under
`<station>/yyyy/mm/dd/` is written right behind it (`actors/projection.py`) and repaired from the journal at start.

Invariant: `keep` returns only after the commit; every upload becomes exactly one row with one fate.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import orjson

from actors.dictionary import Dictionary
from actors.inspection import inspect
from actors.kernel.clock import Now
from actors.messages import FileStored
from actors.name_check import name_faults, registered_faults
from actors.rules.works import find_work
from protocols.errors import StorageFull, UploadRefused
from protocols.formats import tt13_2023_registration
from protocols.formats.detection import is_slow, parse_file
from protocols.formats.tt13_2023_registration import Registration, is_registration
from protocols.paths import time_in_name
from protocols.records import Parsed
from protocols.times import day_of
from protocols.uploads import Grant, Receipt
from protocols.vocabulary import Fate
from storage.ids import Ids
from storage.writer import StoreError, Unit, Writer

BIG_BYTES = 1 << 20
MOST_FAULTS = 200
SAMPLER_ANSWER = "sampler_answer"


@dataclass(slots=True)
class KnownStation:
    """What the intake knows of a station. `newest_s` is the latest time in a stored name: a later one is new."""

    station_id: int
    code: str
    layout: str
    newest_s: int = 0
    dictionary: Dictionary | None = None
    """What its files may say; None where only the columns are judged."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A stored file on its way to the folder tree."""

    file_id: int
    code: str
    day: tuple[int, int, int]
    name: str
    data: bytes
    big_path: str


Note = Callable[[Unit, int], None]
"""Adds to the transaction that keeps a file, given the file's number."""


def _nothing_more(unit: Unit, file_id: int) -> None:
    """What an upload adds beside its row."""


def _both(first: Note, second: Note) -> Note:
    """Add what two of them add."""

    def note(unit: Unit, file_id: int) -> None:
        first(unit, file_id)
        second(unit, file_id)

    return note


def _no_answer(station_id: int, name: str, data: bytes) -> Note | None:
    """No sampler is listened to."""


class FileIntake:
    """Gives every upload its fate.

    Args:
        known: (station id, name, sha256) -> whether the journal holds it already.
        keep_big: writes a file over 1 MiB durably and gives its path.
        hand_on: called after the commit with the station's code and the message for its actor.
        project: called after the commit with what must appear in the folder tree.
    """

    def __init__(
        self,
        now: Now,
        writer: Writer,
        ids: Ids,
        stations: dict[str, KnownStation],
        known: Callable[[int | None, str, str], Awaitable[bool]],
        keep_big: Callable[[bytes], Awaitable[str]],
        hand_on: Callable[[str, FileStored], None],
        project: Callable[[KeptFile], None],
    ) -> None:
        self._now = now
        self._writer = writer
        self._ids = ids
        self._stations = stations
        self._known = known
        self._keep_big = keep_big
        self._hand_on = hand_on
        self._project = project
        self._in_flight: dict[tuple[int, str, str], asyncio.Event] = {}
        self._slowly = asyncio.Semaphore(1)
        self.closed = ""
        self.answered: Callable[[int, str, bytes], Note | None] = _no_answer
        """(station id, name, bytes) -> what a sampler's answer adds; None for a station file."""

    async def keep(self, grant: Grant, code: str | None, name: str, data: bytes, note: Note = _nothing_more) -> Receipt:
        """Store one upload; raises StorageFull, and UploadRefused for what is kept but refused.

        Args:
            note: adds to the transaction that keeps the file, given the file's number.
        """
        if self.closed:
            raise StorageFull(self.closed)
        if is_registration(name):
            return await self._keep_registration(grant, name, data, note)
        station = self._stations.get(code) if code else None
        digest = hashlib.sha256(data).hexdigest()
        if station is None:
            reason = f"no station of this account in the name: write one of {', '.join(grant.stations[:3])} and _time"
            return await self._store(grant, None, name, data, digest, Parsed("", (), ()), Fate.REFUSED, reason, note)
        mark = (station.station_id, name, digest)
        while (under_way := self._in_flight.get(mark)) is not None:
            await under_way.wait()
        ended = self._in_flight[mark] = asyncio.Event()
        try:
            return await self._keep_once(grant, station, name, data, digest, note)
        finally:
            del self._in_flight[mark]
            ended.set()

    async def _keep_once(
        self, grant: Grant, station: KnownStation, name: str, data: bytes, digest: str, note: Note
    ) -> Receipt:
        if await self._is_duplicate(station, name, digest):
            parsed = Parsed("", (), ())
            return await self._store(
                grant, station, name, data, digest, parsed, Fate.DUPLICATE, "same name, same bytes", note
            )
        if (answer := self.answered(station.station_id, name, data)) is not None:
            parsed = Parsed(SAMPLER_ANSWER, (), ())
            return await self._store(grant, station, name, data, digest, parsed, Fate.STORED, "", _both(note, answer))
        parsed = await self._read(station, name, data)
        fate, reason = Fate.STORED, ""
        if not parsed.records:
            fate = Fate.REFUSED
            reason = parsed.faults[0].detail if parsed.faults else "no readings in the file"
        return await self._store(grant, station, name, data, digest, parsed, fate, reason, note)

    async def _read(self, station: KnownStation, name: str, data: bytes) -> Parsed:
        """Read a file; a long one or a workbook beside the loop, one at a time."""
        if is_slow(data):
            async with self._slowly:
                parsed = await asyncio.to_thread(parse_file, name, data, station.layout)
        else:
            parsed = parse_file(name, data, station.layout)
        if station.dictionary:
            parsed = inspect(parsed, station.dictionary, data, self._now())
        faults = name_faults(name, station.code, self._now())
        return parsed._replace(faults=(*faults, *parsed.faults)) if faults else parsed

    async def _keep_registration(self, grant: Grant, name: str, data: bytes, note: Note) -> Receipt:
        """Keep what a work says of itself, and list it for approval; no station has it, and no actor reads it."""
        digest = hashlib.sha256(data).hexdigest()
        async with self._slowly:
            told = await asyncio.to_thread(tt13_2023_registration.parse, name, data)
            parsed = Parsed(tt13_2023_registration.LAYOUT, (), (*told.faults, *registered_faults(name, told)))
            if not told.fields:
                reason = told.faults[0].detail if told.faults else "no field of a registration in the file"
                return await self._store(grant, None, name, data, digest, parsed, Fate.REFUSED, reason, note)
            if await self._is_known(None, name, digest):
                reason = "same name, same bytes"
                return await self._store(grant, None, name, data, digest, parsed, Fate.DUPLICATE, reason, note)
            listed = _both(note, lambda unit, file_id: self._list_registration(unit, file_id, grant, told))
            return await self._store(grant, None, name, data, digest, parsed, Fate.STORED, "", listed)

    async def _is_known(self, station_id: int | None, name: str, digest: str) -> bool:
        try:
            return await self._known(station_id, name, digest)
        except StoreError as error:
            raise StorageFull(f"not stored, try again later: {error.reason}") from error

    async def _is_duplicate(self, station: KnownStation, name: str, digest: str) -> bool:
        time_s = time_in_name(name)
        if time_s is not None and time_s > station.newest_s:
            return False
        return await self._is_known(station.station_id, name, digest)

    async def _store(
        self,
        grant: Grant,
        station: KnownStation | None,
        name: str,
        data: bytes,
        digest: str,
        parsed: Parsed,
        fate: Fate,
        reason: str,
        note: Note,
    ) -> Receipt:
        big_path = await self._put_big(data) if len(data) > BIG_BYTES else ""
        file_id = self._ids.take("files")  # no await from here to the writer: rows are committed in the order of ids
        received_ms = int(self._now() * 1000)
        time_s = time_in_name(name)
        day = day_of(time_s if time_s is not None else received_ms // 1000)
        code = station.code if station else ""
        path = big_path or (f"{code}/{day[0]:04}/{day[1]:02}/{day[2]:02}/{name}" if code else "")
        unit = Unit()
        unit.add(
            "files",
            (
                file_id,
                station.station_id if station else None,
                grant.username,
                str(grant.protocol),
                grant.address,
                name[:255],
                path[:500],
                received_ms,
                len(data),
                digest,
                str(fate),
                reason[:300],
                parsed.layout,
                len(parsed.records),
                orjson.dumps([fault._asdict() for fault in parsed.faults[:MOST_FAULTS]]).decode(),
                time_s,
                None if big_path else data,
            ),
        )
        note(unit, file_id)
        unit.count("files.received")
        unit.count(f"files.{fate}")
        try:
            await self._writer.store(unit)
        except StoreError as error:
            raise StorageFull(f"not stored, try again later: {error.reason}") from error
        if station is not None and fate is not Fate.REFUSED and time_s is not None:
            station.newest_s = max(station.newest_s, time_s)
        if station is not None and fate is Fate.STORED:
            self._project(KeptFile(file_id, code, day, name, data, big_path))
            self._hand_on(code, FileStored(file_id, received_ms, parsed.records))
        if fate is Fate.REFUSED:
            raise UploadRefused(f"kept as {file_id}, but refused: {reason}")
        return Receipt(fate, file_id, _reply(file_id, fate, parsed))

    def _list_registration(self, unit: Unit, file_id: int, grant: Grant, registration: Registration) -> None:
        fields = registration.fields
        work = find_work(fields.get("Loaicongtrinh", ""), registration.code.partition("_")[2])
        content = orjson.dumps(fields).decode()
        code, province = registration.code[:96], registration.province
        known = (work.name if work else "", province, content, "pending", "", None, "")
        row = (self._ids.take("registrations"), file_id, code, grant.username, int(self._now() * 1000))
        unit.add("registrations", (*row, *known))

    async def _put_big(self, data: bytes) -> str:
        try:
            return await self._keep_big(data)
        except OSError as error:
            raise StorageFull(f"not stored, try again later: {error.strerror}") from error


def _reply(file_id: int, fate: Fate, parsed: Parsed) -> str:
    if fate is Fate.STORED and parsed.layout == tt13_2023_registration.LAYOUT:
        return f"kept as {file_id}: a registration, it waits for approval"
    if fate is Fate.STORED and parsed.layout == SAMPLER_ANSWER:
        return f"kept as {file_id}: the answer of a sampler"
    if fate is Fate.DUPLICATE:
        return f"kept as {file_id}: a duplicate, this file was here already"
    faults = f", {len(parsed.faults)} faults: {parsed.faults[0].detail}" if parsed.faults else ""
    return f"kept as {file_id}: {len(parsed.records)} readings{faults}"[:400]
