"""A kernel without a disk: actors that note what they receive, their journal in memory, and everybody who is told.

`Noter` crashes at the words in `poison`; `Stage.write` puts a message where the house does: first into the journal,
then into the mailbox.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, NamedTuple

import orjson
import trio
from typing_extensions import override

from actors.kernel.actor import NEVER_S, Intensity, Message, SourceActor
from actors.kernel.clock import virtual_now
from actors.kernel.crashes import Crash
from actors.kernel.dispatcher import Dispatcher
from actors.kernel.registry import Registry
from actors.kernel.supervisor import Supervisor
from actors.kernel.timers import Timers
from protocols.vocabulary import ActorState

START_S = 1_774_000_000.0
BATCH = 3


class Note(NamedTuple):
    """A message; `wake_in_s` asks the actor to want a deadline so long after `START_S`."""

    seq: int
    word: str
    wake_in_s: float | None = None


class Noter(SourceActor):
    """Keeps the words it received; each is also its effect."""

    __slots__ = ("poison", "words")

    def __init__(self, actor_id: str) -> None:
        super().__init__(actor_id)
        self.words: list[str] = []
        self.poison: set[str] = set()

    @override
    def receive(self, message: Note) -> Sequence[str]:
        if message.word in self.poison:
            raise RuntimeError(f"cannot bear {message.word}")
        if message.wake_in_s is not None:
            self.deadline_s = START_S + message.wake_in_s
        self.words.append(message.word)
        return (message.word,)

    @override
    def snapshot(self) -> bytes:
        return orjson.dumps(self.words)

    @override
    def restore(self, state: bytes | None) -> None:
        self.words = [] if state is None else orjson.loads(state)
        self.deadline_s = NEVER_S


class Stage:
    """The kernel and its surroundings. `effects` is what was told of each actor, in order."""

    def __init__(self, intensity: Intensity, capacity: int, round_size: int = 4096) -> None:
        self.now = virtual_now(START_S)
        self.supervisor = Supervisor(self.now, self, self, intensity)
        self.dispatcher = Dispatcher(self.supervisor, self.commit, capacity, round_size)
        self.timers = Timers(self.now, self.fire, longest_sleep_s=3600)  # nobody sets the virtual clock
        self.registry = Registry()
        self.rows: defaultdict[str, list[Note]] = defaultdict(list)
        self.snapshots: dict[str, tuple[int, bytes]] = {}
        self.effects: defaultdict[str, list[str]] = defaultdict(list)
        self.moves: list[tuple[float, str, ActorState]] = []
        self.crashes: list[Crash] = []
        self.unreadables: list[str] = []
        self.asides: list[tuple[str, Note, Crash]] = []
        self.fired: list[tuple[float, str]] = []
        self.readable = trio.Event()
        self.readable.set()
        self.reading = trio.Event()
        self.broken_journal = False
        self._seqs = count(1)
        self._news = trio.Event()

    def noter(self, name: str, state: ActorState = ActorState.RUNNING) -> Noter:
        """A new actor that runs."""
        actor = Noter(name)
        self.registry.add(actor)
        actor.state = state
        return actor

    def write(self, actor: Noter, *words: str, wake_in_s: float | None = None) -> None:
        """Commit messages, then post them."""
        for word in words:
            note = Note(next(self._seqs), word, wake_in_s)
            self.rows[actor.id].append(note)
            self.dispatcher.post(actor, note)
        self.dispatcher.wake()

    def states_of(self, actor: Noter) -> list[ActorState]:
        """The states an actor went through."""
        return [state for _, actor_id, state in self.moves if actor_id == actor.id]

    def life(self, actor: Noter) -> Counter[ActorState]:
        """How often an actor entered each state."""
        return Counter(self.states_of(actor))

    async def until(self, actor: Noter, state: ActorState) -> None:
        """Wait until an actor's mail is received and it is in a state."""
        while not self.dispatcher.idle:
            await trio.lowlevel.checkpoint()
        with trio.fail_after(3600):
            while actor.state is not state:
                self._news = trio.Event()
                await self._news.wait()
            while not self.dispatcher.idle:
                await trio.lowlevel.checkpoint()

    # ------------------------------------------------------------------ the journal (supervisor.Journal)

    async def snapshot(self, actor: SourceActor) -> tuple[int, bytes | None]:
        await trio.lowlevel.checkpoint()
        if self.broken_journal:
            raise OSError("the disk does not answer")
        return self.snapshots.get(actor.id, (0, None))

    async def replay(self, actor: SourceActor, after_seq: int) -> AsyncGenerator[Sequence[Message], None]:
        while batch := [note for note in self.rows[actor.id] if note.seq > after_seq][:BATCH]:
            self.reading.set()
            await self.readable.wait()
            yield batch
            after_seq = batch[-1].seq
        await trio.lowlevel.checkpoint()

    # ------------------------------------------------------------------ who is told (supervisor.Events)

    def moved(self, actor: SourceActor, was: ActorState) -> None:
        self.moves.append((self.now(), actor.id, actor.state))
        self._news.set()

    def crashed(self, crash: Crash) -> None:
        self.crashes.append(crash)

    def set_aside(self, actor: SourceActor, message: Message, crash: Crash) -> None:
        self.asides.append((actor.id, message, crash))

    def unreadable(self, actor: SourceActor) -> None:
        self.unreadables.append(actor.id)

    def replayed(self, actor: SourceActor, effects: Sequence[Any], seq: int) -> None:
        self.effects[actor.id].extend(effects)

    def left(self, actor: SourceActor, judged: int) -> None:
        pass

    def back(self, actor: SourceActor, judged: int) -> None:
        pass

    def resumed(self, actor: SourceActor) -> None:
        self.dispatcher.resume(actor)
        self.timers.arm(actor)

    def armed(self, actor: SourceActor) -> None:
        self.timers.arm(actor)

    def commit(self, results: Sequence[tuple[SourceActor, Sequence[Any], int]]) -> None:
        for actor, effects, _ in results:
            self.effects[actor.id].extend(effects)

    def fire(self, actor: SourceActor, deadline_s: float) -> None:
        self.fired.append((deadline_s, actor.id))
        self.dispatcher.post(actor, Note(0, f"deadline at {deadline_s - START_S:g}, now {self.now() - START_S:g}"))
        self.dispatcher.wake()


@asynccontextmanager
async def on_stage(
    intensity: Intensity | None = None, capacity: int = 1024, round_size: int = 4096
) -> AsyncGenerator[Stage, None]:
    """Run a kernel until the block ends."""
    stage = Stage(intensity or Intensity(), capacity, round_size)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(stage.supervisor.run)
        nursery.start_soon(stage.dispatcher.run)
        nursery.start_soon(stage.timers.run)
        yield stage
        nursery.cancel_scope.cancel()
