"""Waypoints on their way in: read, recognised, written, acknowledged, handed on.

`offer` is called by the AMQP listener with whatever one read of a socket brought. Everything that arrives gets its one
fate here, in the transaction that stores it; vehicles' actors and forwarders see it only after the commit.

Invariant: offers of one connection are stored, and so acknowledged, in the order they came.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from actors.kernel.clock import Now
from actors.messages import WaypointStored
from actors.vehicle import VehicleActor
from protocols.amqp.boundary import ProviderGrant
from protocols.errors import FormatError
from protocols.formats.ufms import normalise_plate, parse_base, parse_waypoint
from protocols.records import Waypoint
from protocols.vocabulary import Fate
from storage.ids import Ids
from storage.tracks import Track, Tracks
from storage.waypoints import StoredWaypoint
from storage.writer import Unit, Writer

log = structlog.get_logger()

RECEIVED, STORED = "waypoints.received", "waypoints.stored"
DUPLICATE, REFUSED, OTHER = "waypoints.duplicate", "waypoints.refused", "messages.other"
MOST_PLATE = 24


@dataclass(slots=True)
class Offer:
    """What one read of a socket brought."""

    grant: ProviderGrant
    bodies: list[bytes]
    stored: Callable[[], None]
    received_ms: int


@dataclass(slots=True)
class Batch:
    """An offer on its way into one transaction."""

    unit: Unit
    rows: list[StoredWaypoint]
    mail: list[tuple[int, WaypointStored]]


class Registrar:
    """Makes vehicles that nobody registered; ids below zero, so they never meet those of an import."""

    def __init__(self, tracks: Tracks, born: Callable[[Track], VehicleActor]) -> None:
        self._tracks = tracks
        self._born = born
        self._lowest = min(tracks.by_id, default=0)

    def register(self, plate: str, provider: str, unit: Unit) -> Track:
        """Add a vehicle in the transaction of its first waypoint."""
        self._lowest = min(self._lowest, 0) - 1
        track = Track(self._lowest, plate)
        self._tracks.add(track)
        self._born(track)
        unit.add("vehicles", (track.vehicle_id, plate, provider, "", "", "", None, None, None, False))
        return track


class WaypointIntake:
    """The sink behind the AMQP listener.

    Args:
        instants: (head, day) -> the vehicle's stored instants of a UTC day, for backlogs older than the window.
        owed: names of the destinations that every waypoint is due to.
        pressure: called after each offer: too much may be waiting for the disk.
        hand_on: called after the commit with the rows (for forwarders) and the mail (for actors).
    """

    def __init__(
        self,
        now: Now,
        writer: Writer,
        ids: Ids,
        tracks: Tracks,
        registrar: Registrar,
        may_register: Callable[[int], bool],
        instants: Callable[[int, int], Awaitable[list[int]]],
        hand_on: Callable[[list[StoredWaypoint], list[tuple[int, WaypointStored]]], None],
        owed: Callable[[], tuple[str, ...]],
        pressure: Callable[[], None],
    ) -> None:
        self._now = now
        self._writer = writer
        self._ids = ids
        self._tracks = tracks
        self._registrar = registrar
        self._may_register = may_register
        self._instants = instants
        self._hand_on = hand_on
        self._owed = owed
        self._pressure = pressure
        self._tasks: set[asyncio.Task[None]] = set()
        self._rows = ids.source("waypoints")
        self._slow: dict[int, deque[Offer]] = {}
        self.defects: dict[str, int] = {}

    def offer(self, grant: ProviderGrant, bodies: list[bytes], stored: Callable[[], None]) -> None:
        """Take the bodies of one read; `stored` is called once all of them are durable."""
        offer = Offer(grant, bodies, stored, int(self._now() * 1000))
        if (queue := self._slow.get(id(grant))) is not None:
            queue.append(offer)
            return
        if self._take(offer):
            queue = self._slow[id(grant)] = deque([offer])
            task = asyncio.get_running_loop().create_task(self._catch_up(id(grant), queue))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _catch_up(self, key: int, queue: deque[Offer]) -> None:
        """Take the offers of one connection in order, opening the day books they need."""
        while queue:
            offer = queue[0]
            while wanted := self._take(offer):
                for track, day in wanted:
                    times_s = await self._instants(track.head, day)
                    self._tracks.open_book(track, day, times_s)
            queue.popleft()
        del self._slow[key]

    def _take(self, offer: Offer) -> set[tuple[Track, int]]:
        """Write an offer into the next transaction; or give the day books that must be opened first."""
        parsed = [self._parse(body) for body in offer.bodies]
        if wanted := self._unknown(parsed, offer.received_ms // 1000):
            return wanted
        batch = Batch(Unit(), [], [])
        for body, waypoint in zip(offer.bodies, parsed, strict=True):
            if isinstance(waypoint, Waypoint):
                self._accept(batch, offer, body, waypoint)
            else:
                self._put_aside(batch.unit, offer, body, waypoint)
        if batch.rows:
            batch.unit.rows["waypoints"] = batch.rows  # type: ignore[assignment]
        self._count(batch.unit, len(batch.rows))
        stored, rows, mail = offer.stored, batch.rows, batch.mail

        def done() -> None:
            stored()
            self._hand_on(rows, mail)

        batch.unit.stored = done
        self._writer.add(batch.unit)
        self._pressure()
        return set()

    @staticmethod
    def _parse(body: bytes) -> Waypoint | FormatError:
        try:
            return parse_waypoint(body)
        except FormatError as error:
            return error

    def _unknown(self, parsed: list[Waypoint | FormatError], received_s: int) -> set[tuple[Track, int]]:
        """Day books needed before these can be judged: instants older than a vehicle's window."""
        find = self._tracks.find
        wanted = set()
        for waypoint in parsed:
            if type(waypoint) is Waypoint and (track := find(waypoint.vehicle)) is not None:
                day = track.needs(waypoint.time_s, received_s)
                if day is not None:
                    wanted.add((track, day))
        return wanted

    def _accept(self, batch: Batch, offer: Offer, body: bytes, waypoint: Waypoint) -> None:
        track = self._tracks.find(waypoint.vehicle)
        if track is None:
            track = self._new_vehicle(batch.unit, offer.grant, waypoint.vehicle)
            if track is None:
                self._put_aside(batch.unit, offer, body, FormatError("vehicle not registered"), waypoint)
                return
        time_s, received_ms = waypoint.time_s, offer.received_ms
        if not track.accept(time_s, received_ms // 1000):
            row = (self._ids.take("asides"), offer.grant.provider_id, track.vehicle_id, time_s, received_ms)
            batch.unit.add("asides", (*row, str(Fate.DUPLICATE), "same vehicle and time", body))
            batch.unit.count(DUPLICATE)
            return
        seq = next(self._rows)
        batch.rows.append(
            StoredWaypoint(seq, track.head, track.vehicle_id, time_s, received_ms, offer.grant.provider_id, body)
        )
        track.head = seq
        batch.mail.append((track.vehicle_id, WaypointStored(seq, received_ms, waypoint)))

    def _new_vehicle(self, unit: Unit, grant: ProviderGrant, spelling: str) -> Track | None:
        plate = normalise_plate(spelling)
        if not plate or len(plate) > MOST_PLATE:
            return None
        track = self._tracks.find(plate)
        if track is None:
            if not self._may_register(grant.provider_id):
                return None
            track = self._registrar.register(plate, grant.username, unit)
            log.info("vehicle_registered", plate=plate, provider=grant.username)
        if spelling != plate:
            self._tracks.alias(spelling, track)
        return track

    def _put_aside(
        self, unit: Unit, offer: Offer, body: bytes, error: FormatError, waypoint: Waypoint | None = None
    ) -> None:
        reason, fate = error.reason, Fate.REFUSED
        try:
            message = parse_base(body)
            if waypoint is None and message.msg_type != message.WAY_POINT:
                reason, fate = message.MsgType.Name(message.msg_type), Fate.STORED
        except FormatError:
            pass
        time_s = waypoint.time_s if waypoint else None
        row = (self._ids.take("asides"), offer.grant.provider_id, None, time_s, offer.received_ms)
        unit.add("asides", (*row, str(fate), reason[:120], body))
        unit.count(REFUSED if fate is Fate.REFUSED else OTHER)

    def _count(self, unit: Unit, stored: int) -> None:
        if stored:
            unit.counters[STORED] = stored
            for name in self._owed():
                unit.counters[f"destination.{name}.due"] = stored
                unit.counters[f"destination.{name}.waiting"] = stored
        received = stored + unit.counters.get(DUPLICATE, 0) + unit.counters.get(REFUSED, 0)
        if received:
            unit.counters[RECEIVED] = received
