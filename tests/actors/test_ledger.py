"""Effects become rows, committed with how far they were judged."""

# pyright: reportPrivateUsage=false
from pathlib import Path

import pytest

from actors.ledger import JUDGED_WAYPOINTS
from actors.messages import DeadlinePassed, Flipped, GapChanged
from protocols.flags import NEIGHBOURED
from protocols.vocabulary import Flag, Freshness, GapState
from storage.models import ActorRow, CounterRow, FlipRow, GapRow, ReadingRow
from tests.actors.station_kit import CADENCE_S, NOON_S
from tests.actors.yard import PLATES, open_yard

pytestmark = pytest.mark.asyncio


async def test_how_far_a_station_was_judged_stands_in_the_commit_of_its_effects(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        receipt = await yard.upload("TB_A", NOON_S, 5.0)
        await yard.writer.flush()
        assert (await ActorRow.get(id="station:TB_A")).judged == receipt.file_id


async def test_how_far_the_vehicles_were_judged_stands_in_the_commit_of_their_effects(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.drive(PLATES[0], NOON_S, 50.0)
        await yard.writer.flush()
        assert (await CounterRow.get(name=JUDGED_WAYPOINTS)).value == 1


async def test_their_mark_stands_there_also_while_more_of_them_have_mail_than_a_round_takes(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        yard.dispatcher._round_size = 1
        for plate in PLATES:
            actor = yard.world.vehicles.by_plate(plate) or yard.registry.get(f"vehicle:{plate}")
            assert actor is not None
            yard.dispatcher.post(actor, DeadlinePassed(0, NOON_S, NOON_S))
        await yard.drive(PLATES[0], NOON_S, 50.0)
        await yard.writer.flush()
        while not yard.told:
            assert yard.dispatcher.round()
            await yard.writer.flush()
        assert (await CounterRow.get(name=JUDGED_WAYPOINTS)).value == 1


async def test_a_reading_of_a_series_with_neighbours_is_marked_as_it_is_written(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.upload("TB_A", NOON_S, 5.0)
        yard.ledger.neighboured = lambda: {(1, "COD")}
        await yard.upload("TB_A", NOON_S + CADENCE_S, 5.0)
        await yard.upload("TB_B", NOON_S, 5.0)
        await yard.writer.flush()
        rows = await ReadingRow.all().order_by("id")
        assert [(row.station_id, row.outer_flags) for row in rows] == [(1, 0), (1, NEIGHBOURED), (2, 0)]


async def test_a_gap_told_twice_is_one_row_with_the_newest_word(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        actor = yard.world.stations["TB_A"]
        opened = GapChanged(1, "COD", NOON_S, None, 2, GapState.OPEN)
        closed = GapChanged(1, "COD", NOON_S, NOON_S + 900, 2, GapState.CLOSED)
        yard.ledger.commit([(actor, [opened, closed], 1)])
        await yard.writer.flush()
        (row,) = await GapRow.all()
        assert (row.to_s, row.state) == (NOON_S + 900, "closed")


async def test_effects_are_told_only_when_they_are_stored(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        flip = Flipped("station:TB_A", Freshness.FRESH, Freshness.LATE, NOON_S + 0.5, "no file")
        yard.ledger.commit([(yard.world.stations["TB_A"], [flip], 1)])
        assert yard.told == []
        await yard.writer.flush()
        assert yard.told == [flip]
        assert (await FlipRow.get(source="station:TB_A")).at_s == NOON_S + 0.5
        assert yard.world.stations["TB_A"].told is Freshness.LATE


async def test_a_record_from_the_future_stays_failed_when_the_true_one_is_revised(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        instant_s = NOON_S + 2 * CADENCE_S
        await yard.upload("TB_A", instant_s, 7.0)
        yard.clock_s = instant_s
        await yard.upload("TB_A", instant_s, 5.0)
        await yard.upload("TB_A", instant_s, 6.0)
        await yard.writer.flush()
        rows = await ReadingRow.filter(time_s=instant_s).order_by("id")
        assert [(row.value, row.flag) for row in rows] == [(7.0, Flag.FAIL), (5.0, Flag.SUSPECT), (6.0, Flag.SUSPECT)]


async def test_a_contradicting_record_keeps_its_own_tests_when_the_active_one_is_revised(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        yard.clock_s = NOON_S + CADENCE_S
        await yard.upload("TB_A", NOON_S, 5.0, 50.0)
        await yard.upload("TB_A", NOON_S, 6.0)
        await yard.writer.flush()
        before = await ReadingRow.get(value=6.0)
        await yard.upload("TB_A", NOON_S + CADENCE_S, 5.0)
        await yard.writer.flush()
        assert (await ReadingRow.get(value=50.0)).tests["spike"] == Flag.FAIL
        after = await ReadingRow.get(value=6.0)
        assert (after.flag, after.tests) == (before.flag, before.tests)
