"""The parts of the running box and how they are wired; `app.py` says when they start and stop.

Data flows one way: intakes -> writer -> (after the commit) actors and forwarders -> writer -> board.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import structlog
import trio

from actors.averaging import AveragingClock
from actors.board import ForwardView
from actors.controls import ActorControls
from actors.counters import Counters
from actors.debt import Debt, Span
from actors.events import Events
from actors.file_forwarder import FileForwarder
from actors.file_intake import FileIntake
from actors.hourly_file import medium_of
from actors.kernel.actor import ChildSpec, Intensity, SourceActor
from actors.kernel.clock import Now
from actors.kernel.dispatcher import Dispatcher
from actors.kernel.loops import Bridge
from actors.kernel.registry import Registry
from actors.kernel.services import Service, Services
from actors.kernel.supervisor import Supervisor
from actors.kernel.timers import Timers
from actors.ledger import JUDGED_WAYPOINTS, Ledger
from actors.messages import DeadlinePassed, Effect, FileStored, Flipped, HourTouched, WaypointStored
from actors.panel import Panel
from actors.projection import Projection
from actors.recovery import ActorJournal
from actors.registrar import Registrar
from actors.rules.defaults import load_elements
from actors.rules.vehicle_limits import limits_on, load_limits
from actors.snapshots import WATERMARK, SnapshotClock
from actors.tellings import Tellings
from actors.upload_area import StationArea
from actors.waypoint_forwarder import WaypointForwarder
from actors.waypoint_intake import WaypointIntake
from actors.world import World
from conf.settings import Settings
from protocols.amqp.listener import AmqpListener
from protocols.ftp.listener import FtpListener
from protocols.sftp.listener import SftpListener
from protocols.vocabulary import ActorState, DestinationKind
from server.alarm import StoreAlarm
from server.forwards import AmqpPeer, make_sender
from server.intakes import Intake, amqp_options, ftp_options, sftp_options
from server.lifecycle import Ports
from server.refreshing import RefreshingAccounts
from storage.accounts import Accounts
from storage.database import Database
from storage.errors import UNREACHABLE
from storage.files import FileJournal
from storage.ids import load_ids
from storage.inventory import VERSION_COUNTER
from storage.models import DestinationRow
from storage.password_check import PasswordCheck
from storage.rawfiles import RawFiles
from storage.spans import load_spans
from storage.tracks import Tracks
from storage.waypoints import StoredWaypoint, WaypointJournal
from storage.writer import Engine, StoreError, Unit, Writer

log = structlog.get_logger()

HIGH_WATER_ROWS = 60_000
LOW_WATER_ROWS = 20_000
FILE_DEADLINE_S = 600.0


class House:
    """Everything between the sockets and the disk."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        engine: Engine,
        bridge: Bridge,
        check: PasswordCheck,
        ports: Ports,
        now: Now,
        intensity: Intensity,
    ) -> None:
        self._settings = settings
        self._database = database
        self._ports = ports
        self._intensity = intensity
        self.bridge = bridge
        self.now = now
        self.writer = Writer(engine, database.pen)
        self.accounts = RefreshingAccounts(Accounts(now, check), self._refresh_if_changed)
        self.raw_files = RawFiles(settings.server.data_dir)
        self.files = FileJournal(self.raw_files.read)
        self.waypoints = WaypointJournal(database)
        self.counters = Counters()
        self.events = Events()
        self.registry = Registry()
        self._forwards: dict[str, Callable[[], ForwardView]] = {}
        self._file_forwarders: dict[str, FileForwarder] = {}
        self._waypoint_forwarders: dict[str, WaypointForwarder] = {}
        self._posted_seq = 0
        self._inventory_version = 0
        self._refreshing = asyncio.Lock()
        self.intakes: dict[str, Intake] = {}
        self.alarm = StoreAlarm()

    async def open(self, today: date) -> None:
        """Read what is known, replay the journal; afterwards everybody stands where they stood."""
        self.ids = await load_ids(self._database)
        await self.counters.load()
        self._inventory_version = self.counters.get(VERSION_COUNTER)
        await self.accounts.reload()
        self._wire(today)
        await self.world.load(self.files)
        self._posted_seq = await self.waypoints.newest()
        self.registrar = Registrar(self.world.tracks, self.world.born)
        await self.writer.open()
        await self.projection.open(self.files)
        await self.world.replay(
            self.files,
            self.waypoints,
            self.counters.get(WATERMARK),
            self.counters.get(JUDGED_WAYPOINTS),
            self.tellings.replayed,
        )
        for destination in self.world.destinations.values():
            if destination.enabled:
                await self._make_forwarder(destination)
        self._wire_intakes()

    def _wire(self, today: date) -> None:
        """Actors, their kernel, and whom they tell."""
        self.ledger = Ledger(self.writer, self.ids, self._told, self._received)
        self.tellings = Tellings(self.writer, self.ids, self.ledger, self._actor_moved)
        tracks = Tracks()
        journal = ActorJournal(self.bridge.host, self.files, self.waypoints, tracks)
        self.supervisor = Supervisor(self.now, journal, self.tellings, self._intensity)
        self.dispatcher = Dispatcher(self.supervisor, self.ledger.commit)
        self.timers = Timers(self.now, self._deadline_passed)
        self.tellings.join(self.dispatcher, self.timers)
        self.services = Services(self.now, self._intensity, self._service_moved, self.tellings.crashed)
        limits = load_limits()
        self.world = World(
            self.registry,
            self.supervisor,
            tracks,
            load_elements(),
            lambda day: limits_on(day, limits),
            lambda: today,
        )
        self.snapshots = SnapshotClock(self.writer, lambda: self.registry, tracks, self._received)
        self.averaging = AveragingClock(
            self.now,
            self.bridge.host,
            self.writer,
            self.ids,
            self.world.profiles.get,
            lambda: {n: d for n, d in self.world.destinations.items() if d.kind == DestinationKind.FILES},
            self._owed,
        )
        self.panel = Panel(
            self.now,
            self.registry,
            self.supervisor,
            self.services,
            self.counters,
            self.events,
            lambda: self._forwards,
            self.world.names,
            self._health,
        )
        self.controls = ActorControls(
            self.now, self.bridge.guest, self.registry, self.supervisor, self.services, self.writer
        )
        self.projection = Projection(self.raw_files, self.writer)
        self.writer.on_stored = self._stored
        self.writer.on_trouble = self.alarm.begin
        self.writer.on_recovered = self.alarm.end

    def _wire_intakes(self) -> None:
        """The listeners and what stands behind them."""
        self.file_intake = FileIntake(
            self.now,
            self.writer,
            self.ids,
            self.world.known,
            self.files.is_known,
            lambda data: asyncio.to_thread(self.raw_files.keep_big, data),
            self._file_stored,
            self.projection.add,
        )
        area = StationArea(self.file_intake, self.projection, self.raw_files, self.now)
        self.waypoint_intake = WaypointIntake(
            self.now,
            self.writer,
            self.ids,
            self.world.tracks,
            self.registrar,
            self.accounts.may_register,
            self.waypoints.instants,
            self._waypoints_stored,
            lambda: tuple(self._waypoint_forwarders),
            self._pressure,
        )
        s, host, opened = self._settings, self.bridge.host, self._opened
        self.intakes = {
            "ftp": Intake("ftp", lambda port: FtpListener(ftp_options(s, port), self.accounts, area), host, opened),
            "sftp": Intake("sftp", lambda port: SftpListener(sftp_options(s, port), self.accounts, area), host, opened),
            "amqp": Intake(
                "amqp",
                lambda port: AmqpListener(amqp_options(s, port), self.accounts, self.waypoint_intake, self.now),
                host,
                opened,
            ),
        }

        self.alarm.join(self.file_intake, self.intakes)

    def _opened(self, name: str, port: int) -> None:
        self._ports.opened(name, port)
        self.alarm.refresh()

    async def start(self, nursery: trio.Nursery, console: ChildSpec) -> None:
        """Start the kernel, then the services in dependency order."""
        self._nursery = nursery
        nursery.start_soon(self.supervisor.run)
        nursery.start_soon(self.timers.run)
        nursery.start_soon(self.dispatcher.run)
        for actor in self.registry:
            self.timers.arm(actor)
        clocks = [
            ChildSpec("clock:hourly", "hourly means", self.averaging.run, lambda: {"made": self.averaging.made}),
            ChildSpec("clock:snapshots", "snapshots", self.snapshots.run, self.snapshots.statistics),
        ]
        specs = [*self._forwarder_specs(), *clocks, *(intake.spec() for intake in self.intakes.values()), console]
        await self.services.start_all(specs, self.world.stopped_services, nursery)

    def _forwarder_specs(self) -> list[ChildSpec]:
        files = [_forwarder_spec(name, forwarder) for name, forwarder in self._file_forwarders.items()]
        return files + [_forwarder_spec(name, forwarder) for name, forwarder in self._waypoint_forwarders.items()]

    async def _make_forwarder(self, destination: DestinationRow) -> None:
        name = destination.name
        counted = self.counters.get
        if destination.kind == DestinationKind.FILES:
            files = self._file_forwarders[name] = FileForwarder(
                name,
                destination.id,
                FILE_DEADLINE_S,
                self.now,
                self.writer,
                lambda medium: make_sender(self.world.destinations[name], medium),
                lambda station_id: medium_of(self.world.profiles[station_id].kind),
                self.bridge.host,
                counted,
            )
            self._forwards[name] = files.view
            return
        spans = [Span(row.id, row.after_id, row.cursor, row.up_to_id) for row in await load_spans(destination.id)]
        debt = Debt(destination.id, spans)
        if not debt.spans:
            unit = Unit()
            debt.begin(unit, self.ids.take("spans"), self._posted_seq)
            await self.writer.store(unit)
        waypoints = self._waypoint_forwarders[name] = WaypointForwarder(
            name,
            destination.deadline_s,
            debt,
            self.now,
            self.writer,
            self.ids,
            lambda: AmqpPeer(self.world.destinations[name]),
            self.bridge.host,
            lambda after, up_to, limit: self.bridge.host(lambda: self.waypoints.after(after, up_to, limit)),
            lambda: self._posted_seq,
            counted,
        )
        self._forwards[name] = waypoints.view

    # ------------------------------------------------------------------------------ what happens after a commit

    def _stored(self, units: list[Unit]) -> None:
        self.counters.stored(units)
        listener = self.intakes["amqp"].listener if self.intakes else None
        if isinstance(listener, AmqpListener) and listener.paused and self.writer.waiting_rows < LOW_WATER_ROWS:
            listener.resume()

    def _pressure(self) -> None:
        listener = self.intakes["amqp"].listener
        if isinstance(listener, AmqpListener) and self.writer.waiting_rows > HIGH_WATER_ROWS:
            listener.pause()

    def _file_stored(self, code: str, message: FileStored) -> None:
        actor = self.world.stations[code]
        self.dispatcher.post(actor, message)
        self.dispatcher.wake()
        self.panel.changed(actor)

    def _waypoints_stored(self, rows: list[StoredWaypoint], mail: list[tuple[int, WaypointStored]]) -> None:
        if not rows:
            return
        self._posted_seq = rows[-1].id
        vehicles, post = self.world.vehicles, self.dispatcher.post
        for vehicle_id, message in mail:
            post(vehicles[vehicle_id], message)
        self.dispatcher.wake()
        for forwarder in self._waypoint_forwarders.values():
            forwarder.hand_on(rows)
        if self.events.heard:
            self.panel.changed(vehicles[mail[-1][0]])

    def _received(self) -> int | None:
        return self._posted_seq if self.dispatcher.idle else None

    def _told(self, effects: Sequence[Effect]) -> None:
        touched = False
        for effect in effects:
            if isinstance(effect, Flipped):
                self.events.push("flip", effect._asdict())
                if (actor := self.registry.get(effect.source)) is not None:
                    self.panel.changed(actor)
            touched = touched or isinstance(effect, HourTouched)
        if touched:
            self.averaging.touched()

    def _deadline_passed(self, actor: SourceActor[Any], deadline_s: float) -> None:
        self.dispatcher.post(actor, DeadlinePassed(0, deadline_s, self.now()))
        self.dispatcher.wake()

    def _actor_moved(self, actor_id: str, state: ActorState) -> None:
        self.panel.actor_moved(actor_id, state)

    def _service_moved(self, service: Service) -> None:
        log.info("service_moved", service=service.spec.id, now=str(service.state))
        self.panel.actor_moved(service.spec.id, service.state)

    def _owed(self, names: set[str]) -> None:
        for name in names & set(self._file_forwarders):
            self._file_forwarders[name].owed()

    def head_of(self, vehicle_id: int) -> int:
        """The newest journal row of a vehicle, 0 for none."""
        track = self.world.tracks.by_id.get(vehicle_id)
        return track.head if track is not None else 0

    # ------------------------------------------------------------------------------ trouble and its end

    def _health(self) -> list[str]:
        return self.alarm.reasons() + [f"{i.name} does not listen" for i in self.intakes.values() if i.listener is None]

    # ------------------------------------------------------------------------------ the inventory changes

    async def _refresh_if_changed(self) -> bool:
        """Bring everything up to date where an import changed the inventory; returns whether it did."""
        async with self._refreshing:
            version = await self.files.counter(VERSION_COUNTER)
            if version == self._inventory_version:
                return False
            await self.accounts.reload()
            rebuilt = await self.world.refresh()
            for name in self._wanted_forwarders() - set(self._forwards):
                await self._make_forwarder(self.world.destinations[name])
                await self.bridge.guest(partial(self._start_forwarder, name))
            for actor in rebuilt:
                await self.bridge.guest(partial(self.supervisor.restart, actor, "inventory"))
            self._inventory_version = version
            log.info("inventory_refreshed", version=version, rebuilt=len(rebuilt))
            return True

    async def _look(self) -> None:
        """Look into the store; that it does not answer is trouble to show, no reason to go."""
        try:
            await self._refresh_if_changed()
        except (StoreError, *UNREACHABLE) as error:
            self.alarm.unreadable = str(error) or type(error).__name__
        else:
            self.alarm.unreadable = ""

    def _wanted_forwarders(self) -> set[str]:
        return {name for name, destination in self.world.destinations.items() if destination.enabled}

    async def _start_forwarder(self, name: str) -> None:
        forwarder = self._file_forwarders.get(name) or self._waypoint_forwarders[name]
        await self.services.start_all([_forwarder_spec(name, forwarder)], {}, self._nursery)

    async def beat(self, beat: Callable[[], None]) -> None:
        """Once a second: push what changed, look whether the inventory changed, say that the loops turn."""
        while True:
            await trio.sleep(1)
            await self.bridge.host(self._look)
            self.panel.tick()
            beat()

    # ------------------------------------------------------------------------------ the way down

    async def drain(self) -> None:
        """No new input, empty mailboxes, snapshot; each step has its deadline."""
        await self.services.stop_all()
        with trio.move_on_after(10):
            while not self.dispatcher.idle:
                await trio.sleep(0.005)
        with trio.move_on_after(30):
            await self.snapshots.save_all()

    async def close(self) -> None:
        """Flush what waits and give everything back."""
        await self.projection.close()
        await self.writer.close()
        self.raw_files.close()


def _forwarder_spec(name: str, forwarder: FileForwarder | WaypointForwarder) -> ChildSpec:
    return ChildSpec(f"forwarder:{name}", name, forwarder.run, forwarder.statistics)
