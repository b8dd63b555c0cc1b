"""The clock of the outer tests in virtual time, with the real store: what it writes, and what a kill leaves to do."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from actors.kernel.clock import virtual_now
from actors.messages import ReadingJudged, ReadingRevised
from actors.outer_board import AGAIN_S
from actors.outer_network import Network
from actors.review_book import EpisodeBook
from actors.rules.flags import outer_verdicts
from actors.spatial_clock import WATERMARK, SpatialClock
from protocols.flags import NEIGHBOURED
from protocols.vocabulary import Flag
from storage.database import Database
from storage.ids import Ids, load_ids
from storage.models import CounterRow, DirtyHourRow, EpisodeRow, ReadingRow
from storage.outer_flags import Row, readings_between
from storage.sqlite_engine import SqliteEngine
from storage.writer import StoreError, Unit, Writer
from tests.actors.host_loop import HostLoop
from tests.actors.outer_kit import CADENCE_S, NOON_S, SPATIAL, five
from tests.storage.blank import open_blank
from tests.storage.reading_rows import reading_row

HALF_S = CADENCE_S / 2


class Stage:
    """A store, and one life of the clock after another."""

    def __init__(self, folder: Path) -> None:
        self.host = HostLoop()
        self.database: Database = self.host.run(lambda: open_blank(folder))
        self.writer = Writer(SqliteEngine(folder / "trambox.db"), self.database.pen)
        self.host.run(self.writer.open)
        self.ids: Ids = self.host.run(lambda: load_ids(self.database))
        self.network: Network = five()
        self.touched = 0

    def close(self) -> None:
        self.host.run(self.writer.close)
        self.host.run(self.database.close)
        self.host.close()

    def store(self, station: int, time_s: int, value: float, flag: int = 1) -> tuple[ReadingJudged, int]:
        """Keep a reading as the ledger does."""
        row = self.ids.take("readings")
        key = reading_row(id=row, station_id=station, parameter="T", time_s=time_s, value=value, flag=flag, file_id=row)
        self.host.run(lambda: self.writer.store(Unit(rows={"readings": [key]})))
        made = ReadingJudged(station, "T", time_s, value, "", "°C", "00", Flag(flag), 0, row, 1)
        return made, row

    def live(self, start_s: float, scenario: Callable[[SpatialClock], Awaitable[None]]) -> None:
        """One life: it ends as by a kill."""

        async def main() -> None:
            async def network() -> Network:
                return self.network

            marked = self.host.run(self.watermark)
            clock = SpatialClock(
                virtual_now(start_s), self.host, self.writer, self.ids, network, lambda: marked, self.touch
            )
            async with trio.open_nursery() as nursery:
                nursery.start_soon(clock.run, lambda: None)
                await trio.sleep(0.5)
                await scenario(clock)
                nursery.cancel_scope.cancel()
            self.host.run(self.writer.flush)

        trio.run(main, clock=MockClock(autojump_threshold=0))

    def touch(self) -> None:
        self.touched += 1

    async def watermark(self) -> int:
        row = await CounterRow.get_or_none(name=WATERMARK)
        return 0 if row is None else row.value

    def verdicts(self) -> dict[tuple[int, int], int]:
        """The spatial verdict by (station, time)."""

        async def read() -> list[ReadingRow]:
            return await ReadingRow.all().order_by("id")

        rows = self.host.run(read)
        return {(row.station_id, row.time_s): outer_verdicts(row.outer_flags).get("spatial", 0) for row in rows}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.close()


def test_verdicts_are_written_beside_the_value_and_their_hour_is_made_again(stage: Stage) -> None:
    async def scenario(clock: SpatialClock) -> None:
        stored = [stage.store(n, NOON_S, 20.0 if n > 1 else 40.0) for n in range(1, 6)]
        clock.take([made for made, _ in stored], [row for _, row in stored])
        await trio.sleep(HALF_S + 5)

    stage.live(NOON_S + 10, scenario)
    assert stage.verdicts() == {(n, NOON_S): 4 if n == 1 else 1 for n in range(1, 6)}
    assert stage.host.run(stage.watermark) == 5

    async def dirty() -> list[tuple[int, int]]:
        return [(row.station_id, row.hour_s) for row in await DirtyHourRow.all()]

    assert stage.host.run(dirty) == [(1, NOON_S)]
    assert stage.touched == 1


def test_what_an_outer_test_questions_is_put_before_people(stage: Stage) -> None:
    async def scenario(clock: SpatialClock) -> None:
        clock.book = EpisodeBook(lambda: NOON_S, stage.ids)
        stored = [stage.store(n, NOON_S, 20.0 if n > 1 else 40.0) for n in range(1, 6)]
        clock.take([made for made, _ in stored], [row for _, row in stored])
        await trio.sleep(HALF_S + 5)

    async def episodes() -> list[tuple[int, str, str, int, int]]:
        return [(row.station_id, row.parameter, row.test, row.first_s, row.flag) for row in await EpisodeRow.all()]

    stage.live(NOON_S + 10, scenario)
    assert stage.host.run(episodes) == [(1, "T", "spatial", NOON_S, 4)]


def test_what_was_not_judged_before_a_kill_is_judged_after_the_start(stage: Stage) -> None:
    async def first(clock: SpatialClock) -> None:
        stored = [stage.store(n, NOON_S, 20.0 if n > 1 else 40.0) for n in range(1, 6)]
        clock.take([made for made, _ in stored], [row for _, row in stored])
        await trio.sleep(20)

    async def second(clock: SpatialClock) -> None:
        await trio.sleep(HALF_S + 10)

    stage.live(NOON_S + 10, first)
    assert set(stage.verdicts().values()) == {0}
    assert stage.host.run(stage.watermark) == 0
    stage.live(NOON_S + 60, second)
    assert stage.verdicts() == {(n, NOON_S): 4 if n == 1 else 1 for n in range(1, 6)}


def test_readings_stored_while_the_clock_was_down_are_judged(stage: Stage) -> None:
    for slot in (0, 1):
        for n in range(1, 6):
            stage.store(n, NOON_S + slot * CADENCE_S, 20.0 + slot)

    async def later(clock: SpatialClock) -> None:
        await trio.sleep(10)

    stage.live(NOON_S + 86400, later)
    assert set(stage.verdicts().values()) == {1}
    assert stage.host.run(stage.watermark) == 10


def test_values_of_last_week_are_judged_from_the_store(stage: Stage) -> None:
    week_s = NOON_S - 7 * 86400

    async def scenario(clock: SpatialClock) -> None:
        for time_s in (NOON_S, week_s):
            for n in range(1, 6):
                made, row = stage.store(n, time_s, 20.0 if n > 1 else 40.0)
                clock.take([made], [row])
        await trio.sleep(HALF_S + 10)
        made, row = stage.store(2, week_s + 60, 39.0)
        clock.take([made, ReadingRevised(3, "T", week_s, Flag.SUSPECT, 0)], [row])
        await trio.sleep(5)

    stage.live(NOON_S + 10, scenario)
    found = stage.verdicts()
    assert found[1, week_s] == 4
    assert found[2, week_s + 60] == 4
    assert stage.host.run(stage.watermark) == 11


def test_an_old_value_is_judged_with_all_that_speaks_to_whom_it_speaks_to(stage: Stage) -> None:
    """Slow stations that may be an hour apart: the neighbours' values come two hours after the oldest one."""
    stage.network = five(cadence_s=3600, qc={"spatial": {**SPATIAL, "dt_max_s": 3600}})
    week_s = NOON_S - 7 * 86400

    async def scenario(clock: SpatialClock) -> None:
        others = [(n, week_s + 7200, 20.0) for n in (3, 4, 5)]
        for n, time_s, value in [(1, NOON_S, 20.0), (1, week_s, 20.0), (2, week_s + 3600, 40.0), *others]:
            made, row = stage.store(n, time_s, value)
            clock.take([made], [row])
        await trio.sleep(10)

    stage.live(NOON_S + 10, scenario)
    assert stage.verdicts()[2, week_s + 3600] == Flag.FAIL


def test_a_changed_inventory_builds_the_network_anew(stage: Stage) -> None:
    async def scenario(clock: SpatialClock) -> None:
        stage.network = {}
        clock.inventory_changed()
        await trio.sleep(3)
        assert clock.statistics()["series"] == 0

    stage.live(NOON_S, scenario)


def test_what_is_found_while_the_store_cannot_be_read_is_kept(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value of last week waits for the store; what was judged from memory meanwhile is told once, and not again."""

    async def away(*_: object) -> list[Row]:
        raise StoreError("not readable")

    async def scenario(clock: SpatialClock) -> None:
        stored = [stage.store(n, NOON_S, 20.0 if n > 1 else 40.0) for n in range(1, 6)]
        clock.take([made for made, _ in stored], [row for _, row in stored])
        made, row = stage.store(1, NOON_S - 7 * 86400, 20.0)
        with monkeypatch.context() as patched:
            patched.setattr("actors.spatial_clock.readings_between", away)
            clock.take([made], [row])
            await trio.sleep(HALF_S + 5)
        await trio.sleep(5)

    stage.live(NOON_S + 10, scenario)
    found = stage.verdicts()
    assert {n: found[n, NOON_S] for n in range(1, 6)} == {1: 4, 2: 1, 3: 1, 4: 1, 5: 1}
    assert stage.host.run(stage.watermark) == 6


def test_a_network_that_could_not_be_filled_is_built_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> list[Row]:
        raise StoreError("not readable")

    async def scenario(clock: SpatialClock) -> None:
        for slot in (0, 1):
            stored = [stage.store(n, NOON_S + slot * CADENCE_S, 20.0) for n in range(1, 6)]
            clock.take([made for made, _ in stored], [row for _, row in stored])
            with monkeypatch.context() as patched:
                patched.setattr("actors.spatial_clock.readings_after", away)
                clock.inventory_changed()
                await trio.sleep(1.5)
            await trio.sleep(CADENCE_S - 1.5)
        await trio.sleep(AGAIN_S)

    stage.live(NOON_S + 10, scenario)
    assert stage.verdicts() == {(n, NOON_S + slot * CADENCE_S): 1 for n in range(1, 6) for slot in (0, 1)}
    assert stage.host.run(stage.watermark) == 10


def test_what_is_revised_while_the_network_is_filled_is_known(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(clock: SpatialClock) -> None:
        async def slowly(*of: Any) -> list[Row]:
            rows = await readings_between(*of)
            clock.take([ReadingRevised(n, "T", NOON_S, Flag.SUSPECT, 0) for n in (2, 3)], [])
            return rows

        stored = [stage.store(n, NOON_S, 20.0) for n in range(1, 6)]
        clock.take([made for made, _ in stored], [row for _, row in stored])
        await trio.sleep(HALF_S + 5)
        with monkeypatch.context() as patched:
            patched.setattr("actors.spatial_clock.readings_between", slowly)
            clock.inventory_changed()
            await trio.sleep(2)
        made, row = stage.store(1, NOON_S + 60, 20.0)
        clock.take([made], [row])
        await trio.sleep(HALF_S)

    stage.live(NOON_S + 10, scenario)
    assert stage.verdicts()[1, NOON_S + 60] == Flag.NOT_EVALUATED, "two of four neighbours may still vote"


def test_values_stored_before_the_network_stood_are_marked_as_having_neighbours(stage: Stage) -> None:
    """What comes of such a series must pass the spatial test to count as controlled, before it is judged as well."""

    async def marks() -> list[bool]:
        return [bool(row.outer_flags & NEIGHBOURED) for row in await ReadingRow.all().order_by("id")]

    async def scenario(clock: SpatialClock) -> None:
        assert clock.neighboured == {(n, "T") for n in range(1, 6)}

    for station in range(1, 6):
        stage.store(station, NOON_S, 20.0)
    stage.store(9, NOON_S, 20.0)
    stage.live(NOON_S + 10, scenario)
    assert stage.host.run(marks) == [True] * 5 + [False]
    assert set(stage.verdicts().values()) == {0}


def test_verdicts_are_told_for_the_control_states_before_they_are_written(stage: Stage) -> None:
    told: list[tuple[int, int]] = []

    async def scenario(clock: SpatialClock) -> None:
        clock.states = lambda unit, verdicts: told.extend((each.row, len(unit.updates)) for each in verdicts)
        stored = [stage.store(n, NOON_S, 20.0) for n in range(1, 6)]
        clock.take([made for made, _ in stored], [row for _, row in stored])
        await trio.sleep(HALF_S + 5)

    stage.live(NOON_S + 10, scenario)
    assert sorted(told) == [(row, 0) for row in range(1, 6)]
