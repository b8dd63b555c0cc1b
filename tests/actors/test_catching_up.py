"""After a kill the box serves while its vehicles read on: nothing is judged twice, in another order, or lost."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
import trio

from actors.controls import STOP
from actors.messages import Flipped
from protocols.vocabulary import ActorState, Freshness
from storage.models import ActorRow, FlipRow, StretchRow, ViolationRow, WaypointRow
from storage.writer import Unit
from tests.actors.station_kit import NOON_S
from tests.actors.yard import PLATES, Yard, open_yard, reopened

pytestmark = pytest.mark.asyncio

Drive = tuple[str, int, float]


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actors.catching_up.TOGETHER", 3)
    monkeypatch.setattr("actors.catching_up.NEAR", 4)


@asynccontextmanager
async def serving(folder: Path) -> AsyncGenerator[Yard, None]:
    """The next process, which has read nothing of the journal yet."""
    async with reopened(folder, patience_s=0.0) as yard:
        yield yard


def drives(random: Random, count: int) -> list[Drive]:
    """Two vehicles that speed, slow down, pause and in the end come late, each in its own time."""
    times, speeds, found = dict.fromkeys(PLATES, NOON_S), dict.fromkeys(PLATES, 100.0), list[Drive]()
    for number in range(count):
        plate = random.choice(PLATES)
        times[plate] += random.choices((5, 400, 2000), (30, 1, 1))[0]
        if random.random() < 0.1:
            speeds[plate] = 150.0 - speeds[plate]
        late_s = random.randrange(1, 60) if number > count // 2 and random.random() < 0.03 else 0
        found.append((plate, times[plate] - late_s, speeds[plate]))
    return found


async def drive(yard: Yard, one: Drive) -> None:
    yard.clock_s = max(yard.clock_s, float(one[1]))
    track = yard.world.tracks.known(one[0])
    assert track is not None
    if track.accept(one[1], one[1]):
        await yard.drive(one[0], one[1], one[2], received_s=int(yard.clock_s), accepted=True)


async def to_the_end(yard: Yard) -> None:
    """Let everybody read what was missed."""

    async def wait() -> None:
        while not yard.behind.over or {actor.state for actor in yard.registry} != {ActorState.RUNNING}:
            await trio.sleep(0.01)

    await yard.in_trio(wait)
    await yard.writer.flush()


async def told() -> Counter[object]:
    """All that was stored of what vehicles decided."""
    violations = await ViolationRow.all().values_list("vehicle_id", "kind", "start_s", "end_s", "closed")
    stretches = await StretchRow.all().values_list("vehicle_id", "driver", "start_s", "end_s")
    flips = await FlipRow.filter(source__startswith="vehicle:").values_list("source", "was", "now", "at_s")
    return Counter([*(one[1] for one in violations), *violations, *stretches, *flips])


@pytest.mark.parametrize("seed", range(6))
async def test_kills_in_the_middle_of_it_change_nothing_that_is_said(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    plan = drives(random, 160)
    (tmp_path / "through").mkdir()
    (tmp_path / "killed").mkdir()
    async with open_yard(tmp_path / "through") as through:
        for one in plan:
            await drive(through, one)
        await through.writer.flush()
        states, expected, decided = through.states(), await told(), Counter(map(repr, through.told))
    assert expected["speed"]
    async with open_yard(tmp_path / "killed"):
        pass
    left, said = iter(plan), Counter[str]()
    for life in range(5):
        async with serving(tmp_path / "killed") as yard:
            for one in left:
                await drive(yard, one)
                if random.random() < 0.6 and not yard.behind.over:
                    await yard.behind.step()
                if random.random() < 0.03:
                    await yard.snapshots.save_all()
                if random.random() < 0.03 and life < 4:
                    break
            if life == 4:
                await to_the_end(yard)
                assert yard.states() == states
                assert await told() == expected
            await yard.writer.flush()
            said += Counter(map(repr, yard.told))
    assert said == decided


async def test_an_instant_that_came_before_the_kill_is_a_duplicate_at_once(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.drive(PLATES[0], NOON_S, 50.0)
        await yard.snapshots.save_all()
        for second in range(5, 60, 5):
            await yard.drive(PLATES[0], NOON_S + second, 50.0)
    async with serving(tmp_path) as after:
        track = after.world.tracks.known(PLATES[0])
        assert track is not None
        assert not after.behind.over
        assert [track.accept(NOON_S + second, NOON_S + 60) for second in (0, 5, 55, 56)] == [False, False, False, True]
        assert track.head == after.world.head_of(1) == 12


async def test_who_did_not_receive_yet_is_not_silent(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.drive(PLATES[0], NOON_S, 50.0)
        await yard.snapshots.save_all()
        for minute in range(10):
            await yard.drive(PLATES[0], NOON_S + 60 * minute + 30, 50.0)
    async with serving(tmp_path) as after:
        vehicle = after.world.vehicles[1]
        after.clock_s = NOON_S + 1000.0
        after.timers.arm(vehicle)
        after.pass_time(1)
        assert [flip for flip in after.told if isinstance(flip, Flipped)] == []
        await to_the_end(after)
        after.dispatcher.round()
        assert vehicle.freshness is Freshness.FRESH
        after.pass_time(600)
        await after.writer.flush()
        assert [flip.now for flip in after.told if isinstance(flip, Flipped)] == [Freshness.LATE]


async def test_whoever_is_restarted_meanwhile_repeats_nothing(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        for second in range(0, 200, 5):
            await yard.drive(PLATES[0], NOON_S + second, 100.0 if second < 60 else 50.0)
            await yard.drive(PLATES[1], NOON_S + second, 100.0 if second < 60 else 50.0)
        await yard.writer.flush()
        expected = await told()
    async with serving(tmp_path) as after:
        await after.behind.step()

        async def restart() -> None:
            await after.supervisor.restart(after.world.vehicles[1], "lan")

        await after.in_trio(restart)
        await to_the_end(after)
        assert (await told(), after.told) == (expected, [])


async def test_a_mark_that_stands_is_not_taken_back_by_what_stations_say(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        for second in range(0, 200, 5):
            await yard.drive(PLATES[0], NOON_S + second, 100.0 if second < 60 else 50.0)
        await yard.writer.flush()
        expected = await told()
    async with serving(tmp_path) as after:
        await after.upload("TB_A", NOON_S, 5.0)
        await after.writer.flush()
    async with serving(tmp_path) as again:
        await to_the_end(again)
        assert (await told(), again.told) == (expected, [])


async def test_of_a_fleet_that_was_saved_in_the_middle_of_it_most_sleep_at_the_next_start(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        for second in range(0, 100, 5):
            await yard.drive(PLATES[0], NOON_S + second, 50.0)
            await yard.drive(PLATES[1], NOON_S + second, 50.0)
        states = yard.states()
    async with serving(tmp_path) as after:
        await after.behind.step()
        await after.snapshots.save_all()
        assert not after.behind.over
    async with serving(tmp_path) as again:
        assert again.world.vehicles.asleep == 2
        assert await ActorRow.filter(id__startswith="vehicle:").count() == 0
        await to_the_end(again)
        assert again.states() == states
        assert again.behind.received == await WaypointRow.all().count() - 3


async def test_it_says_how_much_is_left(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        for second in range(0, 50, 5):
            await yard.drive(PLATES[0], NOON_S + second, 50.0)
    async with serving(tmp_path) as after:
        assert [(one.kind, one.told) for one in after.behind.concerns()] == [("journal_behind", {"rows": 10})]
        await after.behind.step()
        assert after.behind.left == 7
        await to_the_end(after)
        assert after.behind.concerns() == []


async def tell_late(folder: Path) -> None:
    """A vehicle that was told to be late, then a kill."""
    async with open_yard(folder) as yard:
        for second in range(0, 50, 5):
            await yard.drive(PLATES[0], NOON_S + second, 50.0)
        yard.clock_s = NOON_S + 50.0
        yard.pass_time(1000)
        await yard.writer.flush()
        assert yard.world.vehicles[1].told is Freshness.LATE


async def still_late_and_not_told_again(folder: Path) -> None:
    """What the next start makes of it."""
    async with serving(folder) as after:
        after.clock_s = NOON_S + 1050.0
        await to_the_end(after)
        assert after.world.vehicles[1].freshness is Freshness.LATE
        after.pass_time(60)
        await after.writer.flush()
        assert after.told == []


async def test_who_was_told_to_be_late_is_late_and_is_not_told_so_again(tmp_path: Path) -> None:
    await tell_late(tmp_path)
    await still_late_and_not_told_again(tmp_path)


async def test_who_was_told_to_be_late_is_not_told_so_again_after_a_second_kill_in_the_middle(tmp_path: Path) -> None:
    await tell_late(tmp_path)
    async with serving(tmp_path) as killed:
        await killed.behind.step()
        await killed.snapshots.save_all()
        assert not killed.behind.over
    await still_late_and_not_told_again(tmp_path)


async def test_what_a_vehicle_did_counts_where_a_kill_left_it_stopped_without_a_mark_of_its_own(tmp_path: Path) -> None:
    """Started again, it runs and is judged by the common mark before the store hears that nobody stops it any more."""
    async with open_yard(tmp_path) as yard:
        for second in range(0, 60, 5):
            await yard.drive(PLATES[0], NOON_S + second, 100.0)
        await yard.writer.store(Unit(updates=[(STOP, ("vehicle:" + PLATES[0], "lan", 0))]))
    async with serving(tmp_path) as stopped:
        while not stopped.behind.over:
            await stopped.behind.step()
        await stopped.drive(PLATES[0], NOON_S + 60, 50.0)
        await stopped.drive(PLATES[1], NOON_S + 60, 50.0)
    async with serving(tmp_path) as after:

        async def start() -> None:
            await after.supervisor.restart(after.world.vehicles[1], "lan")

        await after.in_trio(start)
        await to_the_end(after)
        assert await ViolationRow.filter(vehicle_id=1, kind="speed").count() == 1
