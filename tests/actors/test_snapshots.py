"""The snapshot clock: writes what changed, and only states that can be trusted."""

from math import inf
from pathlib import Path

import pytest
import trio

from actors.kernel.sealed import seal
from actors.snapshots import PERIOD_S, SAVED_AT_ONCE_PER_S, SLICE, WATERMARK, pace
from protocols.vocabulary import ActorState
from storage.models import ActorRow, CounterRow, VehicleStateRow
from tests.actors.station_kit import NOON_S
from tests.actors.yard import PLATES, open_yard

pytestmark = pytest.mark.asyncio


async def test_a_pass_writes_only_states_that_changed(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.snapshots.save_all()
        before = yard.snapshots.saved
        await yard.upload("TB_A", NOON_S, 5.0)
        await yard.drive(PLATES[0], NOON_S, 50.0)
        await yard.snapshots.save_all()
        assert yard.snapshots.saved - before == 2


async def test_a_snapshot_says_which_row_it_includes(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.upload("TB_A", NOON_S, 5.0)
        receipt = await yard.upload("TB_A", NOON_S + 300, 5.0)
        await yard.snapshots.save_all()
        await yard.writer.flush()
        row = await ActorRow.get(id="station:TB_A")
        assert (row.seq, row.state) == (receipt.file_id, seal(yard.world.stations["TB_A"].snapshot()))


async def test_the_watermark_is_the_newest_waypoint_that_everybody_received(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        for second in range(5):
            await yard.drive(PLATES[0], NOON_S + second, 50.0)
        await yard.snapshots.save_all()
        await yard.writer.flush()
        assert (await CounterRow.get(name=WATERMARK)).value == 5


@pytest.mark.parametrize("state", [ActorState.BACKING_OFF, ActorState.QUARANTINED, ActorState.STOPPED])
async def test_the_state_of_an_actor_that_does_not_run_is_not_written_but_its_track_is_followed(
    tmp_path: Path, state: ActorState
) -> None:
    async with open_yard(tmp_path) as yard:
        yard.world.vehicles[1].state = state
        await yard.drive(PLATES[0], NOON_S, 50.0)
        await yard.snapshots.save_all()
        await yard.writer.flush()
        row = await VehicleStateRow.get(id=1)
        assert (row.seq, row.head, row.newest_s, row.state) == (0, 1, NOON_S, None)


async def test_a_pass_goes_on_slice_by_slice_at_the_pace_that_it_is_given(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        for plate in PLATES:
            await yard.drive(plate, NOON_S, 50.0)
        took_s: list[float] = []

        async def save(per_s: float) -> None:
            begun_s = trio.current_time()
            assert await yard.snapshots.save_all(1, per_s) == 4
            took_s.append(trio.current_time() - begun_s)

        await yard.in_trio(lambda: save(400.0))
        await yard.writer.flush()
        assert await VehicleStateRow.all().count() == 2
        assert took_s[0] >= 0.1


@pytest.mark.parametrize("states", [0, 1_000, 30_000, 100_000, 400_000, 1_000_000, inf])
async def test_a_pass_is_spread_over_half_of_its_period_where_the_fleet_allows_it(states: float) -> None:
    at_most = pace(states)
    assert SLICE <= at_most <= SAVED_AT_ONCE_PER_S
    assert states / at_most <= PERIOD_S / 2 or at_most == SAVED_AT_ONCE_PER_S
