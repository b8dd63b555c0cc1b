"""Crashes of source actors, in virtual time: rebuilt from the journal, the neighbours untouched."""

import pytest
import trio
from trio.testing import MockClock

from actors.kernel.actor import Intensity
from actors.kernel.sealed import seal
from protocols.vocabulary import ActorState
from tests.actors.kernel.stage import START_S, Noter, Stage, on_stage

pytestmark = pytest.mark.trio
S = ActorState


async def test_an_actor_that_crashed_goes_on_with_all_its_mail_received_once(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        actor.poison = {"three"}
        stage.write(actor, "one", "two", "three", "four")
        await stage.until(actor, S.BACKING_OFF)
        actor.poison = set()
        await stage.until(actor, S.RUNNING)
        assert actor.words == ["one", "two", "three", "four"]
        assert stage.effects["a"] == ["one", "two", "three", "four"]
        assert stage.states_of(actor) == [S.BACKING_OFF, S.STARTING, S.RUNNING]


async def test_the_message_that_crashes_twice_is_set_aside_with_its_traceback_and_the_actor_goes_on(
    autojump_clock: MockClock,
) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        actor.poison = {"poison"}
        stage.write(actor, "one", "poison", "two")
        await stage.until(actor, S.RUNNING)
        assert actor.words == stage.effects["a"] == ["one", "two"]
        ((who, message, crash),) = stage.asides
        assert (who, message.word, crash.seq) == ("a", "poison", 2)
        assert "RuntimeError: cannot bear poison" in crash.traceback
        assert len(stage.crashes) == 2


async def test_what_was_judged_before_a_poison_in_the_same_batch_is_told(autojump_clock: MockClock) -> None:
    """The mail gathered while the actor backed off: the poison in its middle must not swallow what came before it."""
    async with on_stage() as stage:
        actor = stage.noter("a")
        actor.poison = {"first"}
        stage.write(actor, "first")
        await stage.until(actor, S.BACKING_OFF)
        actor.poison = {"poison"}
        stage.write(actor, "second", "poison", "third")
        await trio.sleep(10)
        assert actor.words == stage.effects["a"] == ["first", "second", "third"]


async def test_a_journal_that_does_not_answer_is_no_fault_of_the_message_read_last(autojump_clock: MockClock) -> None:
    async with on_stage(Intensity(max_restarts=100)) as stage:
        actor = stage.noter("a")
        stage.write(actor, "one")
        await stage.until(actor, S.RUNNING)
        stage.broken_journal = True
        await stage.supervisor.restart(actor, "operator")
        await trio.sleep(3)
        assert stage.asides == []
        assert {crash.seq for crash in stage.crashes} == {0}
        stage.broken_journal = False
        await stage.until(actor, S.RUNNING)
        assert actor.words == stage.effects["a"] == ["one"]


async def test_back_off_doubles_from_a_tenth_of_a_second_and_the_sixth_crash_means_quarantine(
    autojump_clock: MockClock,
) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        stage.broken_journal = True
        actor.poison = {"x"}
        stage.write(actor, "x")
        await stage.until(actor, S.QUARANTINED)
        tries = [at_s - START_S for at_s, _, state in stage.moves if state is S.STARTING]
        waits = [later - earlier for earlier, later in zip([0.0, *tries], tries, strict=False)]
        assert waits == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6], abs=0.005)
        assert len(stage.crashes) == 6


async def test_a_quarantined_actor_is_tried_again_after_a_quarter_of_an_hour(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        stage.broken_journal = True
        actor.poison = {"x"}
        stage.write(actor, "x")
        await stage.until(actor, S.QUARANTINED)
        quarantined_s = stage.now()
        stage.write(actor, "y")
        stage.broken_journal, actor.poison = False, set()
        await stage.until(actor, S.RUNNING)
        started_s = next(at_s for at_s, _, state in reversed(stage.moves) if state is S.STARTING)
        assert started_s - quarantined_s == pytest.approx(900, abs=0.05)
        assert actor.words == stage.effects["a"] == ["x", "y"]


async def test_crashes_far_apart_do_not_add_up(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        for crash in range(20):
            actor.poison = {str(crash)}
            stage.write(actor, str(crash))
            await stage.until(actor, S.BACKING_OFF)
            actor.poison = set()
            crashed_s = stage.now()
            await stage.until(actor, S.RUNNING)
            assert stage.now() - crashed_s < 0.2
            await trio.sleep(31)
        assert len(actor.words) == 20


async def test_crash_loops_of_some_are_bounded_in_an_hour_and_not_felt_by_the_others(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        stage.broken_journal = True
        actors = [stage.noter(f"a{number}") for number in range(100)]
        broken = actors[:5]
        for actor in broken:
            actor.poison = {"0"}
        for minute in range(60):
            for actor in actors:
                stage.write(actor, str(minute))
            await trio.sleep(60)
        healthy = [actor for actor in actors if actor not in broken]
        assert all(actor.words == [str(minute) for minute in range(60)] for actor in healthy)
        assert all(stage.states_of(actor) == [] for actor in healthy)
        assert all(crash.actor in {actor.id for actor in broken} for crash in stage.crashes)
        assert len(stage.crashes) <= len(broken) * 6 * 4
        record = stage.supervisor.record(broken[0].id)
        assert record is not None
        assert len(record.crashes) == 5


async def test_an_operators_stop_gathers_mail_in_the_journal_and_the_start_reads_it(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        stage.write(actor, "one")
        await stage.until(actor, S.RUNNING)
        stage.supervisor.stop(actor, "lan")
        stage.write(actor, "two", "three")
        await trio.sleep(3600)
        assert actor.words == ["one"]
        assert actor.state is S.STOPPED
        _, reread = await stage.supervisor.restart(actor, "lan")
        assert reread == 3
        assert actor.words == stage.effects["a"] == ["one", "two", "three"]


async def test_a_stop_during_back_off_is_final(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        actor.poison = {"x"}
        stage.write(actor, "x")
        await stage.until(actor, S.BACKING_OFF)
        stage.supervisor.stop(actor, "lan")
        await trio.sleep(3600)
        assert actor.state is S.STOPPED
        assert len(stage.crashes) == 1


async def restarting(stage: Stage, nursery: trio.Nursery) -> Noter:
    """An actor in the middle of a restart: its journal is read until `stage.readable` is set."""
    actor = stage.noter("a")
    stage.write(actor, *"abcdefgh")
    await stage.until(actor, S.RUNNING)
    stage.readable, stage.reading = trio.Event(), trio.Event()
    nursery.start_soon(stage.supervisor.restart, actor, "lan")
    await stage.reading.wait()
    return actor


async def test_a_stop_while_the_journal_is_read_ends_the_restart(autojump_clock: MockClock) -> None:
    async with on_stage() as stage, trio.open_nursery() as nursery:
        actor = await restarting(stage, nursery)
        stage.supervisor.stop(actor, "minh")
        stage.readable.set()
        await trio.sleep(1)
        assert actor.state is S.STOPPED
        await stage.supervisor.restart(actor, "minh")
        assert actor.words == stage.effects["a"] == list("abcdefgh")


async def test_two_restarts_at_once_receive_everything_once(autojump_clock: MockClock) -> None:
    async with on_stage() as stage, trio.open_nursery() as nursery:
        actor = await restarting(stage, nursery)
        nursery.start_soon(stage.supervisor.restart, actor, "minh")
        await trio.sleep(0.1)
        stage.readable.set()
        await stage.until(actor, S.RUNNING)
        assert actor.words == stage.effects["a"] == list("abcdefgh")


async def test_a_restart_reads_only_what_the_snapshot_lacks(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        stage.write(actor, "one", "two")
        await stage.until(actor, S.RUNNING)
        stage.snapshots["a"] = (actor.seq, seal(actor.snapshot()))
        stage.write(actor, "three")
        await stage.until(actor, S.RUNNING)
        _, reread = await stage.supervisor.restart(actor, "lan")
        assert reread == 1
        assert actor.words == stage.effects["a"] == ["one", "two", "three"]


async def test_a_damaged_snapshot_is_told_and_the_journal_read_from_its_beginning(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        stage.write(actor, "one", "two")
        await stage.until(actor, S.RUNNING)
        kept = bytearray(seal(actor.snapshot()))
        kept[-2] ^= 1
        stage.snapshots["a"] = (actor.seq, bytes(kept))
        _, reread = await stage.supervisor.restart(actor, "lan")
        assert (reread, stage.unreadables, stage.crashes) == (2, ["a"], [])
        assert actor.words == stage.effects["a"] == ["one", "two"]


async def test_a_restart_takes_an_actor_out_of_quarantine_with_a_new_budget(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        stage.broken_journal = True
        actor.poison = {"x"}
        stage.write(actor, "x")
        await stage.until(actor, S.QUARANTINED)
        stage.broken_journal = False
        actor.poison = set()
        await stage.supervisor.restart(actor, "lan")
        assert actor.state is S.RUNNING
        record = stage.supervisor.record("a")
        assert record is not None
        assert not record.restarts
        assert record.next_try_s is None
