"""Vehicles that nobody asked for since the start: rows, found and timed as if they were actors."""

from collections.abc import Callable
from pathlib import Path

import pytest

from actors import fleet as module
from actors.map_feed import FleetGrid, MapFeed
from actors.map_view import Wanted, Window, told
from actors.messages import Flipped
from actors.vehicle import BACKLOG_S, PARKED_CADENCE_S, SILENCE_GRACE_S
from protocols.times import iso
from protocols.vocabulary import ActorState, Freshness
from storage.models import VehicleRow
from tests.actors.station_kit import NOON_S
from tests.actors.yard import PLATES, Yard, open_yard, reopened

pytestmark = pytest.mark.asyncio
LATE_S, SILENT_S = NOON_S + PARKED_CADENCE_S, NOON_S + PARKED_CADENCE_S + SILENCE_GRACE_S


def flips(yard: Yard) -> list[tuple[Freshness, float]]:
    """What was told of the first vehicle, and when it was true."""
    return [(one.now, one.at_s) for one in yard.told if isinstance(one, Flipped) and one.source.endswith(PLATES[0])]


def arm_due(yard: Yard, until_s: float) -> None:
    """What the deadline heap does by itself when it runs."""
    while coming := yard.timers.coming(until_s):
        for actor in coming:
            yard.timers.arm(actor)


async def drive_and_stop(folder: Path, then: Callable[[Yard], None] = lambda yard: None) -> dict[str, bytes]:
    async with open_yard(folder) as yard:
        await yard.drive(PLATES[0], NOON_S, 50.0)
        await yard.snapshots.save_all()
        yard.clock_s = float(NOON_S)
        then(yard)
        await yard.writer.flush()
        return yard.states()


async def test_a_vehicle_sleeps_after_a_start_until_its_next_waypoint_and_loses_nothing(tmp_path: Path) -> None:
    states = await drive_and_stop(tmp_path)
    async with reopened(tmp_path) as after:
        assert {actor.id for actor in after.registry.awake()} == {"station:TB_A", "station:TB_B"}
        assert (len(after.registry), len(after.world.vehicles)) == (4, 2)
        await after.drive(PLATES[0], NOON_S + 10, 50.0)
        assert [actor.plate for actor in after.world.vehicles.awake()] == [PLATES[0]]
        assert after.world.vehicles[1].received == 2
    async with reopened(tmp_path) as other:
        assert other.states() == states | {f"vehicle:{PLATES[0]}": other.world.vehicles[1].snapshot()}


async def test_a_map_shows_who_sleeps_and_wakes_nobody(tmp_path: Path) -> None:
    await drive_and_stop(tmp_path)
    async with reopened(tmp_path) as after:
        fleet = after.world.vehicles
        wanted = Wanted(Window(100.0, 10.0, 110.0, 25.0), 10, lambda pin: False)
        grid = FleetGrid(fleet, after.now)
        feed = MapFeed(grid, wanted)
        first = await feed.whole()
        listed = told(await grid.all(wanted), wanted)
        assert first["vehicles"] == listed["vehicles"]
        assert {name: first["vehicles"][name] for name in ("plate", "speed_kmh", "state", "time")} == {
            "plate": [PLATES[0]], "speed_kmh": [50.0], "state": ["fresh"], "time": [iso(NOON_S)],
        }  # fmt: skip
        assert feed.moved() is None and fleet.awake() == []
        await after.drive(PLATES[0], NOON_S + 10, 61.0)
        moved = feed.moved()
        assert moved is not None and moved[1]["vehicles"]["speed_kmh"] == [61.0]


async def test_what_was_sent_before_the_start_is_still_known_as_received(tmp_path: Path) -> None:
    await drive_and_stop(tmp_path)
    async with reopened(tmp_path) as after:
        track = after.world.tracks.known(PLATES[0])
        assert track is not None
        assert (track.head, track.accept(NOON_S, NOON_S), track.accept(NOON_S + 1, NOON_S)) == (1, False, True)
        assert after.world.tracks.known("29X99999") is None


async def test_the_silence_of_a_sleeping_vehicle_is_told_at_its_time(tmp_path: Path) -> None:
    await drive_and_stop(tmp_path)
    async with reopened(tmp_path) as after:
        arm_due(after, LATE_S - 60)
        assert after.world.vehicles.awake() == []
        arm_due(after, LATE_S)
        after.pass_time(PARKED_CADENCE_S - 1)
        assert flips(after) == []
        after.pass_time(SILENCE_GRACE_S + 1)
        await after.writer.flush()
        assert flips(after) == [(Freshness.LATE, LATE_S), (Freshness.SILENT, SILENT_S)]


@pytest.mark.parametrize("saved_again", [False, True])
async def test_what_was_told_after_the_snapshot_is_not_told_again_however_often_the_process_ends(
    tmp_path: Path, saved_again: bool
) -> None:
    await drive_and_stop(tmp_path, lambda yard: yard.pass_time(PARKED_CADENCE_S + 1))
    for _ in range(2):
        async with reopened(tmp_path) as after:
            assert after.world.vehicles[1].told is Freshness.LATE
            if saved_again:
                await after.snapshots.save_all()
    async with reopened(tmp_path) as last:
        for vehicle in last.world.vehicles.awake():
            last.timers.arm(vehicle)
        arm_due(last, SILENT_S)
        last.clock_s = LATE_S + 10
        last.pass_time(SILENCE_GRACE_S)
        await last.writer.flush()
        assert flips(last) == [(Freshness.SILENT, SILENT_S)]


async def test_who_was_silent_when_the_process_ended_is_asked_for_by_no_clock(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.drive(PLATES[0], NOON_S, 50.0)
        yard.pass_time(SILENT_S - NOON_S + 1)
        await yard.snapshots.save_all()
        await yard.writer.flush()
    async with reopened(tmp_path) as after:
        arm_due(after, SILENT_S + 86_400)
        assert after.world.vehicles.awake() == []
        assert after.world.vehicles[1].told is Freshness.SILENT


async def test_a_fleet_that_is_due_at_once_is_roused_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROUSED_TOGETHER", 1)
    async with open_yard(tmp_path) as yard:
        for plate in PLATES:
            await yard.drive(plate, NOON_S, 50.0)
        await yard.snapshots.save_all()
    async with reopened(tmp_path) as after:
        assert [len(after.timers.coming(LATE_S)) for _ in range(3)] == [1, 1, 0]


async def test_an_import_reaches_vehicles_that_sleep_without_rousing_them(tmp_path: Path) -> None:
    await drive_and_stop(tmp_path)
    async with reopened(tmp_path) as after:
        async with after.database.writing():
            await VehicleRow.filter(id=1).update(speed_limit_kmh=50)
            await VehicleRow.create(id=9, plate="29A00009", speed_limit_kmh=60, registered=True)
        await after.world.refresh()
        assert after.world.vehicles.awake() == []
        assert list(after.world.vehicles) == [1, 2, 9]
        assert [after.world.vehicles[number].limit_kmh for number in (1, 2, 9)] == [50, 80, 60]
        assert after.world.vehicles[1].received == 1
        assert after.world.vehicles[9].state is ActorState.RUNNING


async def test_a_track_to_be_judged_anew_and_a_day_not_written_are_known_of_those_who_sleep(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.drive(PLATES[0], NOON_S, 50.0)
        await yard.drive(PLATES[1], NOON_S, 50.0)
        await yard.drive(PLATES[1], NOON_S - 600, 50.0, received_s=NOON_S)
        assert BACKLOG_S > 600
        await yard.snapshots.save_all()
    async with reopened(tmp_path) as after:
        vehicles = after.world.vehicles
        assert (vehicles.all_touched(), vehicles.awake()) == ([2], [])
        assert [actor.vehicle_id for actor in vehicles.moving()] == [1]
