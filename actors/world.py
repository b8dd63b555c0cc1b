"""All sources of the house: read from the inventory, kept up to date with it, brought back by replay.

`load` takes up where the snapshots stand; `replay` lets stations receive what the journal holds after them, vehicles
read on while the box serves (`actors/catching_up.py`). Effects of the replay count only for what was not judged before.
Vehicles sleep until somebody asks for them (`actors/fleet.py`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from math import inf

import structlog

from actors.dictionary import Dictionary
from actors.file_intake import KnownStation
from actors.fleet import PREFIX, Fleet, head_of_row
from actors.kernel.actor import Message, SourceActor
from actors.kernel.registry import Registry
from actors.kernel.supervisor import Supervisor
from actors.messages import Effect
from actors.recovery import read_again
from actors.rules.defaults import Element
from actors.rules.limit_book import LimitBook
from actors.rules.limit_presets import load_presets
from actors.speed_limits import SpeedLimits
from actors.station import StationActor
from actors.station_profile import StationProfile, settle
from actors.threshold_book import ThresholdBook
from actors.vehicle import VehicleActor
from protocols.vocabulary import ActorState, Freshness
from protocols.waypoint import Waypoint
from storage.database import Database
from storage.files import FileJournal
from storage.fleet import FleetRow, fleet, registered
from storage.flips import flips_since, last_flips
from storage.missed import Missed
from storage.models import ActorRow, DestinationRow, ParameterRow, StationRow, ZoneRow
from storage.tracks import Track, Tracks
from storage.zones import all_zones, zones_version

log = structlog.get_logger()

Replayed = Callable[[SourceActor, list[Effect], int], None]


class World:
    """Stations, vehicles, destinations, and what the intakes know of them."""

    def __init__(
        self,
        registry: Registry,
        supervisor: Supervisor,
        tracks: Tracks,
        elements: Iterable[Element],
        limits: LimitBook,
        book: ThresholdBook | None = None,
        roads: SpeedLimits | None = None,
    ) -> None:
        self._registry = registry
        self._supervisor = supervisor
        self._elements = tuple(elements)
        self._limits = limits
        self._book = book
        self._roads = roads
        self._zones_version = -1
        self.tracks = tracks
        self.profiles: dict[int, StationProfile] = {}
        self.stations: dict[str, StationActor] = {}
        self.known: dict[str, KnownStation] = {}
        self.names: dict[str, str] = {}
        self.vehicles = Fleet(self._called)
        self.missed = Missed()
        """What vehicles sent after the snapshots."""
        registry.sleepers = self.vehicles
        tracks.rouse = self._track_of
        self.destinations: dict[str, DestinationRow] = {}
        self.stopped_services: dict[str, str] = {}
        self.away: set[SourceActor] = set()
        """Vehicles that did not run when the process ended: the common mark does not hold for them."""

    async def load(self, files: FileJournal, database: Database, flips_mark: int = 0, watermark: float = inf) -> None:
        """Build every station's actor from its snapshot, and of the vehicles those that cannot sleep; nobody runs yet.

        Args:
            flips_mark: up to this flip, snapshots know what was told.
            watermark: the newest waypoint row that every snapshot includes.
        """
        self._database = database
        actors = {row.id: row for row in await ActorRow.all()}
        self.stopped_services = {
            row.id: row.stopped_by
            for row in actors.values()
            if row.stopped_by and not row.id.startswith(("station:", "vehicle:"))
        }
        await self._load_destinations()
        newest = await files.newest_times()
        unreadable: list[str] = []
        for profile, row in await self._settled():
            actor = self._add_station(profile, row, newest.get(row.id, 0))
            if (kept := actors.get(actor.id)) is not None:
                if not actor.resume(kept.seq, kept.state):
                    unreadable.append(actor.id)
                self._supervisor.note(actor.id).judged = kept.judged
                self._supervisor.note(actor.id).stopped_by = kept.stopped_by
        await self._load_zones()
        flipped = await flips_since(flips_mark)
        apart = {actor_id.removeprefix(PREFIX) for actor_id in actors if actor_id.startswith(PREFIX)}
        async for vehicles in fleet(database):
            for vehicle in self.vehicles.lay_down(vehicles, apart, flipped, watermark):
                unreadable += self._load_vehicle(vehicle, actors)
        await self._load_told(flipped, whole=not flips_mark)
        if unreadable:
            log.warning("snapshots_unreadable", sources=len(unreadable), first=unreadable[0])

    def _load_vehicle(self, vehicle: FleetRow, actors: Mapping[str, ActorRow]) -> list[str]:
        """One that cannot sleep; gives its id where its snapshot cannot be read."""
        actor = self._add_vehicle(vehicle)
        unreadable = vehicle.seq is not None and not self._restore_vehicle(actor, vehicle)
        if (kept := actors.get(actor.id)) is not None:
            record = self._supervisor.note(actor.id)
            record.stopped_by, record.judged = kept.stopped_by, max(record.judged, kept.judged)
            if kept.state:
                self.away.add(actor)
        return [actor.id] if unreadable else []

    async def _load_told(self, flipped: Mapping[str, str], *, whole: bool) -> None:
        """How everybody stands that has an actor; `whole` says that all that was ever told is in `flipped`."""
        awake = {actor.id: actor for actor in self._registry.awake()}
        told = flipped if whole else await last_flips(list(awake))
        known = {str(freshness): freshness for freshness in Freshness}
        for source, actor in awake.items():
            if (now := told.get(source)) is not None:
                actor.told = known[now]
            if isinstance(actor, VehicleActor) and source in flipped:
                actor.wake()
                actor.saved_seq = -1  # the mark will pass what its snapshot does not know

    async def _load_destinations(self) -> None:
        self.destinations = {row.name: row for row in await DestinationRow.all()}

    async def _settled(self) -> list[tuple[StationProfile, StationRow]]:
        """Profiles of all stations; the import let in no thresholds that contradict themselves."""
        presets = load_presets()
        parameters: dict[int, list[ParameterRow]] = {}
        for parameter in await ParameterRow.all().order_by("id"):
            parameters.setdefault(parameter.station_id, []).append(parameter)
        rows = await StationRow.all().order_by("id")
        profiles = [settle(row, parameters.get(row.id, []), self._elements, presets) for row in rows]
        if self._book is not None:
            kept = [parameters.get(row.id, []) for row in rows]
            profiles = await self._book.take_in(list(zip(profiles, rows, kept, strict=True)))
        return list(zip(profiles, rows, strict=True))

    def _add_station(self, profile: StationProfile, row: StationRow, newest_s: int) -> StationActor:
        actor = StationActor(profile)
        self._registry.add(actor)
        self.stations[profile.code] = actor
        self.profiles[profile.station_id] = profile
        self.names[profile.code] = row.name
        self.known[profile.code] = KnownStation(
            profile.station_id, profile.code, profile.layout, newest_s, Dictionary(profile)
        )
        return actor

    async def _load_zones(self) -> None:
        if self._roads is None or (version := await zones_version()) == self._zones_version:
            return
        await self._roads.renew(await all_zones())
        self._zones_version = version

    def _add_vehicle(self, row: FleetRow) -> VehicleActor:
        self.tracks.add(Track(row.id, row.plate))
        actor = self._add_vehicle_actor(row.id, row.plate)
        self._take_over(actor, row)
        return actor

    def _called(self, row: FleetRow) -> VehicleActor:
        """Somebody asks for a vehicle that slept."""
        actor = self._add_vehicle(row)
        if row.state is not None:
            self._restore_vehicle(actor, row)
            actor.told = head_of_row(row)[3]
        self.missed.tell(self.tracks.by_id[row.id])
        actor.state = ActorState.RUNNING  # as it did all the time: nobody needs to be told
        return actor

    def _track_of(self, plate: str) -> Track | None:
        actor = self.vehicles.by_plate(plate)
        return None if actor is None else self.tracks.by_id[actor.vehicle_id]

    def _take_over(self, actor: VehicleActor, row: FleetRow) -> None:
        actor.limit_kmh = row.speed_limit_kmh
        actor.vehicle_class = (
            "" if self._roads is None else self._roads.class_of(row.business, row.seats, row.payload_kg)
        )

    def _add_vehicle_actor(self, vehicle_id: int, plate: str) -> VehicleActor:
        actor = VehicleActor(vehicle_id, plate, None, self._limits, self._roads)
        self._registry.add(actor)
        self.vehicles.add(actor)
        return actor

    def zones(self) -> Iterable[ZoneRow]:
        """The zones that stand."""
        return () if self._roads is None else self._roads.rows.values()

    def awake_in_order(self) -> Iterator[SourceActor]:
        """Everybody that has an actor, as they stand in the tables."""
        return chain(list(self.stations.values()), self.vehicles.in_order())

    def limit_at(self, vehicle_id: int, waypoint: Waypoint) -> float | None:
        """The limit of a vehicle where a message came from, by the zones that stand."""
        actor = self.vehicles.get(vehicle_id)
        return None if actor is None else actor.limits_at(waypoint)

    def born(self, track: Track) -> VehicleActor:
        """A vehicle that only its tracker told us of: it runs from its first waypoint."""
        actor = self._add_vehicle_actor(track.vehicle_id, track.plate)
        self.vehicles.come(track.vehicle_id)
        self._supervisor.move(actor, ActorState.RUNNING)
        return actor

    def _restore_vehicle(self, actor: VehicleActor, row: FleetRow) -> bool:
        self.tracks.by_id[actor.vehicle_id].restore(row.head or 0, row.newest_s or 0, row.seen or b"")
        seq, state = row.seq or 0, row.state
        if state and actor.sleep(seq, state):
            return True
        readable = actor.resume(seq, state)
        if not readable:
            self._supervisor.note(actor.id).judged = seq
        actor.saved_seq = actor.seq
        return readable

    def run_all(self) -> None:
        """Everybody that nobody stopped runs."""
        for actor in self._registry.awake():
            record = self._supervisor.record(actor.id)
            if record is None:
                actor.state = ActorState.RUNNING  # nobody listens yet
            else:
                self._supervisor.move(actor, ActorState.STOPPED if record.stopped_by else ActorState.RUNNING)

    async def learn_missed(self, watermark: int, newest: int) -> None:
        """Let the intake know of each vehicle what came after the snapshots; it is told as vehicles are asked for."""
        await self.missed.load(self._database, watermark, newest)
        for actor in self.vehicles.awake():
            self.missed.tell(self.tracks.by_id[actor.vehicle_id])

    def head_of(self, vehicle_id: int) -> int:
        """The newest journal row of a vehicle, 0 for none."""
        track = self.tracks.by_id.get(vehicle_id)
        if track is not None:
            return track.head
        return max(self.vehicles.newest_row(vehicle_id) or 0, self.missed.head(vehicle_id))

    async def replay(self, files: FileJournal, replayed: Replayed) -> int:
        """Let stations receive what the journal holds after the snapshots; returns how many messages."""
        fresh: set[str] = set()
        count = await self._replay_files(files, replayed, fresh)
        for actor in self.stations.values():
            if actor.id not in fresh:
                actor.catch_up()
        return count

    async def _replay_files(self, files: FileJournal, replayed: Replayed, fresh: set[str]) -> int:
        by_id = {actor.profile.station_id: actor for actor in self.stations.values()}
        newest = await files.newest_ids()
        behind = [
            actor.seq
            for station_id, actor in by_id.items()
            if actor.state is ActorState.RUNNING and actor.seq < newest.get(station_id, 0)
        ]
        if not behind:
            return 0
        count = 0
        async for rows in files.after(min(behind)):
            for row in rows:
                actor = by_id.get(row.station_id or 0)
                if actor is None or actor.state is not ActorState.RUNNING or row.id <= actor.seq:
                    continue
                message = await read_again(row, await files.bytes_of(row), actor.profile.layout)
                judged = self._supervisor.note(actor.id).judged
                self._receive(actor, message, judged, replayed, fresh)
                count += 1
        return count

    def _receive(self, actor: SourceActor, message: Message, judged: int, replayed: Replayed, fresh: set[str]) -> None:
        if message.seq > judged and actor.id not in fresh:
            fresh.add(actor.id)
            actor.catch_up()
        actor.mail.append(message)
        effects = self._supervisor.deliver(actor)
        if actor.state is not ActorState.RUNNING:
            record = self._supervisor.note(actor.id)
            record.judged = max(record.judged, judged)
        if message.seq > judged:
            replayed(actor, effects, actor.seq)

    async def refresh(self) -> list[SourceActor]:
        """The inventory changed: add what is new; returns the actors that must be rebuilt with a new profile."""
        await self._load_destinations()
        rebuilt: list[SourceActor] = []
        for profile, row in await self._settled():
            actor = self.stations.get(profile.code)
            if actor is None:
                self._supervisor.move(self._add_station(profile, row, 0), ActorState.RUNNING)
                continue
            self.names[profile.code] = row.name
            if actor.profile != profile:
                actor.profile = self.profiles[profile.station_id] = profile
                self.known[profile.code].layout = profile.layout
                self.known[profile.code].dictionary = Dictionary(profile)
                if actor.state is not ActorState.STOPPED:
                    rebuilt.append(actor)
        await self._load_zones()
        async for rows in registered(self._database):
            for registered_row in rows:
                self._renew_vehicle(registered_row)
        return rebuilt

    def _renew_vehicle(self, row: FleetRow) -> None:
        known = self.tracks.find(row.plate)
        if known is not None:
            self._take_over(self.vehicles[known.vehicle_id], row)
        elif not self.vehicles.renew(row):
            self.vehicles.lay_down([row])
