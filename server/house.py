"""The parts of the running box and how they are wired; `app.py` says when they start and stop.

Data flows one way: intakes -> writer -> (after the commit) actors and forwarders -> writer -> board.
"""

import asyncio
from contextlib import suppress
from datetime import date

from actors.averaging import AveragingClock
from actors.catching_up import CatchingUp
from actors.control_journal import ControlJournal
from actors.controls import ActorControls
from actors.counters import Counters
from actors.empty_hours import FILLED, EmptyHours, HeardOf
from actors.events import Events
from actors.file_intake import FileIntake
from actors.kernel.actor import ChildSpec, Intensity
from actors.kernel.clock import Now
from actors.kernel.dispatcher import Dispatcher
from actors.kernel.loops import Bridge
from actors.kernel.registry import Registry
from actors.kernel.services import Services
from actors.kernel.supervisor import Supervisor
from actors.kernel.timers import Timers
from actors.ledger import JUDGED_WAYPOINTS, Ledger
from actors.panel import Panel
from actors.projection import Projection
from actors.provider_watch import ProviderWatch
from actors.recovery import ActorJournal
from actors.registrar import Registrar
from actors.rules.control import FULL, PUBLISHED_AFTER_S
from actors.rules.defaults import load_elements
from actors.snapshots import FLIPS_MARK, WATERMARK, SnapshotClock
from actors.speed_limits import SpeedLimits
from actors.tellings import Tellings
from actors.threshold_book import ThresholdBook
from actors.upload_area import StationArea
from actors.waypoint_intake import WaypointIntake
from actors.world import World
from conf.qc_tables import QC_TABLES
from conf.settings import Settings
from protocols.amqp.listener import AmqpListener
from protocols.ftp.listener import FtpListener
from protocols.sftp.listener import SftpListener
from protocols.vocabulary import DestinationKind
from server.after_commit import AfterCommit
from server.alarm import StoreAlarm
from server.beyond import Beyond
from server.concerns import archive_concerns
from server.driving import Driving, book_of
from server.exceedances import Exceedances
from server.fetching import Fetching
from server.forwarders import Forwarders
from server.guest import Guest
from server.intakes import Intake, Intakes, amqp_options, ftp_options, sftp_options
from server.inventory_watch import InventoryWatch
from server.lifecycle import Ports
from server.nightly import Night, both
from server.notices import Notices
from server.refreshing import RefreshingAccounts
from server.retention import make_retention, night_tasks
from server.review import ReviewWing
from server.traffic import Traffic
from storage.accounts import Accounts
from storage.archive import Archive
from storage.database import Database
from storage.exceedances import waiting_work
from storage.files import FileJournal
from storage.flips import newest_flip
from storage.ids import load_ids
from storage.imports import tell_imports
from storage.inventory import VERSION_COUNTER
from storage.models import DestinationRow
from storage.password_check import PasswordCheck
from storage.published import newest_file_before
from storage.rawfiles import RawFiles
from storage.tracks import Tracks
from storage.waypoints import WaypointJournal
from storage.writer import Engine, StoreError, Unit, Writer


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
        self.raw_files = RawFiles(settings.server.data_dir)
        self.files = FileJournal(self.raw_files.read)
        self.archive = Archive(settings.server.data_dir)
        self.waypoints = WaypointJournal(database, self.archive)
        self.counters = Counters()
        self.events = Events()
        self.registry = Registry()
        self.alarm = StoreAlarm()
        self.watch = InventoryWatch(bridge, self.files, self.alarm, settings.server.data_dir, self._start_more)
        self.accounts = RefreshingAccounts(Accounts(now, check), self.watch.refresh, self.watch.meet)
        self.watch.reload_accounts = self.accounts.reload

    async def open(self, today: date) -> None:
        """Read what is known, replay the journal; afterwards everybody stands where they stood."""
        self.ids = await load_ids(self._database)
        await self.archive.load()
        await self.counters.load()
        await self.accounts.reload()
        self._wire_actors(today)
        self._wire_clocks_and_board()
        await self._wire_review()
        self.watch.stop = self.guest.stop_some
        self.watch.tell = lambda: tell_imports(self.writer, self.ids)
        self.watch.join(self.counters.get(VERSION_COUNTER), self.world, self.supervisor, self.forwarders)
        watermark = self.counters.get(WATERMARK)
        await self.world.load(self.files, self._database, self.counters.get(FLIPS_MARK), watermark)
        self.ledger.flipped = await newest_flip()
        await self.beyond.disasters.load(at_start=True)
        self.control.published_file = await newest_file_before(int(self.now() - PUBLISHED_AFTER_S) * 1000)
        self.after.posted_seq = await self.waypoints.newest()
        self._wire_intakes()
        await self.writer.open()
        await self.projection.open(self.files)
        await self.exceedances.clock.load()
        await self.behind.begin(watermark, self.counters.get(JUDGED_WAYPOINTS))
        self.behind.received = await self.world.replay(self.files, self.tellings.replayed)
        await self.behind.read_on()
        self._forwarder_specs = await self.forwarders.make_missing()
        self._puller_specs = await self.fetching.make_missing()
        with suppress(StoreError):  # the alarm has heard of it: the doors are closed before the first of them is made
            await self.writer.store(Unit(counters={"store.probes": 1}))

    def _nobody_behind(self) -> None:
        self.timers.coming = self.world.vehicles.rouse_due

    def _wire_actors(self, today: date) -> None:
        """Sources, their kernel, and whom they tell."""
        self.after = AfterCommit(self.now, self.counters, self.events)
        self.ledger = Ledger(self.writer, self.ids, self.after.told, self.after.judged)
        self.tellings = Tellings(self.writer, self.ids, self.ledger, self.after.actor_moved)
        tracks = Tracks()
        journal = ActorJournal(self.bridge.host, self.files, self.waypoints, tracks, self.writer.flush)
        self.supervisor = Supervisor(self.now, journal, self.tellings, self._intensity)
        self.dispatcher = Dispatcher(self.supervisor, self.ledger.commit)
        self.timers = Timers(self.now, self.after.deadline_passed)
        self.tellings.join(self.dispatcher, self.timers)
        self.services = Services(self.now, self._intensity, self.after.service_moved, self.tellings.crashed)
        book = self._limit_book = book_of(self._settings.vehicles)
        elements = load_elements()
        self.thresholds = ThresholdBook(self._database, elements, QC_TABLES, self.now)
        self.roads = SpeedLimits(today, self._settings.traffic.ceiling)
        self.world = World(self.registry, self.supervisor, tracks, elements, book, self.thresholds, self.roads)

    def _wire_clocks_and_board(self) -> None:
        """Ways out, clocks, what people see and do."""
        now, host, writer, ids, counted = self.now, self.bridge.host, self.writer, self.ids, self.counters.get
        newest = lambda: self.after.posted_seq  # noqa: E731
        self.forwarders = Forwarders(now, host, writer, ids, self.world, self.waypoints, newest, counted)
        self.behind = CatchingUp(
            host, self.waypoints, self.world, self.supervisor, self.dispatcher, self.ledger.commit, newest
        )
        self.notices = Notices(self._settings, now, host, writer, ids, self.world, self.forwarders)
        self.after.signs = self.notices.signs.told
        self.providers = ProviderWatch(now, host)
        self.notices.silent_providers = lambda: self.providers.silent
        self.snapshots = SnapshotClock(
            writer, self.world.awake_in_order, self.world.tracks, self.after.received, lambda: self.ledger.flipped
        )
        self.exceedances = Exceedances(now, host, writer, ids, self.world, self.events)
        self.ledger.watch = self.exceedances.watch.judged
        self.control = ControlJournal(now, ids, self._mandatory)
        self.averaging = AveragingClock(
            now,
            host,
            writer,
            ids,
            self.world.profiles.get,
            self._file_destinations,
            self.forwarders.owed,
            [self.exceedances.watch.made, self.control.made],
        )
        self.averaging.hours.pace = lambda profile: self.world.stations[profile.code].timetable
        heard = HeardOf(self.world.stations.values)
        self.averaging.empty = EmptyHours(writer, self.averaging.hours, heard.until, lambda: counted(FILLED))
        self.driving = Driving(now, host, writer, ids, self.waypoints, self.world, self._limit_book, counted)
        self.ledger.watch = both(self.ledger.watch, self.driving.clock.judged)
        self.traffic = Traffic(now, host, writer, self._database, ids, self.world, lambda: self.watch.version, counted)
        self.ledger.watch = both(self.ledger.watch, self.traffic.marks.judged)
        self.driving.clock.rows.changed = self.traffic.marks.mark
        self.ledger.watch = both(self.ledger.watch, self.control.watch)
        self.retention = make_retention(
            self._settings.retention, self._database, self.archive, now, writer, ids, self.counters.forget
        )
        self.night = Night(
            self._settings.nightly,
            self._database,
            now,
            host,
            writer,
            ids,
            counted,
            load_elements(),
            self.world.profiles.get,
            self._decided,
            night_tasks(self.retention),
        )
        self.night.late.pace, self.night.late.watch = self.averaging.hours.pace, self.ledger.watch
        touched, look = self._decided, self.after.look
        self.beyond = Beyond(
            now, host, writer, ids, load_elements(), self._database, self.world, counted, touched, look
        )
        self.beyond.clock.turned = self.exceedances.watch.turned
        self.beyond.clock.states, self.ledger.neighboured = self.control.outer, self.beyond.neighboured
        self.ledger.heard, self.watch.changed = self.beyond.clock.take, self.beyond.inventory_changed
        self.panel = Panel(
            now,
            self.registry,
            self.supervisor,
            self.services,
            self.counters,
            self.events,
            self.forwarders.views,
            self.world.names,
            self._health,
        )
        self.panel.concerned += [
            self.behind.concerns,
            lambda: archive_concerns(self.archive, self.retention),
            self.providers.concerns,
        ]
        self.controls = ActorControls(now, self.bridge.guest, self.registry, self.supervisor, self.services, writer)
        self.projection = Projection(self.raw_files, writer)
        self.guest = Guest(
            host,
            self.supervisor,
            self.timers,
            self.dispatcher,
            self.services,
            self.registry,
            self.snapshots,
            self.panel,
            self.behind,
        )
        self.after.join(self.world, self.dispatcher, self.averaging, self.panel, self.forwarders, self.behind)
        self.behind.post, self.behind.look, self.behind.ended = self.after.post, self.after.look, self._nobody_behind
        self.driving.clock.caught_up = self.traffic.clock.caught_up = self.behind.wait
        self.panel.going_on = self.exceedances.going_on
        self.notices.means_beyond = self.exceedances.means_beyond
        self.notices.tending = self.exceedances.clock.tending
        self.after.exceeding = self.exceedances.clock.touched
        writer.on_stored = self.after.stored
        writer.on_trouble = self.alarm.begin
        writer.on_recovered = self.alarm.end

    async def _wire_review(self) -> None:
        """Manual quality control: its book must be open before the journal is replayed."""
        now, host = self.now, self.bridge.host
        self.review = ReviewWing(
            now,
            host,
            self._database,
            self.writer,
            self.ids,
            self.events,
            self._decided,
            self.world.stations.values,
            self._settings.review,
        )
        self.review.urgent = self.beyond.struck
        await self.review.load()
        self.notices.join(self.review.silences.lacks_data, lambda: self.review.clock.late)
        self.ledger.book = self.beyond.clock.book = self.review.book

    def _wire_intakes(self) -> None:
        """The listeners and what stands behind them."""
        now, writer, ids, world = self.now, self.writer, self.ids, self.world
        self.file_intake = FileIntake(
            now,
            writer,
            ids,
            world.known,
            self.files.is_known,
            lambda data: asyncio.to_thread(self.raw_files.keep_big, data),
            self.after.file_stored,
            self.projection.add,
        )
        self.fetching = Fetching(self._settings, now, self.bridge.host, writer, ids, self.file_intake)
        self.watch.more.append(self.fetching.make_missing)
        area = StationArea(self.file_intake, self.projection, self.raw_files, now, self.accounts.renewed)
        waypoints = WaypointIntake(
            now,
            writer,
            ids,
            world.tracks,
            Registrar(world.tracks, world.born, world.vehicles.lowest),
            self.accounts.may_register,
            self.waypoints.instants,
            self.after.waypoints_stored,
            lambda: self.forwarders.waypoint_names,
            self._relieve,
        )
        s, host, accounts, opened = self._settings, self.bridge.host, self.accounts, self._opened
        self.intakes = Intakes(
            [
                Intake("ftp", lambda p: FtpListener(ftp_options(s, p), accounts, area), host, opened),
                Intake("sftp", lambda p: SftpListener(sftp_options(s, p), accounts, area), host, opened),
                Intake(
                    "amqp", lambda port: AmqpListener(amqp_options(s, port), accounts, waypoints, now), host, opened
                ),
            ]
        )
        self.after.relieved = self._relieve
        self.alarm.join(self.file_intake, self.intakes)

    def specs(self, console: ChildSpec) -> list[ChildSpec]:
        """The services in dependency order: ways out, clocks, ways in, console."""
        ways_in = [*self.intakes.specs(), *self._puller_specs]
        return [*self._forwarder_specs, *self.clocks(), *ways_in, console]

    def clocks(self) -> list[ChildSpec]:
        """Products, tests beyond a station, the night, snapshots, notices and their letters."""
        return [
            self.exceedances.spec(),
            ChildSpec("clock:hourly", "hourly means", self.averaging.run, lambda: {"made": self.averaging.made}),
            self.night.spec(),
            self.driving.spec(),
            self.traffic.spec(),
            *self.beyond.specs(),
            ChildSpec("clock:snapshots", "snapshots", self.snapshots.run, self.snapshots.statistics),
            *self.review.specs(),
            ChildSpec("clock:providers", "providers", self.providers.run, self.providers.statistics),
            *self.notices.services(),
            self.fetching.samplers_spec(),
        ]

    async def _start_more(self, specs: list[ChildSpec]) -> None:
        await self.guest.start_more(specs)

    @property
    def stopped(self) -> dict[str, str]:
        """Services that an operator stopped, and who it was."""
        return self.world.stopped_services

    def _file_destinations(self) -> dict[str, DestinationRow]:
        return {name: row for name, row in self.world.destinations.items() if row.kind == DestinationKind.FILES}

    def _decided(self) -> None:
        """A person, the night or a test beyond the station gave values of some hours another verdict."""
        self.averaging.touched()
        self.exceedances.clock.touched()

    def _mandatory(self, station_id: int) -> tuple[str, ...]:
        profile = self.world.profiles.get(station_id)
        return FULL if profile is None else profile.mandatory

    def _relieve(self) -> None:
        self.intakes.pressed(self.writer.waiting_rows)

    def _opened(self, name: str, port: int) -> None:
        self._ports.opened(name, port)
        self.alarm.refresh()

    def _health(self) -> list[str]:
        return self.alarm.reasons() + self.intakes.deaf()

    async def settled(self) -> None:
        """Wait until what is stored is judged, and every hour that is due is made."""
        while (
            not self.behind.over
            or not self.dispatcher.idle
            or self.writer.waiting_rows
            or not await self.averaging.is_done()
            or await waiting_work()
        ):
            await asyncio.sleep(0.02)

    async def close(self) -> None:
        """Flush what waits and give everything back."""
        await self.projection.close()
        await self.writer.close()
        self.raw_files.close()
