"""A desk that stores readings as the ledger does, with the watch beside it, and lets the clock look."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from actors.exceedance_clock import ExceedanceChanged, ExceedanceClock
from actors.exceedance_watch import ExceedanceWatch
from actors.kernel.loops import Bridge
from actors.ledger import Ledger
from actors.messages import Effect, ReadingJudged, ReadingRevised
from actors.rules.limit_presets import load_presets
from actors.station import StationActor
from actors.station_profile import StationProfile, settle
from protocols.vocabulary import Flag
from storage.corrections import keep_corrections
from storage.database import Database
from storage.ids import load_ids
from storage.models import CorrectionRow, ExceedanceRow, ParameterRow
from storage.sqlite_engine import SqliteEngine
from storage.writer import Writer
from tests.actors.station_kit import NOON_S, station_row
from tests.storage.blank import open_blank

BOOK = load_presets()
Said = tuple[int, int | None, str, str, float]


def limited_profile(**limits: object) -> StationProfile:
    """A station whose parameters have these limits."""
    rows = [
        ParameterRow(id=at, station_id=1, symbol=symbol, unit="mg/L", aliases=[], qc={}, limit=limit)
        for at, (symbol, limit) in enumerate(limits.items(), 1)
    ]
    return settle(station_row(), rows, [], BOOK)


class Desk:
    """What stands between judged values and exceedances."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.profile = limited_profile(COD={"value": 100.0})
        self.changes: list[ExceedanceChanged] = []
        self.now_s = float(NOON_S)

    async def open(self, database: Database) -> None:
        """Know what is stored."""
        self.database = database
        self.ids = await load_ids(database)
        self.watch = ExceedanceWatch(self.ids, lambda station_id: self.profile)
        self.clock = ExceedanceClock(
            lambda: self.now_s, Bridge().host, self.writer, self.ids, lambda station_id: self.profile, self.watch,
            self.changes.extend,
        )  # fmt: skip
        self.ledger = Ledger(self.writer, self.ids, lambda effects: None, lambda: None)
        self.ledger.watch = self.watch.judged
        await self.clock.load()

    async def store(self, effects: Sequence[Effect]) -> None:
        """Store what the station decided, and nothing else."""
        self.ledger.commit([(StationActor(self.profile), effects, 1)])
        await self.writer.flush()

    async def look(self) -> int:
        """Let the clock do what waits."""
        done = 0
        while did := await self.clock.look():
            done += did
        return done

    async def take(self, *effects: Effect) -> int:
        """Store and look."""
        await self.store(effects)
        return await self.look()

    async def decide(self, minute: int, value: float, flag: Flag = Flag.GOOD, parameter: str = "COD") -> None:
        """A person puts a value in the place of the station's, and the clock looks."""
        row = CorrectionRow(
            station_id=1, parameter=parameter, time_s=NOON_S + 60 * minute, reading_id=1, action="correct",
            flag=int(flag), value=value, unit="mg/L", at_ms=0, who="an",
        )  # fmt: skip
        async with self.database.writing():
            await keep_corrections(self.ids, [row], 0)
        await self.look()

    async def said(self, averaging: str = "instant", parameter: str = "COD") -> list[Said]:
        """Start and end (in minutes after noon), level, state, worst of what stands."""
        rows = await ExceedanceRow.filter(averaging=averaging, parameter=parameter).order_by("start_s")
        return [
            (minutes(row.start_s), None if row.end_s is None else minutes(row.end_s), row.level, row.state, row.worst)
            for row in rows
            if row.state != "withdrawn"
        ]


def minutes(time_s: int) -> int:
    return (time_s - NOON_S) // 60


def judged(
    minute: int, value: float | None, flag: Flag = Flag.GOOD, status: str = "00", parameter: str = "COD"
) -> ReadingJudged:
    """A reading some minutes after noon."""
    time_s = NOON_S + 60 * minute
    return ReadingJudged(1, parameter, time_s, value, str(value), "mg/L", status, flag, 0, minute, 1)


def revised(minute: int, flag: Flag, parameter: str = "COD") -> ReadingRevised:
    """Its flag became another one."""
    return ReadingRevised(1, parameter, NOON_S + 60 * minute, flag, 0)


def series(values: Iterable[float], first_minute: int = 0) -> list[ReadingJudged]:
    """Readings five minutes apart."""
    return [judged(first_minute + 5 * at, value) for at, value in enumerate(values)]


@asynccontextmanager
async def open_desk(folder: Path, profile: StationProfile | None = None) -> AsyncGenerator[Desk]:
    """A desk on an empty store."""
    database = await open_blank(folder)
    writer = Writer(SqliteEngine(folder / "trambox.db"), database.pen)
    await writer.open()
    desk = Desk(writer)
    desk.profile = profile or desk.profile
    await desk.open(database)
    try:
        yield desk
    finally:
        await writer.close()
        await database.close()
