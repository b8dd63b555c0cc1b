"""All sources of the house: read from the inventory, kept up to date with it, brought back by replay.

`load` builds every actor from its snapshot; `replay` lets them receive what the journal holds after it. Effects of the
replay count only for what was not judged before.
"""

from collections.abc import Callable, Iterable
from typing import Any

import structlog

from actors.dictionary import Dictionary
from actors.file_intake import KnownStation
from actors.kernel.actor import Message, SourceActor
from actors.kernel.registry import Registry
from actors.kernel.supervisor import Supervisor
from actors.messages import Effect, WaypointStored
from actors.recovery import read_again
from actors.rules.defaults import Element
from actors.rules.limit_book import LimitBook
from actors.rules.limit_presets import load_presets
from actors.speed_limits import SpeedLimits
from actors.station import StationActor
from actors.station_profile import StationProfile, settle
from actors.threshold_book import ThresholdBook
from actors.vehicle import VehicleActor
from protocols.formats.ufms_layout import WaypointReader
from protocols.records import Waypoint
from protocols.vocabulary import ActorState, Freshness
from storage.database import Database
from storage.files import FileJournal
from storage.fleet import FleetRow, fleet
from storage.flips import last_flips
from storage.models import ActorRow, DestinationRow, ParameterRow, StationRow, VehicleRow, ZoneRow
from storage.tracks import Track, Tracks
from storage.waypoints import WaypointJournal
from storage.zones import all_zones, zones_version

log = structlog.get_logger()

Replayed = Callable[[SourceActor[Any], list[Effect], int], None]


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
        self._read_waypoint = WaypointReader().read
        self.tracks = tracks
        self.profiles: dict[int, StationProfile] = {}
        self.stations: dict[str, StationActor] = {}
        self.known: dict[str, KnownStation] = {}
        self.names: dict[str, str] = {}
        self.vehicles: dict[int, VehicleActor] = {}
        self.destinations: dict[str, DestinationRow] = {}
        self.stopped_services: dict[str, str] = {}
        self.lagging: set[VehicleActor] = set()
        self.away: set[SourceActor[Any]] = set()
        """Vehicles that did not run when the process ended: the common mark does not hold for them."""

    async def load(self, files: FileJournal, database: Database) -> None:
        """Build every actor from its snapshot; nobody runs yet."""
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
        async for vehicles in fleet(database):
            for vehicle in vehicles:
                born = self._add_vehicle(vehicle)
                if vehicle.seq is not None and not self._restore_vehicle(born, vehicle):
                    unreadable.append(born.id)
                if (kept := actors.get(born.id)) is not None:
                    record = self._supervisor.note(born.id)
                    record.stopped_by, record.judged = kept.stopped_by, max(record.judged, kept.judged)
                    if kept.state:
                        self.away.add(born)
        if unreadable:
            log.warning("snapshots_unreadable", sources=len(unreadable), first=unreadable[0])

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

    def _add_vehicle(self, row: VehicleRow | FleetRow) -> VehicleActor:
        self.tracks.add(Track(row.id, row.plate))
        actor = self._add_vehicle_actor(row.id, row.plate)
        self._take_over(actor, row)
        return actor

    def _take_over(self, actor: VehicleActor, row: VehicleRow | FleetRow) -> None:
        actor.limit_kmh = row.speed_limit_kmh
        actor.vehicle_class = (
            "" if self._roads is None else self._roads.class_of(row.business, row.seats, row.payload_kg)
        )

    def _add_vehicle_actor(self, vehicle_id: int, plate: str) -> VehicleActor:
        actor = VehicleActor(vehicle_id, plate, None, self._limits, self._roads)
        self._registry.add(actor)
        self.vehicles[vehicle_id] = actor
        return actor

    def zones(self) -> Iterable[ZoneRow]:
        """The zones that stand."""
        return () if self._roads is None else self._roads.rows.values()

    def limit_at(self, vehicle_id: int, waypoint: Waypoint) -> float | None:
        """The limit of a vehicle where a message came from, by the zones that stand."""
        actor = self.vehicles.get(vehicle_id)
        return None if actor is None else actor.limits_at(waypoint)

    def born(self, track: Track) -> VehicleActor:
        """A vehicle that only its tracker told us of: it runs from its first waypoint."""
        actor = self._add_vehicle_actor(track.vehicle_id, track.plate)
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
        for actor in self._registry:
            record = self._supervisor.record(actor.id)
            if record is None:
                actor.state = ActorState.RUNNING  # nobody listens yet, and there may be a million
            else:
                self._supervisor.move(actor, ActorState.STOPPED if record.stopped_by else ActorState.RUNNING)

    async def replay(
        self, files: FileJournal, waypoints: WaypointJournal, watermark: int, judged: int, replayed: Replayed
    ) -> int:
        """Let everybody receive what the journal holds after the snapshots; returns how many messages."""
        self.run_all()
        known = {str(freshness): freshness for freshness in Freshness}
        for source, told in (await last_flips()).items():
            if (flipped := self._registry.get(source)) is not None:
                flipped.told = known[told]
        fresh: set[str] = set()
        count = await self._replay_files(files, replayed, fresh)
        count += await self._replay_waypoints(waypoints, watermark, judged, replayed, fresh)
        for actor in self._registry:
            if actor.id not in fresh:
                actor.catch_up()
        for actor in self.lagging:
            if actor.state is ActorState.RUNNING:
                self._supervisor.fell_behind(actor)
        for actor in self.away:
            if actor.state is ActorState.RUNNING:
                self._supervisor.caught_up(actor)
        log.info("journal_replayed", messages=count, sources=len(self._registry))
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

    async def _replay_waypoints(
        self, waypoints: WaypointJournal, watermark: int, judged: int, replayed: Replayed, fresh: set[str]
    ) -> int:
        tracks, count = self.tracks.by_id, 0
        self.lagging = {a for a in self.vehicles.values() if a.seq < tracks[a.vehicle_id].head <= watermark}
        for actor in self.lagging:
            record = self._supervisor.note(actor.id)
            if actor not in self.away and record.judged >= tracks[actor.vehicle_id].head:
                record.judged = max(record.judged, judged)  # only its snapshot is unreadable
        async for rows in waypoints.forward(watermark, await waypoints.newest()):
            for row in rows:
                track = tracks.get(row.vehicle_id)
                if track is None:
                    continue
                if row.id > track.head:
                    track.remember(row.time_s, row.id, row.received_ms // 1000)
                actor = self.vehicles[row.vehicle_id]
                if actor.state is not ActorState.RUNNING or row.id <= actor.seq or actor in self.lagging:
                    continue
                if row.prev > actor.seq:
                    self.lagging.add(actor)
                else:
                    own = self._supervisor.note(actor.id).judged if actor in self.away else judged
                    waypoint = Waypoint(*self._read_waypoint(row.body))
                    self._receive(actor, WaypointStored(row.id, row.received_ms, waypoint), own, replayed, fresh)
                    count += 1
        return count

    def _receive(
        self, actor: SourceActor[Any], message: Message, judged: int, replayed: Replayed, fresh: set[str]
    ) -> None:
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

    async def refresh(self) -> list[SourceActor[Any]]:
        """The inventory changed: add what is new; returns the actors that must be rebuilt with a new profile."""
        await self._load_destinations()
        rebuilt: list[SourceActor[Any]] = []
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
        for vehicle in await VehicleRow.all():
            known = self.tracks.find(vehicle.plate)
            if known is None:
                self._supervisor.move(self._add_vehicle(vehicle), ActorState.RUNNING)
            else:
                self._take_over(self.vehicles[known.vehicle_id], vehicle)
        return rebuilt
