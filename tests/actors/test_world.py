"""A restart of the process: snapshot plus journal give the very state that was lost, and repeat no effect."""

from pathlib import Path

import pytest
import trio
from structlog.testing import capture_logs

from actors.kernel.sealed import seal
from actors.messages import Flipped, ReadingJudged, ViolationFound
from actors.series_memory import BLOCK
from protocols.vocabulary import ActorState, Freshness
from storage.models import ActorRow, FlipRow, ReadingRow, StationRow, VehicleStateRow, ViolationRow, WaypointRow
from tests.actors.station_kit import NOON_S
from tests.actors.yard import PLATES, Yard, open_yard, reopened

pytestmark = pytest.mark.asyncio


async def all_run(yard: Yard) -> None:
    """Wait until everybody has read what it missed."""

    async def wait() -> None:
        while not yard.behind.over or {actor.state for actor in yard.registry} != {ActorState.RUNNING}:
            await trio.sleep(0.01)

    await yard.in_trio(wait)
    await yard.writer.flush()


async def live(yard: Yard, hours: range) -> None:
    """Files of both stations and the drives of both vehicles, one of which speeds."""
    for hour in hours:
        for step in range(3):
            at_s = NOON_S + 3600 * hour + 300 * step
            yard.clock_s = float(at_s)
            await yard.upload("TB_A", at_s, 5.0 + step)
            await yard.upload("TB_B", at_s, 7.0, None, 50.0 * step)
        for second in range(0, 100, 5):
            await yard.drive(PLATES[0], NOON_S + 3600 * hour + second, 100.0 if second < 60 else 50.0)
            await yard.drive(PLATES[1], NOON_S + 3600 * hour + second, 60.0)


@pytest.mark.parametrize("snapshot_after", [None, 1, 2])
async def test_a_restart_gives_the_same_states_wherever_the_snapshot_was(
    tmp_path: Path, snapshot_after: int | None
) -> None:
    async with open_yard(tmp_path) as yard:
        for hour in range(3):
            await live(yard, range(hour, hour + 1))
            if snapshot_after == hour:
                await yard.snapshots.save_all()
        states = yard.states()
    async with reopened(tmp_path) as after:
        assert after.states() == states
        assert {actor.state for actor in after.registry} == {ActorState.RUNNING}


async def test_a_restart_reads_only_what_came_after_the_snapshot(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await live(yard, range(2))
        await yard.snapshots.save_all()
        await live(yard, range(2, 3))
    async with reopened(tmp_path) as after:
        assert after.behind.received == 3 * 2 + 20 * 2


@pytest.mark.parametrize("shape", ["[1]", "{}", "null", "[]{"])
async def test_snapshots_of_another_versions_shape_are_made_anew_from_the_journal(tmp_path: Path, shape: str) -> None:
    async with open_yard(tmp_path) as yard:
        await live(yard, range(2))
        states = yard.states()
        await yard.snapshots.save_all()
        await yard.writer.flush()
        async with yard.database.writing():
            await ActorRow.all().update(state=seal(shape.encode()))
            await VehicleStateRow.all().update(state=seal(shape.encode()))
    async with reopened(tmp_path) as after:
        await all_run(after)
        assert after.states() == states
        assert after.told == []


async def test_a_block_that_the_disk_damaged_is_found_at_the_start_and_a_late_file_judged_all_the_same(
    tmp_path: Path,
) -> None:
    async with open_yard(tmp_path) as yard:
        for at in range(2 * BLOCK):
            if at != BLOCK // 2:
                yard.clock_s = float(NOON_S + 300 * at)
                await yard.upload("TB_A", NOON_S + 300 * at, 5.0 + at % 7)
        states = yard.states()
        await yard.snapshots.save_all()
        await yard.writer.flush()
        row = await ActorRow.get(id="station:TB_A")
        block = yard.world.stations["TB_A"].series["COD"].memory.blocks[0]
        assert row.state is not None
        at = row.state.index(block) + len(block) // 2
        async with yard.database.writing():
            broken = row.state[:at] + bytes([row.state[at] ^ 255]) + row.state[at + 1 :]
            await ActorRow.filter(id="station:TB_A").update(state=broken)
    with capture_logs() as logged:
        async with reopened(tmp_path) as after:
            assert [(e["sources"], e["first"]) for e in logged if e["event"] == "snapshots_unreadable"] == [
                (1, "station:TB_A")
            ]
            assert after.states() == states
            assert after.told == []
            await after.upload("TB_A", NOON_S + 300 * (BLOCK // 2), 6.0)
            await after.writer.flush()
            assert any(isinstance(effect, ReadingJudged) for effect in after.told)
            assert after.world.stations["TB_A"].state is ActorState.RUNNING


async def test_a_restart_repeats_no_effect(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await live(yard, range(2))
        told = [type(effect) for effect in yard.told]
        assert {Flipped, ReadingJudged, ViolationFound} <= set(told)
    counts = []
    for _ in range(2):
        async with reopened(tmp_path) as after:
            assert after.told == []
            counts.append([await row.all().count() for row in (ReadingRow, FlipRow, ViolationRow)])
    assert counts[0] == counts[1] == [told.count(kind) for kind in (ReadingJudged, Flipped, ViolationFound)]


async def test_what_comes_after_a_restart_is_judged_as_if_there_had_been_none(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    async with open_yard(tmp_path / "one") as through:
        await live(through, range(3))
        states = through.states()
    async with open_yard(tmp_path / "two") as yard:
        await live(yard, range(1))
        await yard.snapshots.save_all()
        await live(yard, range(1, 2))
    async with reopened(tmp_path / "two") as after:
        await live(after, range(2, 3))
        assert after.states() == states


async def test_a_source_that_fell_silent_is_silent_after_a_restart_and_is_not_told_so_again(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.upload("TB_A", NOON_S, 5.0)
        await yard.snapshots.save_all()
        yard.pass_time(3600)
        await yard.writer.flush()
        flips = [(flip.source, flip.now) for flip in yard.told if isinstance(flip, Flipped)]
        assert flips == [("station:TB_A", now) for now in (Freshness.FRESH, Freshness.LATE, Freshness.SILENT)]
    async with reopened(tmp_path) as after:
        assert after.world.stations["TB_A"].freshness is Freshness.SILENT
        after.clock_s = NOON_S + 3700
        after.timers.arm(after.world.stations["TB_A"])
        after.pass_time(3600)
        assert [effect for effect in after.told if isinstance(effect, Flipped)] == []
        await after.upload("TB_A", NOON_S + 7200, 5.0)
        await after.writer.flush()
        assert [flip.now for flip in after.told if isinstance(flip, Flipped)] == [Freshness.FRESH]


async def test_an_operators_stop_outlives_the_process(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard, yard.database.writing():
        await ActorRow.create(id="station:TB_A", stopped_by="lan")
    async with reopened(tmp_path) as after:
        assert after.world.stations["TB_A"].state is ActorState.STOPPED
        assert after.world.stations["TB_B"].state is ActorState.RUNNING
        await after.upload("TB_A", NOON_S, 5.0)
        assert after.told == []


async def test_the_head_of_a_stopped_vehicle_is_followed_past_the_watermark(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.drive(PLATES[0], NOON_S, 50.0)
        await yard.snapshots.save_all()
        yard.supervisor.stop(yard.world.vehicles[1], "lan")
        await yard.drive(PLATES[0], NOON_S + 5, 50.0)
        await yard.drive(PLATES[1], NOON_S + 6, 50.0)
        await yard.snapshots.save_all()
    async with reopened(tmp_path) as after:
        await after.drive(PLATES[0], NOON_S + 10, 50.0)
        newest = await WaypointRow.all().order_by("-id").first()
        assert newest is not None
        assert newest.prev == 2


async def test_an_inventory_that_changed_leaves_a_stopped_station_stopped(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        yard.supervisor.stop(yard.world.stations["TB_A"], "lan")
        async with yard.database.writing():
            await StationRow.all().update(cadence_s=600)
        rebuilt = await yard.world.refresh()
        assert [actor.id for actor in rebuilt] == ["station:TB_B"]
        assert yard.world.stations["TB_A"].profile.cadence_s == 600


@pytest.mark.parametrize("saved", [True, False])
async def test_a_vehicle_that_was_stopped_loses_and_repeats_no_violation_over_a_kill(
    tmp_path: Path, saved: bool
) -> None:
    async def drive(yard: Yard, plate: str, from_s: int) -> None:
        for second in range(0, 100, 5):
            await yard.drive(plate, from_s + second, 100.0 if second < 60 else 50.0)

    async with open_yard(tmp_path) as yard:
        await drive(yard, PLATES[0], NOON_S)
        yard.supervisor.stop(yard.world.vehicles[1], "lan")
        await drive(yard, PLATES[0], NOON_S + 1000)
        await drive(yard, PLATES[1], NOON_S)
        if saved:
            await yard.snapshots.save_all()
        await yard.writer.flush()
        assert await ViolationRow.filter(vehicle_id=1, kind="speed", closed=True).count() == 1
    for _ in range(2):
        async with reopened(tmp_path) as after:
            await all_run(after)
            assert [await ViolationRow.filter(vehicle_id=number, kind="speed").count() for number in (1, 2)] == [2, 1]
            assert await FlipRow.filter(source=after.world.vehicles[1].id).count() == 1


async def test_a_vehicle_that_crashed_keeps_the_effects_before_its_crash_once_over_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_yard(tmp_path) as yard:
        for second in range(0, 100, 5):
            await yard.drive(PLATES[0], NOON_S + second, 100.0 if second < 60 else 50.0)
        with monkeypatch.context() as patch:
            patch.setattr(
                "actors.vehicle.effect_of", lambda vehicle_id, found: 1 // 0
            )  # what the silence before is told by
            await yard.drive(PLATES[0], NOON_S + 200, 50.0)
        assert yard.world.vehicles[1].state is ActorState.BACKING_OFF
        for second in range(1000, 1100, 5):
            await yard.drive(PLATES[0], NOON_S + second, 100.0 if second < 1060 else 50.0)
            await yard.drive(PLATES[1], NOON_S + second, 50.0)
        await yard.writer.flush()
        mark = await ActorRow.get(id=yard.world.vehicles[1].id)
        assert (mark.judged, bool(mark.state)) == (20, True)
    async with reopened(tmp_path) as after:
        await all_run(after)
        assert await ViolationRow.filter(vehicle_id=1, kind="speed", closed=True).count() == 2
        assert not (await ActorRow.get(id=after.world.vehicles[1].id)).state
