"""Effects become rows, committed with how far they were judged."""

from pathlib import Path

import pytest

from actors.ledger import JUDGED_WAYPOINTS
from actors.messages import Flipped, GapChanged
from protocols.vocabulary import Freshness, GapState
from storage.models import ActorRow, CounterRow, FlipRow, GapRow
from tests.actors.station_kit import NOON_S
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
