"""The station side of the house over a real SQLite and a real folder: what comes in is stored, judged, told.

Everything runs on the host loop; a round of the dispatcher follows each item, so that a test sees its effects at once.
`reopened` is the next process over the same files: what was not stored is gone.
"""

# pyright: reportPrivateUsage=false
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import trio

from actors.averaging import AveragingClock
from actors.catching_up import AT_START_S, CatchingUp
from actors.counters import Counters
from actors.file_intake import FileIntake
from actors.kernel.actor import Intensity, SourceActor
from actors.kernel.dispatcher import Dispatcher
from actors.kernel.loops import Bridge, run_guest
from actors.kernel.registry import Registry
from actors.kernel.supervisor import Supervisor
from actors.kernel.timers import Timers
from actors.ledger import JUDGED_WAYPOINTS, Ledger
from actors.messages import DeadlinePassed, Effect, FileStored
from actors.projection import Projection
from actors.recovery import ActorJournal
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.snapshots import FLIPS_MARK, WATERMARK, SnapshotClock
from actors.tellings import Tellings
from actors.upload_area import StationArea
from actors.world import World
from protocols.formats import tt10_2021
from protocols.formats.filename import build_name
from protocols.formats.ufms import build_waypoint
from protocols.records import ParsedReading
from protocols.uploads import Grant, Receipt
from protocols.vocabulary import ActorState
from protocols.vocabulary import Protocol as Wire
from protocols.waypoint import Waypoint
from storage.database import Database
from storage.files import FileJournal
from storage.flips import newest_flip
from storage.ids import load_ids
from storage.models import DestinationRow, ParameterRow, StationRow, VehicleRow
from storage.rawfiles import RawFiles
from storage.sqlite_engine import SqliteEngine
from storage.tracks import Tracks
from storage.waypoint_rows import WaypointRows
from storage.waypoints import WaypointJournal
from storage.writer import Unit, Writer
from tests.actors.station_kit import CADENCE_S, GRACE_S, NOON_S, QC
from tests.storage.blank import open_blank

STATIONS = ("TB_A", "TB_B")
GRANT = Grant("tb", "127.0.0.1", Wire.FTP, STATIONS)
PLATES = ("29A00001", "29A00002")


class Yard:
    """What the house wires, without its sockets; `clock_s` stands still until a test moves it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.clock_s = float(NOON_S)
        self.database = database
        self.bridge = Bridge()
        self.writer = Writer(SqliteEngine(folder / "trambox.db"), database.pen)
        self.raw_files = RawFiles(folder / "data")
        self.files = FileJournal(self.raw_files.read)
        self.waypoints = WaypointJournal(database)
        self.counters = Counters()
        self.registry = Registry()
        self.told: list[Effect] = []
        self.owed: set[str] = set()
        self.moved: list[tuple[str, ActorState]] = []
        self.posted_seq = 0
        self.patience_s = AT_START_S

    def now(self) -> float:
        return self.clock_s

    async def open(self) -> None:
        self.ids = await load_ids(self.database)
        await self.counters.load()
        self.ledger = Ledger(self.writer, self.ids, self.told.extend, self._judged)
        self.tellings = Tellings(self.writer, self.ids, self.ledger, lambda *moved: self.moved.append(moved))
        tracks = Tracks()
        journal = ActorJournal(self.bridge.host, self.files, self.waypoints, tracks, self.writer.flush)
        self.supervisor = Supervisor(self.now, journal, self.tellings, Intensity())
        self.dispatcher = Dispatcher(self.supervisor, self.ledger.commit)
        self.timers = Timers(self.now, self._due)
        self.tellings.join(self.dispatcher, self.timers)
        limits = LimitBook(load_limits())
        self.world = World(self.registry, self.supervisor, tracks, [], limits)
        self.behind = CatchingUp(
            self.bridge.host, self.waypoints, self.world, self.supervisor, self.dispatcher, self.ledger.commit,
            lambda: self.posted_seq,
        )  # fmt: skip
        self.behind.post, self.behind.look, self.behind.ended = self._post, self._look, self._nobody_behind
        self.snapshots = SnapshotClock(
            self.writer, self.world.awake_in_order, tracks, self._received, lambda: self.ledger.flipped
        )
        self.averaging = AveragingClock(
            self.now, self.bridge.host, self.writer, self.ids, self.world.profiles.get,
            lambda: self.world.destinations, self.owed.update,
        )  # fmt: skip
        self.projection = Projection(self.raw_files, self.writer)
        self.writer.on_stored = self.counters.stored
        watermark = self.counters.get(WATERMARK)
        await self.world.load(self.files, self.database, self.counters.get(FLIPS_MARK), watermark)
        self.ledger.flipped = await newest_flip()
        self.posted_seq = await self.waypoints.newest()
        await self.writer.open()
        await self.projection.open(self.files)
        await self.behind.begin(watermark, self.counters.get(JUDGED_WAYPOINTS))
        self.behind.received = await self.world.replay(self.files, self.tellings.replayed)
        await self.behind.read_on(self.patience_s)
        self.intake = FileIntake(
            self.now, self.writer, self.ids, self.world.known, self.files.is_known, self._keep_big,
            self._file_stored, self.projection.add,
        )  # fmt: skip
        self.area = StationArea(self.intake, self.projection, self.raw_files, self.now)

    async def close(self) -> None:
        await self.projection.close()
        await self.writer.close()
        self.raw_files.close()

    async def _keep_big(self, data: bytes) -> str:
        return self.raw_files.keep_big(data)

    def _received(self) -> int | None:
        newest = self.posted_seq if self.behind.over else self.behind.cursor
        return newest if self.dispatcher.idle else None

    def _judged(self) -> int | None:
        received = self._received()
        return None if received is None else max(received, self.behind.judged)

    def _post(self, rows: WaypointRows, waypoints: list[Waypoint]) -> None:
        readers: list[SourceActor] = [self.world.vehicles[vehicle_id] for vehicle_id in rows.vehicle_ids]
        self.dispatcher.post_batch(readers, rows.ids, rows.received_ms(), waypoints)
        self.dispatcher.round()

    def _look(self, actor: SourceActor) -> None:
        self._due(actor, self.clock_s)

    def _nobody_behind(self) -> None:
        self.timers.coming = self.world.vehicles.rouse_due

    def _due(self, actor: SourceActor, deadline_s: float) -> None:
        if self.behind.put_off(actor):
            return
        self.dispatcher.post(actor, DeadlinePassed(0, deadline_s, self.now()))

    def _file_stored(self, code: str, message: FileStored) -> None:
        self.dispatcher.post(self.world.stations[code], message)
        self.dispatcher.round()

    # ------------------------------------------------------------------------------ what a test does

    async def upload(self, code: str, time_s: int, *values: float | None, symbol: str = "COD") -> Receipt:
        """A file of one parameter's values, a cadence apart, the last one at `time_s`."""
        first_s = time_s - CADENCE_S * (len(values) - 1)
        lines = [
            ParsedReading(first_s + at * CADENCE_S, symbol, value, str(value), "mg/L", "00", at + 1)
            for at, value in enumerate(values)
        ]
        return await self.area.store(GRANT, f"/{build_name(code, time_s)}", tt10_2021.build(lines))

    async def drive(
        self,
        plate: str,
        time_s: int,
        speed_kmh: float,
        driver: str = "",
        received_s: int | None = None,
        *,
        accepted: bool = False,
    ) -> None:
        """A waypoint: journal, then mail."""
        track = self.world.tracks.known(plate)
        assert track is not None
        lat = 21.0 + time_s % 1000 / 10_000
        waypoint = Waypoint(plate, driver, speed_kmh, time_s, 105.8, lat, None, None, None, None)
        at_s = time_s if received_s is None else received_s
        seq, received_ms = self.ids.take("waypoints"), at_s * 1000
        row = (seq, track.head, track.vehicle_id, time_s, received_ms, 1, build_waypoint(waypoint))
        rows = WaypointRows.of([row])
        assert accepted or track.accept(time_s, at_s) is not False
        track.head = seq
        await self.writer.store(Unit({"waypoints": rows}))
        self.posted_seq = seq
        if not self.behind.hold(rows, [waypoint]):
            self._post(rows, [waypoint])

    def pass_time(self, seconds: float) -> None:
        """Move the clock, deadline by deadline."""
        until_s = self.clock_s + seconds
        while self.timers._heap and self.timers._heap[0][0] <= until_s:
            self.clock_s = max(self.clock_s, self.timers._heap[0][0])
            self.timers.due(self.clock_s)
            self.dispatcher.round()
        self.clock_s = until_s

    async def make_hours(self) -> int:
        """Make the hourly means that are due."""
        return await self.averaging._make_due()

    def states(self) -> dict[str, bytes]:
        """Every source's state."""
        return {actor.id: actor.snapshot() for actor in self.registry}

    async def in_trio(self, main: Callable[[], Awaitable[None]]) -> None:
        """Run the kernel as the guest of this loop until `main` returns."""

        async def guest() -> None:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self.supervisor.run)
                nursery.start_soon(self.dispatcher.run)
                nursery.start_soon(self.behind.run)
                await main()
                nursery.cancel_scope.cancel()

        await run_guest(guest)


@asynccontextmanager
async def open_yard(folder: Path) -> AsyncGenerator[Yard, None]:
    """A yard with two stations, two vehicles and a destination."""
    database = await open_blank(folder)
    (folder / "data").mkdir()
    for number, code in enumerate(STATIONS, 1):
        await StationRow.create(
            id=number, code=code, kind="wastewater", cadence_s=CADENCE_S, grace_s=GRACE_S, destinations=["bo"]
        )
        await ParameterRow.create(id=number, station_id=number, symbol="COD", unit="mg/L", qc=QC)
    for number, plate in enumerate(PLATES, 1):
        await VehicleRow.create(id=number, plate=plate, speed_limit_kmh=80, registered=True)
    await DestinationRow.create(id=1, name="bo", kind="files", url="ftp://127.0.0.1/{medium}")
    async with _opened(database, folder) as yard:
        yield yard


@asynccontextmanager
async def reopened(folder: Path, patience_s: float = AT_START_S) -> AsyncGenerator[Yard, None]:
    """The next process over the same files; for so long it reads the journal before it serves."""
    async with _opened(await Database.open(f"sqlite://{folder}/trambox.db"), folder, patience_s) as yard:
        yield yard


@asynccontextmanager
async def _opened(database: Database, folder: Path, patience_s: float = AT_START_S) -> AsyncGenerator[Yard, None]:
    yard = Yard(database, folder)
    yard.patience_s = patience_s
    await yard.open()
    try:
        yield yard
    finally:
        await yard.close()
        await database.close()
