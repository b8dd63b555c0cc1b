"""Supervises source actors: catches their crashes, rebuilds them from snapshot and journal, knows when to give up.

The only file where an exception is caught (services go through `guard`). A crash costs the actor its memory, never its
mail: that stands in the journal. The message that crashes it twice is set aside with its traceback.

Invariant: neighbours never feel a crash; nothing is received by an actor that does not run.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final, Protocol

import trio

from actors.kernel.actor import NEVER_S, Intensity, Message, SourceActor
from actors.kernel.clock import Now, monotonic
from actors.kernel.crashes import Crash, Record, describe
from actors.kernel.states import check
from protocols.vocabulary import ActorState


class Journal(Protocol):
    """Where an actor's past stands."""

    async def snapshot(self, actor: SourceActor) -> tuple[int, bytes | None]:
        """The newest snapshot: (row it includes, state)."""
        ...

    def replay(self, actor: SourceActor, after_seq: int) -> AsyncGenerator[Sequence[Message], None]:
        """Messages after a row, oldest first, in batches."""
        ...


class Events(Protocol):
    """Whom the supervisor tells."""

    def moved(self, actor: SourceActor, was: ActorState) -> None: ...

    def crashed(self, crash: Crash) -> None: ...

    def set_aside(self, actor: SourceActor, message: Message, crash: Crash) -> None: ...

    def unreadable(self, actor: SourceActor) -> None:
        """The snapshot of an actor cannot be read; its journal is read from the beginning."""
        ...

    def replayed(self, actor: SourceActor, effects: Sequence[Any], seq: int) -> None:
        """Effects of messages that were not judged before."""
        ...

    def left(self, actor: SourceActor, judged: int) -> None:
        """The actor runs no more; `judged` is the last row whose effects were told."""
        ...

    def back(self, actor: SourceActor, judged: int) -> None:
        """The actor runs and has read all that it missed; the effects of it were told."""
        ...

    def resumed(self, actor: SourceActor) -> None:
        """The actor runs (again): deliver its mailbox, look at its deadline."""
        ...

    def armed(self, actor: SourceActor) -> None:
        """The actor wants to be woken."""
        ...


_RUNNING: Final = ActorState.RUNNING


@dataclass(slots=True)
class Reading:
    """How far an actor is with its journal: rows read, the message it is at, whether it knows what was told of it."""

    caught_up: bool
    rows: int = 0
    message: Message = None


async def guard(run: Callable[..., Awaitable[None]], *args: Any) -> Exception | None:
    """Run a service until it ends; returns what it crashed with."""
    try:
        await run(*args)
    except Exception as error:
        return error
    return None


def _not_at_all(actor_id: str) -> int:
    return 0


class Supervisor:
    """One for one, restart permanent."""

    def __init__(self, now: Now, journal: Journal, events: Events, intensity: Intensity) -> None:
        self._now = now
        self._journal = journal
        self._events = events
        self._intensity = intensity
        self._records: dict[str, Record] = {}
        self._births: list[Callable[[], Awaitable[None]]] = []
        self._wake = trio.Event()
        self.judged_before: Callable[[str], int] = _not_at_all
        """Up to which row an actor without a record was judged by the process before, wherever its state stands."""

    def record(self, actor_id: str) -> Record | None:
        """What is remembered of an actor; None where it never made trouble."""
        return self._records.get(actor_id)

    def note(self, actor_id: str) -> Record:
        """The record of an actor, made if need be."""
        record = self._records.get(actor_id)
        if record is None:
            record = self._records[actor_id] = Record(judged=self.judged_before(actor_id))
        return record

    def move(self, actor: SourceActor, state: ActorState) -> None:
        """Change an actor's state and tell."""
        was, actor.state = actor.state, check(actor.state, state)
        self._events.moved(actor, was)

    def leave(self, actor: SourceActor, state: ActorState) -> None:
        """Change the state of an actor that runs no more, and tell how far it was judged."""
        record = self.note(actor.id)
        record.judged = max(record.judged, actor.seq)
        self.move(actor, state)
        self.stays_away(actor)

    def stays_away(self, actor: SourceActor) -> None:
        """Tell how far an actor was judged that does not run."""
        self._events.left(actor, self.note(actor.id).judged)

    def caught_up(self, actor: SourceActor) -> None:
        """Tell that an actor which did not run has read all it missed."""
        self._events.back(actor, max(self.note(actor.id).judged, actor.seq))

    def deliver(self, actor: SourceActor) -> list[Any]:
        """Let an actor receive its mail; returns the effects of what it received before a crash, if it crashed."""
        if actor.state is not ActorState.RUNNING:
            return []
        mail, actor.mail = actor.mail, []
        effects: list[Any] = []
        message: Message = None
        try:
            for message in mail:
                seq = message.seq
                if seq:
                    if seq <= actor.seq:
                        continue
                    effects.extend(actor.receive(message))
                    actor.seq = seq
                else:
                    effects.extend(actor.receive(message))
        except Exception as error:
            self._crash(actor, message, error)
        else:
            if actor.deadline_s < NEVER_S:
                self._events.armed(actor)
        return effects

    def deliver_batch(
        self,
        readers: list[SourceActor],
        seqs: list[int],
        at_ms: list[int],
        items: list[Any],
        held: Callable[[SourceActor, Message], None],
    ) -> list[tuple[SourceActor, Sequence[Any], int]]:
        """Let actors receive one item each, as they stand in the journal; the hot path of vehicles.

        Args:
            at_ms: when each was received.
            held: takes the message of an actor that does not run, or has older mail.
        Returns:
            (actor, effects, judged up to this row) of those that decided something.
        """
        results: list[tuple[SourceActor, Sequence[Any], int]] = []
        for at in range(len(items)):
            actor, seq = readers[at], seqs[at]
            try:
                if actor.state is not _RUNNING or actor.queued:
                    held(actor, actor.message_of(seq, at_ms[at], items[at]))
                elif seq > actor.seq:
                    effects = actor.receive_item(seq, at_ms[at], items[at])
                    actor.seq = seq
                    if effects:
                        results.append((actor, effects, seq))
                    if actor.deadline_s < actor.armed_s:
                        self._events.armed(actor)
            except Exception as error:
                self._crash(actor, actor.message_of(seq, at_ms[at], items[at]), error)
        return results

    def fell_behind(self, actor: SourceActor) -> None:
        """A mailbox is full: what is in it stands in the journal, and the actor reads on from there."""
        record = self.note(actor.id)
        actor.mail.clear()
        if actor.state is ActorState.STARTING:
            record.overflowed = True
            return
        self.leave(actor, ActorState.BEHIND)
        self._spawn(actor, 0.0, from_snapshot=False)

    def _crash(self, actor: SourceActor, message: Message, error: Exception) -> None:
        now_s = self._now()
        record = self.note(actor.id)
        seq = message.seq if message is not None else 0
        crash = describe(actor.id, error, now_s, seq, message)
        record.crashes.append(crash)
        record.judged = max(record.judged, actor.seq)
        self._events.crashed(crash)
        if seq:
            times = record.crashed_at_seq.get(seq, 0) + 1
            record.crashed_at_seq[seq] = times
            if times == 2:
                record.set_aside.add(seq)
                self._events.set_aside(actor, message, crash)
        actor.mail.clear()
        actor.deadline_s = NEVER_S
        if record.over_budget(self._intensity, now_s):
            self.leave(actor, ActorState.QUARANTINED)
            self._spawn(actor, self._intensity.retry_s)
        else:
            self.leave(actor, ActorState.BACKING_OFF)
            self._spawn(actor, self._intensity.delay_s(len(record.restarts)))

    async def restart(self, actor: SourceActor, by: str) -> tuple[float, int]:
        """Rebuild an actor now; returns (took_ms, rows re-read). A stop or another restart meanwhile ends this one."""
        record = self.note(actor.id)
        started = monotonic()
        record.judged = max(record.judged, actor.seq)
        record.stopped_by = ""
        record.restarts.clear()
        self._end_life(record)
        reread = 0
        with trio.CancelScope() as record.life:
            reread = await self._live(actor, record, from_snapshot=True)
        return (monotonic() - started) * 1000, reread

    def stop(self, actor: SourceActor, by: str) -> None:
        """Stop an actor until somebody starts it; its mail stays in the journal."""
        record = self.note(actor.id)
        record.judged = max(record.judged, actor.seq)
        record.stopped_by = by
        record.next_try_s = None
        self._end_life(record)
        actor.mail.clear()
        actor.deadline_s = NEVER_S
        if actor.state is not ActorState.STOPPED:
            self.leave(actor, ActorState.STOPPED)

    @staticmethod
    def _end_life(record: Record) -> None:
        if record.life is not None:
            record.life.cancel()
            record.life = None

    def _spawn(self, actor: SourceActor, delay_s: float, *, from_snapshot: bool = True) -> None:
        record = self.note(actor.id)
        self._end_life(record)
        life = record.life = trio.CancelScope()
        record.next_try_s = self._now() + delay_s if delay_s else None

        async def birth() -> None:
            with life:
                await trio.sleep(delay_s)
                await self._live(actor, record, from_snapshot=from_snapshot)

        self._births.append(birth)
        self._wake.set()

    async def _live(self, actor: SourceActor, record: Record, *, from_snapshot: bool) -> int:
        """Rebuild an actor from its snapshot and the journal, then let it run; returns the rows re-read."""
        record.next_try_s = None
        if actor.state is not ActorState.STARTING:
            self.leave(actor, ActorState.STARTING)
        reading = Reading(caught_up=not from_snapshot and record.judged <= actor.seq)
        try:
            if from_snapshot:
                actor.mail.clear()
                seq, state = await self._journal.snapshot(actor)
                if not actor.resume(seq, state):
                    self._events.unreadable(actor)
            record.overflowed = True
            while record.overflowed:
                record.overflowed = False
                async with aclosing(self._journal.replay(actor, actor.seq)) as batches:
                    async for batch in batches:
                        await trio.lowlevel.checkpoint_if_cancelled()
                        self._read_again(actor, record, batch, reading)
            if not reading.caught_up:
                actor.catch_up()
        except Exception as error:
            self._crash(actor, reading.message, error)
            return reading.rows
        record.life = None
        self.move(actor, ActorState.RUNNING)
        self.caught_up(actor)
        self._events.resumed(actor)
        return reading.rows

    def _read_again(self, actor: SourceActor, record: Record, batch: Sequence[Message], reading: Reading) -> None:
        """Receive a batch of the journal; what was judged before has no effects again."""
        effects: list[Any] = []
        try:
            for message in batch:
                reading.rows += 1
                if message.seq > record.judged and not reading.caught_up:
                    actor.catch_up()
                    reading.caught_up = True
                if message.seq not in record.set_aside:
                    reading.message = message
                    fresh = actor.receive(message)
                    if message.seq > record.judged:
                        effects.extend(fresh)
                actor.seq = message.seq
            reading.message = None
        finally:
            self._events.replayed(actor, effects, actor.seq)

    async def run(self) -> None:
        """Give births their task, for ever."""
        async with trio.open_nursery() as nursery:
            while True:
                births, self._births = self._births, []
                for birth in births:
                    nursery.start_soon(birth)
                self._wake = trio.Event()
                if not self._births:
                    await self._wake.wait()
