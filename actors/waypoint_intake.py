"""Waypoints on their way in: read, recognised, written, acknowledged, handed on.

`offer` is called by the AMQP listener with whatever one read of a socket brought. Everything that arrives gets its one
fate here, in the transaction that stores it; vehicles' actors and forwarders see it only after the commit.

Invariant: offers of one connection are stored, and so acknowledged, in the order they came.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple, Protocol

import structlog

from actors.kernel.clock import Now
from actors.provider_counts import Lapse, ProviderCounts
from actors.registrar import Registrar
from actors.rules.identity import clean_identity
from actors.rules.waypoint_faults import WaypointFault, is_plain_driver, look_plain, looks_plain, waypoint_faults
from actors.tracker_words import write_words
from actors.vehicle import RESEND_S
from actors.waypoint_taking import Offer, Taking
from protocols.amqp.boundary import ProviderGrant
from protocols.errors import FormatError
from protocols.formats.ufms import BUS_WAY_POINT, WAY_POINT, lacks_of, parse_base, split_bus_way_points
from protocols.formats.ufms_layout import WaypointReader
from protocols.times import DAY_S
from protocols.vocabulary import Fate
from protocols.waypoint import Waypoint
from storage.ids import Ids
from storage.tracks import Track, Tracks
from storage.waypoint_rows import WaypointRows
from storage.writer import RETRY_S, StoreError, Unit, Writer

log = structlog.get_logger()

RECEIVED, STORED = "waypoints.received", "waypoints.stored"
DUPLICATE, REFUSED, OTHER = "waypoints.duplicate", "waypoints.refused", "messages.other"
MOST_PLATE = 24
WAYPOINTS = (WAY_POINT, BUS_WAY_POINT)
LACKING = {"plate": WaypointFault.NO_PLATE, "time": WaypointFault.NO_TIME}


class Instants(Protocol):
    """Reads the stored instants of a vehicle's UTC day."""

    def __call__(self, head: int, day: int, vehicle_id: int, *, early: bool) -> Awaitable[list[int]]: ...


class DayBook(NamedTuple):
    """What must be read from the journal before a body can be judged: a vehicle's instants of one UTC day."""

    track: Track
    day: int


class WaypointIntake:
    """The sink behind the AMQP listener.

    Args:
        instants: (head, day, vehicle, early) -> its stored instants of a UTC day, for backlogs older than the window;
            `early` if some of them may have been received before that day.
        owed: names of the destinations that every waypoint is due to.
        pressure: called after each offer: too much may be waiting for the disk.
        hand_on: called after the commit with the rows (for forwarders) and the waypoint of each (for actors).
    """

    def __init__(
        self,
        now: Now,
        writer: Writer,
        ids: Ids,
        tracks: Tracks,
        registrar: Registrar,
        may_register: Callable[[int], bool],
        instants: Instants,
        hand_on: Callable[[WaypointRows, list[Waypoint]], None],
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
        self._reader = WaypointReader()
        self._slow: dict[int, deque[Offer]] = {}

    def offer(self, grant: ProviderGrant, bodies: list[bytes], stored: Callable[[], None]) -> None:
        """Take the bodies of one read; `stored` is called once all of them are durable."""
        offer = Offer(grant, bodies, stored, int(self._now() * 1000))
        if (queue := self._slow.get(id(grant))) is not None:
            queue.append(offer)
            return
        if self._take(offer) is not None:
            queue = self._slow[id(grant)] = deque([offer])
            task = asyncio.get_running_loop().create_task(self._catch_up(id(grant), queue))
            self._tasks.add(task)
            task.add_done_callback(self._caught_up)

    async def _catch_up(self, key: int, queue: deque[Offer]) -> None:
        """Take the offers of one connection in order, opening the day books they need."""
        while queue:
            while (book := self._take(queue[0])) is not None:
                await self._open(book.track, book.day)
            queue.popleft()
        del self._slow[key]

    def _caught_up(self, task: asyncio.Task[None]) -> None:
        """Tell what a bug ended. What that connection offers waits unconfirmed, so none of it is lost to its sender."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("catch_up_died", exc_info=error)

    async def _open(self, track: Track, day: int) -> None:
        """Open a day book: what the journal holds once all that was taken stands in it, and nothing was taken since."""
        head = -1
        times_s: list[int] = []
        while head != track.head:
            head = track.head
            await self._writer.flush()
            try:
                times_s = await self._instants(head, day, track.vehicle_id, early=track.far_s >= day * DAY_S)
            except StoreError:
                head = -1
                await asyncio.sleep(RETRY_S)
        self._tracks.open_book(track, day, times_s)

    def _take(self, offer: Offer) -> DayBook | None:
        """Write an offer into the next transaction, up to the first body that needs a day book opened; give that.

        A vehicle on time whose plate and licence are the same octets as in its last message needs no more than its
        window moved; whatever else there is about a message, it is taken by itself.
        """
        taking, take_row, recognise = Taking(offer), self._rows, self._tracks.recognise
        usual = partial(look_plain, received_s=taking.received_s)
        book: DayBook | None = None
        rest = iter(offer.bodies)
        for body, sighting in zip(rest, self._reader.read_many(offer.bodies, usual), strict=True):
            identity = b""
            if sighting is not None:
                identity, speed_kmh, time_s, x_lon, y_lat, heading_deg, ignition, door, aircon = sighting
                track = recognise(identity)
                if track is not None and track.advance(time_s):
                    plate, driver = track.plate, track.driver
                    waypoint = Waypoint(
                        plate, driver, speed_kmh, time_s, x_lon, y_lat, heading_deg, ignition, door, aircon
                    )
                    taking.keep(next(take_row), track, time_s, body, waypoint)
                    continue
            book = self._take_one(taking, body, identity)
            if book is not None:
                offer.bodies = [*taking.left, *rest]
                break
        taking.counts.note(Lapse.NO_LICENCE, taking.nameless, taking.whose)
        self._store(taking.unit, taking.rows(), taking.waypoints, taking.counts, offer.stored if book is None else None)
        return book

    def _take_one(self, taking: Taking, body: bytes, identity: bytes = b"") -> DayBook | None:
        """Take a body by itself; where a day book is needed, what is left of the body stands in `left`.

        Args:
            identity: the octets of its plate and licence, where they are usual.
        """
        offer, unit, received_s, counts = taking.offer, taking.unit, taking.received_s, taking.counts
        try:
            values = self._reader.read(body)
        except FormatError as error:
            self._put_aside(unit, offer, body, error.reason)
            counts.faults([LACKING[name] for name in lacks_of(body)], "", error.reason)
            events = split_bus_way_points(body)
            for number, event in enumerate(events):
                if (book := self._take_one(taking, event)) is not None:
                    taking.left = events[number:]
                    return book
            return None
        spelling, driver, speed_kmh, time_s, x_lon, y_lat, _, _, _, _ = values
        track = self._tracks.find(spelling) or self._new_vehicle(unit, offer.grant, spelling)
        if track is None:
            plate = clean_identity(spelling)
            reason = "vehicle not registered" if plate else "the plate has neither a letter nor a digit"
            if len(plate) > MOST_PLATE:
                reason = f"the plate is longer than {MOST_PLATE} characters"
            if not plate:
                counts.faults((WaypointFault.NO_PLATE,), spelling, told(Waypoint(*values)))
            self._put_aside(unit, offer, body, reason, time_s)
            return None
        first = track.accept(time_s, received_s)
        if first is None:
            taking.left = [body]
            return DayBook(track, time_s // DAY_S)
        if not first:
            self._put_duplicate(unit, offer, track, time_s, body)
            return None
        if driver != track.driver and is_plain_driver(driver):
            self._tracks.name_driver(track, driver)
        if (
            spelling == track.plate
            and driver == track.driver
            and looks_plain(speed_kmh, time_s, x_lon, y_lat, received_s)
        ):  # the texts that the vehicle has already are kept once
            waypoint = Waypoint(track.plate, track.driver, *values[2:])
            if identity:
                self._tracks.identify(track, identity)
        else:
            waypoint = Waypoint(*values)
            counts.faults(waypoint_faults(waypoint, received_s), spelling, told(waypoint))
            if driver and not clean_identity(driver):
                counts.note(Lapse.NO_LICENCE, 1, spelling)
        if time_s < track.newest_s and received_s - time_s <= RESEND_S:
            counts.note(Lapse.OUT_OF_ORDER, 1, spelling, told(waypoint))
        taking.keep(next(self._rows), track, time_s, body, waypoint)
        return None

    def _store(
        self,
        unit: Unit,
        rows: WaypointRows,
        waypoints: list[Waypoint],
        counts: ProviderCounts,
        stored: Callable[[], None] | None,
    ) -> None:
        if stored is None and not rows and not unit.rows:
            return
        if rows:
            unit.rows["waypoints"] = rows
        self._count(unit, len(rows), counts)
        counts.write(unit)
        # No callback may hold its own unit: that cycle would keep every waypoint until the collector comes.
        born = unit.rows.get("vehicles")

        def done() -> None:
            if stored is not None:
                stored()
            self._hand_on(rows, waypoints)

        def refused(error: StoreError) -> None:
            for row_id, prev, vehicle_id in zip(*map(reversed, (rows.ids, rows.prevs, rows.vehicle_ids)), strict=True):
                track = self._tracks.by_id[vehicle_id]
                if track.head == row_id:
                    track.head = prev
            if born:
                self._writer.add(Unit(rows={"vehicles": born}))
            if stored is not None:
                stored()

        unit.stored, unit.refused = done, refused
        self._writer.add(unit)
        self._pressure()

    def _put_duplicate(self, unit: Unit, offer: Offer, track: Track, time_s: int, body: bytes) -> None:
        row = (self._ids.take("asides"), offer.grant.provider_id, track.vehicle_id, time_s, offer.received_ms)
        unit.add("asides", (*row, str(Fate.DUPLICATE), "same vehicle and time", body))
        unit.count(DUPLICATE)

    def _new_vehicle(self, unit: Unit, grant: ProviderGrant, spelling: str) -> Track | None:
        plate = clean_identity(spelling)
        if not plate or len(plate) > MOST_PLATE:
            return None
        track = self._tracks.known(plate)
        if track is None:
            if not self._may_register(grant.provider_id):
                return None
            track = self._registrar.register(plate, grant.username, unit)
        if spelling != plate:
            self._tracks.alias(spelling, track)
        return track

    def _put_aside(self, unit: Unit, offer: Offer, body: bytes, reason: str, time_s: int | None = None) -> None:
        """Keep what is no waypoint of ours: another message of the schema, or one that is refused."""
        fate = Fate.REFUSED
        if time_s is None and (other := other_message(body)):
            reason, fate = other, Fate.STORED
        aside_id = self._ids.take("asides")
        if fate is Fate.STORED and (wrong := write_words(unit, offer.grant, body, offer.received_ms, aside_id)):
            reason = f"{reason}: {wrong}"
        row = (aside_id, offer.grant.provider_id, None, time_s, offer.received_ms)
        unit.add("asides", (*row, str(fate), reason[:120], body))
        unit.count(REFUSED if fate is Fate.REFUSED else OTHER)

    def _count(self, unit: Unit, stored: int, counts: ProviderCounts) -> None:
        if stored:
            unit.counters[STORED] = stored
            for name in self._owed():
                unit.counters[f"destination.{name}.due"] = stored
                unit.counters[f"destination.{name}.waiting"] = stored
        duplicate, refused = unit.counters.get(DUPLICATE, 0), unit.counters.get(REFUSED, 0)
        received = stored + duplicate + refused
        if received:
            unit.counters[RECEIVED] = received
        counts.note("received", received)
        counts.note("stored", stored)
        counts.note("duplicate", duplicate)
        counts.note("other", unit.counters.get(OTHER, 0))
        if refused:
            first = next(row for row in unit.rows["asides"] if row[5] == Fate.REFUSED)
            counts.note("refused", refused, example=first[6])


def told(waypoint: Waypoint) -> str:
    """The example of a fault: the numbers as they came."""
    return (
        f"x={waypoint.x_lon} y={waypoint.y_lat} speed={waypoint.speed_kmh} datetime={waypoint.time_s} "
        f"driver={waypoint.driver}"
    )


def other_message(body: bytes) -> str:
    """Name the message type of a readable message that is no waypoint (a registration); empty for anything else."""
    try:
        message = parse_base(body)
    except FormatError:
        return ""
    return "" if message.msg_type in WAYPOINTS else message.MsgType.Name(message.msg_type)
