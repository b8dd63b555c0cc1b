"""Mail and mailboxes: delivered in order, behind when full, nothing lost or doubled."""

import pytest
import trio
from trio.testing import MockClock

from actors.kernel.sealed import seal
from protocols.vocabulary import ActorState
from tests.actors.kernel.stage import START_S, Note, Noter, Stage, on_stage

pytestmark = pytest.mark.trio
S = ActorState


async def test_mail_is_received_in_order_and_its_effects_are_committed_together(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actors = [stage.noter(f"a{number}") for number in range(3)]
        for word in "xyz":
            for actor in actors:
                stage.write(actor, word)
        rounds: list[int] = []
        stage.dispatcher._commit = lambda results: rounds.append(len(results))  # pyright: ignore[reportPrivateUsage]
        await trio.sleep(1)
        assert [actor.words for actor in actors] == [["x", "y", "z"]] * 3
        assert rounds == [3]


async def test_a_full_mailbox_makes_the_actor_behind_and_it_reads_on_from_the_journal(
    autojump_clock: MockClock,
) -> None:
    async with on_stage(capacity=4) as stage:
        actor = stage.noter("a")
        words = [str(number) for number in range(100)]
        stage.write(actor, *words)
        assert actor.state is S.BEHIND
        await stage.until(actor, S.RUNNING)
        assert actor.words == stage.effects["a"] == words
        assert stage.states_of(actor) == [S.BEHIND, S.STARTING, S.RUNNING]


async def test_mail_that_comes_while_an_actor_reads_on_is_neither_lost_nor_doubled(autojump_clock: MockClock) -> None:
    async with on_stage(capacity=4) as stage:
        actor = stage.noter("a")
        stage.readable = trio.Event()
        words = [str(number) for number in range(20)]
        stage.write(actor, *words)
        await stage.reading.wait()
        stage.write(actor, "x", "y")
        await trio.sleep(1)
        assert actor.words == []
        stage.readable.set()
        await stage.until(actor, S.RUNNING)
        stage.write(actor, "z")
        await trio.sleep(1)
        assert actor.words == stage.effects["a"] == [*words, "x", "y", "z"]


async def test_a_mailbox_that_fills_again_while_the_actor_reads_on_loses_nothing(autojump_clock: MockClock) -> None:
    async with on_stage(capacity=4) as stage:
        actor = stage.noter("a")
        stage.readable = trio.Event()
        words = [str(number) for number in range(50)]
        stage.write(actor, *words[:10])
        await stage.reading.wait()
        stage.write(actor, *words[10:])
        stage.readable.set()
        await stage.until(actor, S.RUNNING)
        assert actor.words == stage.effects["a"] == words


async def test_a_flood_in_virtual_time_keeps_every_word_once_whatever_falls_behind(autojump_clock: MockClock) -> None:
    async with on_stage(capacity=8) as stage:
        actors = [stage.noter(f"a{number}") for number in range(20)]
        words = [str(number) for number in range(300)]
        for start in range(0, 300, 30):
            for actor in actors:
                stage.write(actor, *words[start : start + 30])
            await trio.sleep(0.001)
        for actor in actors:
            await stage.until(actor, S.RUNNING)
        assert all(actor.words == words for actor in actors)
        assert all(stage.effects[actor.id] == words for actor in actors)


async def test_a_round_takes_no_more_actors_than_it_may(autojump_clock: MockClock) -> None:
    async with on_stage(round_size=2) as stage:
        actors = [stage.noter(f"a{number}") for number in range(5)]
        for actor in actors:
            stage.write(actor, "x")
        assert stage.dispatcher.round() == 2
        assert not stage.dispatcher.idle
        await trio.sleep(1)
        assert stage.dispatcher.idle
        assert stage.dispatcher.received == 5


async def test_mail_for_an_actor_that_starts_waits_for_it(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a", S.STARTING)
        stage.write(actor, "x")
        await trio.sleep(1)
        assert actor.words == []
        stage.supervisor.move(actor, S.RUNNING)
        stage.dispatcher.resume(actor)
        await trio.sleep(1)
        assert actor.words == ["x"]


@pytest.mark.parametrize("state", [S.STOPPED, S.QUARANTINED, S.BACKING_OFF, S.BEHIND])
async def test_mail_for_an_actor_that_does_not_run_stays_in_the_journal(
    autojump_clock: MockClock, state: ActorState
) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a", state)
        stage.write(actor, "x")
        assert actor.mail == []


async def test_a_row_that_the_state_includes_already_is_passed_over(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        stage.write(actor, "x", "y")
        await trio.sleep(1)
        stage.dispatcher.post(actor, Note(1, "x"))
        stage.dispatcher.post(actor, Note(2, "y"))
        stage.dispatcher.wake()
        await trio.sleep(1)
        assert actor.words == ["x", "y"]


async def test_mail_left_at_the_shutdown_is_read_by_the_next_process(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        stage.write(actor, "one")
        await trio.sleep(1)
        saved = (actor.seq, seal(actor.snapshot()))
        stage.write(actor, "two", "three")
        rows = stage.rows
    async with on_stage() as after:
        again = after.noter("a", S.STOPPED)
        after.rows, after.snapshots["a"] = rows, saved
        _, reread = await after.supervisor.restart(again, "start")
        assert reread == 2
        assert again.words == ["one", "two", "three"]
        assert after.effects["a"] == ["two", "three"]


def _post(stage: Stage, *mail: tuple[Noter, str]) -> None:
    """Post messages that stand in the journal, each with its reader."""
    notes = []
    for actor, word in mail:
        rows = stage.rows[actor.id]
        rows.append(Note(len(rows) + 1, word))
        notes.append(rows[-1])
    stage.dispatcher.post_batch([actor for actor, _ in mail], [note.seq for note in notes], [0] * len(notes), notes)


async def test_a_batch_reaches_all_its_readers_in_order_and_its_effects_are_committed_together(
    autojump_clock: MockClock,
) -> None:
    async with on_stage() as stage:
        one, two = stage.noter("one"), stage.noter("two")
        mark = stage.dispatcher.mark()
        assert stage.dispatcher.passed(mark)
        _post(stage, (one, "a"), (two, "b"), (one, "c"))
        mark = stage.dispatcher.mark()
        assert not stage.dispatcher.idle and not stage.dispatcher.passed(mark)
        await trio.sleep(1)
        assert (one.words, two.words) == (["a", "c"], ["b"])
        assert stage.effects == {"one": ["a", "c"], "two": ["b"]}
        assert stage.dispatcher.idle and stage.dispatcher.passed(mark)
        assert stage.dispatcher.received == 3


async def test_a_crash_within_a_batch_is_felt_by_nobody_else_and_costs_no_message(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        good, bad = stage.noter("good"), stage.noter("bad")
        bad.poison = {"x"}
        _post(stage, (good, "a"), (bad, "b"), (bad, "x"), (good, "c"), (bad, "d"), (good, "e"))
        await trio.sleep(0.01)
        assert good.words == ["a", "c", "e"]
        assert [crash.message for crash in stage.crashes] == ["Note(seq=2, word='x', wake_in_s=None)"]
        await stage.until(bad, S.RUNNING)
        assert bad.words == stage.effects["bad"] == ["b", "d"]


async def test_mail_of_a_batch_waits_for_an_actor_that_starts_and_comes_after_its_older_mail(
    autojump_clock: MockClock,
) -> None:
    async with on_stage() as stage:
        actor, stopped = stage.noter("a", S.STARTING), stage.noter("stopped", S.STOPPED)
        _post(stage, (actor, "x"), (stopped, "y"))
        await trio.sleep(1)
        assert (actor.words, [note.word for note in actor.mail], stopped.mail) == ([], ["x"], [])
        stage.supervisor.move(actor, S.RUNNING)
        _post(stage, (actor, "y"))
        stage.dispatcher.resume(actor)
        await trio.sleep(1)
        assert actor.words == ["x", "y"]


async def test_a_deadline_that_a_batch_brings_is_armed(autojump_clock: MockClock) -> None:
    async with on_stage() as stage:
        actor = stage.noter("a")
        notes = [Note(1, "x", wake_in_s=60), Note(2, "y", wake_in_s=30)]
        stage.dispatcher.post_batch([actor, actor], [1, 2], [0, 0], notes)
        stage.rows["a"] += [Note(1, "x"), Note(2, "y")]
        await trio.sleep(0.01)
        assert actor.armed_s == actor.deadline_s == START_S + 30
