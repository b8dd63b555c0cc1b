"""Deadlines come true to the moment, in virtual time."""

import pytest
import trio
from trio.testing import MockClock

from actors.kernel.timers import LONGEST_SLEEP_S, PAUSE_S, Timers
from tests.actors.kernel.stage import START_S, Note, Noter, on_stage

pytestmark = pytest.mark.trio


async def test_a_deadline_arrives_as_a_message_at_its_own_time(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        stage.write(actor, "x", wake_in_s=1234.5)
        await trio.sleep(1300)
        assert actor.words == ["x", "deadline at 1234.5, now 1234.5"]


async def test_a_thousand_deadlines_of_a_day_come_each_at_its_time(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        for number in range(1000):
            stage.write(stage.noter(f"a{number}"), "x", wake_in_s=86.4 * number + 1)
        await trio.sleep(86_400)
        assert len(stage.fired) == 1000
        assert [actor.words[1].split(", now ") for actor in stage.registry if isinstance(actor, Noter)] == [
            [f"deadline at {86.4 * number + 1:g}", f"{86.4 * number + 1:g}"] for number in range(1000)
        ]


async def test_a_deadline_moved_later_fires_once_at_the_later_time(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        for second in range(0, 500, 10):
            stage.write(actor, "x", wake_in_s=second + 100.0)
            await trio.sleep(10)
        await trio.sleep(1000)
        assert stage.fired == [(START_S + 590, "a")]


async def test_a_deadline_moved_later_costs_no_entry_in_the_heap(autojump_clock: MockClock) -> None:
    timers = Timers(lambda: START_S, lambda actor, deadline_s: None)
    actor = Noter("a")
    for later_s in range(100):
        actor.deadline_s = START_S + later_s
        timers.arm(actor)
    assert len(timers._heap) == 1


async def test_a_deadline_moved_earlier_fires_at_the_earlier_time_only(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        stage.write(actor, "x", wake_in_s=900)
        await trio.sleep(1)
        stage.write(actor, "x", wake_in_s=300)
        await trio.sleep(2000)
        assert stage.fired == [(START_S + 300, "a")]


async def test_a_deadline_that_is_no_longer_wanted_does_not_fire(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        stage.write(actor, "x", wake_in_s=100)
        await trio.sleep(1)
        stage.supervisor.stop(actor, "lan")
        await trio.sleep(1000)
        assert stage.fired == []


async def test_a_clock_set_forward_is_noticed_within_the_longest_sleep(autojump_clock: MockClock) -> None:
    ahead_s = 0.0
    fired: list[float] = []
    timers = Timers(lambda: START_S + ahead_s + trio.current_time(), lambda actor, deadline_s: fired.append(deadline_s))
    actor = Noter("a")
    began_s = trio.current_time()
    actor.deadline_s = START_S + began_s + 3600
    timers.arm(actor)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(timers.run)
        await trio.sleep(1)
        ahead_s = 3600.0
        await trio.sleep(LONGEST_SLEEP_S)
        assert len(fired) == 1
        nursery.cancel_scope.cancel()


async def test_a_deadline_that_was_asked_for_before_the_crash_is_asked_for_again_after_it(
    autojump_clock: MockClock,
) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        stage.write(actor, "x", wake_in_s=500)
        await trio.sleep(1)
        actor.poison = {"y"}
        stage.dispatcher.post(actor, Note(0, "y"))
        stage.dispatcher.wake()
        await trio.sleep(600)
        assert stage.fired == [(START_S + 500, "a")]


async def test_those_who_come_late_to_the_heap_are_armed_in_parts_with_pauses(autojump_clock: MockClock) -> None:
    first, second = Noter("a"), Noter("b")
    fired: list[tuple[str, float]] = []
    timers = Timers(
        lambda: START_S + trio.current_time(),
        lambda actor, deadline_s: fired.append((actor.id, trio.current_time())),
    )
    coming = iter(([first], [second]))
    timers.coming = lambda until_s: next(coming, ())
    begun_s = trio.current_time()
    for actor in (first, second):
        actor.deadline_s = START_S + begun_s - 10
    async with trio.open_nursery() as nursery:
        nursery.start_soon(timers.run)
        await trio.sleep(1)
        nursery.cancel_scope.cancel()
    assert fired == [("a", begun_s), ("b", begun_s + PAUSE_S)]
