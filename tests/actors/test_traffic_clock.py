"""The traffic clock over a real store: what it writes is what happened, however often and in whatever order it came."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import trio
import trio.testing

from actors.day_marks import DayMarks
from actors.messages import ViolationFound, WaypointStored
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.traffic_clock import TrafficClock
from actors.vehicle import VehicleActor
from protocols.times import DAY_S
from protocols.vocabulary import ActorState, ViolationKind
from protocols.waypoint import Waypoint
from storage.database import Database
from storage.ids import Ids, load_ids
from storage.models import (
    CounterRow,
    DirtyTrafficDayRow,
    TrafficDayRow,
    TrafficMonthRow,
    VehicleOwnerRow,
    VehicleRow,
)
from storage.sqlite_engine import SqliteEngine
from storage.traffic_days import row_id
from storage.traffic_months import MADE, month_of
from storage.writer import Unit, Writer
from tests.actors.host_loop import HostLoop
from tests.storage.blank import open_blank
from tests.storage.fleet import DAY, MIDNIGHT_S, case

LIMITS = LimitBook(load_limits())


class Stage:
    """A store, one vehicle, and the clock."""

    def __init__(self, folder: Path) -> None:
        self.host = HostLoop()
        self.database: Database = self.host.run(lambda: open_blank(folder))
        self.writer = Writer(SqliteEngine(folder / "trambox.db"), self.database.pen)
        self.host.run(self.writer.open)
        self.ids: Ids = self.host.run(lambda: load_ids(self.database))
        self.host.run(self._register)
        self.actor = VehicleActor(1, "29A1", 80.0, LIMITS)
        self.actor.state = ActorState.RUNNING
        self.version = 1
        self.clock_s = MIDNIGHT_S + 50_000.0
        self.vehicles = {1: self.actor}
        self.begin()

    async def _register(self) -> None:
        await VehicleRow.create(id=1, plate="29A1", company="Sông Hồng", registered=True)

    async def _sell(self) -> None:
        await VehicleRow.filter(id=1).update(company="Tây Hồ")

    async def come(self) -> None:
        await VehicleRow.create(id=-1, plate="30X1")

    def sell(self) -> None:
        self.host.run(self._sell)

    def begin(self) -> None:
        """Another life of the clock: it remembers nothing."""
        self.marks = DayMarks(self.ids)
        self.clock = TrafficClock(
            lambda: self.clock_s, self.host, self.writer, self.database, self.marks, self.vehicles,
            lambda: self.version, self.marked,
        )  # fmt: skip

    def marked(self, name: str) -> int:
        async def read() -> int:
            row = await CounterRow.get_or_none(name=name)
            return 0 if row is None else row.value

        return self.host.run(read)

    def close(self) -> None:
        self.host.run(self.writer.close)
        self.host.run(self.database.close)
        self.host.close()

    def send(self, *times_s: int) -> None:
        """Drive east, 20 m a second, half of the time."""
        for time_s in times_s:
            self.actor.seq += 1
            place = 105.8 + 0.000192 * (time_s - MIDNIGHT_S)
            waypoint = Waypoint("29A1", "D1", 72.0, time_s, place, 20.9, None, None, None, None)
            self.actor.receive(WaypointStored(self.actor.seq, time_s * 1000 + 500, waypoint))

    def look(self) -> None:
        trio.run(self.clock.look)

    def day(self, day: int = DAY) -> TrafficDayRow | None:
        async def read() -> TrafficDayRow | None:
            return await TrafficDayRow.get_or_none(id=row_id(1, day))

        return self.host.run(read)

    def months(self) -> list[tuple[int, int]]:
        async def read() -> list[tuple[int, int]]:
            return [(row.messages, row.active_days) for row in await TrafficMonthRow.all().order_by("id")]

        return self.host.run(read)

    def waiting(self) -> int:
        """Days that are not counted yet."""

        async def read() -> int:
            return await DirtyTrafficDayRow.all().count()

        return self.host.run(read)

    def owners(self) -> list[tuple[str, int, int]]:
        async def read() -> list[tuple[str, int, int]]:
            return [(row.company, row.from_day, row.to_day) for row in await VehicleOwnerRow.all().order_by("id")]

        return self.host.run(read)

    def store(self, unit: Unit) -> None:
        self.host.run(lambda: self.writer.store(unit))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    try:
        yield stage
    finally:
        stage.close()


def test_the_running_day_is_written_as_far_as_it_came_and_only_where_something_came(stage: Stage) -> None:
    stage.send(*range(MIDNIGHT_S, MIDNIGHT_S + 101, 10))
    stage.look()
    row = stage.day()
    assert row is not None and (row.moving_s, row.messages) == (100, 11)
    assert abs(row.way_m - 2000) < 5
    stage.look()
    assert stage.clock.written == 1
    stage.send(MIDNIGHT_S + 110)
    stage.look()
    row = stage.day()
    assert row is not None and (row.moving_s, row.messages, stage.clock.written) == (110, 12, 2)


def test_a_restart_from_a_snapshot_writes_the_same_and_a_touched_track_says_nothing(stage: Stage) -> None:
    stage.send(*range(MIDNIGHT_S, MIDNIGHT_S + 51, 10))
    stage.look()
    before, state = stage.day(), stage.actor.snapshot()
    stage.actor.restore(state)
    stage.begin()
    stage.look()
    after = stage.day()
    assert before is not None and after is not None and (before.way_m, before.messages) == (after.way_m, after.messages)
    assert stage.clock.written == 0
    stage.send(MIDNIGHT_S + 60, MIDNIGHT_S + 25)
    stage.look()
    again = stage.day()
    assert stage.actor.touched_s and again is not None and again.messages == 6


def test_a_month_that_is_over_is_made_and_follows_its_days_from_then_on(stage: Stage) -> None:
    stage.send(*range(MIDNIGHT_S, MIDNIGHT_S + 101, 10))
    stage.look()
    assert stage.months() == []
    stage.clock_s += 31 * DAY_S
    stage.look()
    assert stage.months() == [(11, 1)] and stage.marked(MADE) == month_of(DAY)
    stage.begin()
    stage.send(MIDNIGHT_S + 110)
    stage.look()
    assert stage.months() == [(12, 1)]


def test_violations_are_counted_for_the_day_they_began_and_again_when_they_change(stage: Stage) -> None:
    def happen(number: int, start_s: int, **detail: object) -> None:
        unit = Unit()
        case(unit, number, 1, "speed", start_s, 40, **detail)
        found = ViolationFound(1, ViolationKind.SPEED, start_s, start_s + 40, True, {})
        stage.marks.judged(unit, [found])
        stage.store(unit)

    happen(1, MIDNIGHT_S + 86_399, band="10-20", distance_m=900.0, excess_kmh=15.0)
    happen(2, MIDNIGHT_S + 86_400, band=">35", distance_m=800.0, excess_kmh=40.0)
    stage.look()
    first, second = stage.day(), stage.day(DAY + 1)
    assert first is not None and (first.over_10, first.over_m, first.over_s, first.worst_kmh) == (1, 900.0, 40, 15.0)
    assert second is not None and (second.over_35, second.over_10) == (1, 0)
    assert stage.waiting() == 0
    gone = Unit(updates=[("DELETE FROM violations WHERE id = ?", (1,))])
    stage.marks.mark(gone, 1, MIDNIGHT_S + 86_399)
    stage.store(gone)
    stage.begin()
    stage.look()
    first = stage.day()
    assert first is not None and (first.over_10, first.over_m, first.worst_kmh) == (0, 0.0, 0.0)


def test_owners_follow_the_registry_when_it_changes(stage: Stage) -> None:
    stage.look()
    assert stage.owners() == [("Sông Hồng", 0, 65_535)]
    stage.sell()
    stage.look()
    assert len(stage.owners()) == 1
    stage.version = 2
    stage.look()
    assert stage.owners() == [("Sông Hồng", 0, DAY - 1), ("Tây Hồ", DAY, 65_535)]


def test_a_vehicle_that_comes_by_itself_gets_its_owner_and_a_restart_looks_at_nobody_again(stage: Stage) -> None:
    stage.look()
    stage.vehicles[-1] = VehicleActor(-1, "30X1", None, LIMITS)
    stage.host.run(stage.come)
    stage.look()
    assert [company for company, _, _ in stage.owners()] == ["", "Sông Hồng"]
    stage.sell()
    stage.begin()
    stage.look()
    assert [company for company, _, _ in stage.owners()] == ["", "Sông Hồng"]


def test_a_vehicle_that_came_before_a_kill_gets_its_owner_from_the_next_process(stage: Stage) -> None:
    stage.look()
    stage.host.run(stage.come)
    stage.vehicles = {-1: VehicleActor(-1, "30X1", None, LIMITS), **stage.vehicles}  # a start reads them by number
    stage.begin()
    stage.look()
    assert [company for company, _, _ in stage.owners()] == ["", "Sông Hồng"]


def test_the_rests_between_the_parts_of_a_month_are_not_rested_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_s = 1_000.0

    async def make() -> None:
        await trio.sleep(made_s)

    async def look() -> float:
        begun_s = trio.current_time()
        await stage.clock.look()
        return trio.current_time() - begun_s

    monkeypatch.setattr(stage.clock._months, "look", make)
    assert trio.run(look, clock=trio.testing.MockClock(autojump_threshold=0)) < 2 * made_s
