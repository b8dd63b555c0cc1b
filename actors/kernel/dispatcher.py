"""Runs whoever has mail: one task for all source actors, a slice of mail each, effects of many committed together.

Mailboxes are bounded; a full one is not a loss but a state: the actor is *behind* and will read on from the journal.
Invariant: the round that delivers batches leaves nobody with mail, so one mark can say how far all in them are judged.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import trio

from actors.kernel.actor import Message, SourceActor
from actors.kernel.supervisor import Supervisor
from protocols.vocabulary import ActorState

Commit = Callable[[Sequence[tuple[SourceActor, Sequence[Any], int]]], None]
"""Takes (actor, effects, judged up to this journal row) of one round; must not block."""


Batch = tuple[list[SourceActor], list[int], list[int], list[Any]]
"""What stands in the journal: the reader of each item, its row, when it was received (ms), and the items."""


class Dispatcher:
    """Delivers messages to source actors.

    Args:
        capacity: most messages in one mailbox.
        round_size: most actors per round, so that other tasks get their turn.
    """

    def __init__(self, supervisor: Supervisor, commit: Commit, capacity: int = 1024, round_size: int = 4096) -> None:
        self._supervisor = supervisor
        self._commit = commit
        self._capacity = capacity
        self._round_size = round_size
        self._ready: list[SourceActor] = []
        self._wake = trio.Event()
        self._turns = 0
        self._batches: deque[Batch] = deque()
        self._batches_done = 0
        self.received = 0

    def post(self, actor: SourceActor, message: Message) -> None:
        """Put a message into an actor's mailbox; an actor that does not run reads it from the journal later."""
        state = actor.state
        if state is not ActorState.RUNNING and state is not ActorState.STARTING:
            return
        mail = actor.mail
        if len(mail) >= self._capacity:
            self._supervisor.fell_behind(actor)
            return
        mail.append(message)
        if not actor.queued and state is ActorState.RUNNING:
            actor.queued = True
            self._ready.append(actor)

    def post_batch(self, readers: list[SourceActor], seqs: list[int], at_ms: list[int], items: list[Any]) -> None:
        """Take the mail of many actors at once, an item for each, and start a round; no mailbox is used for it."""
        self._batches.append((readers, seqs, at_ms, items))
        self._wake.set()

    def wake(self) -> None:
        """Start a round; called once after a batch of posts."""
        if self._ready:
            self._wake.set()

    def resume(self, actor: SourceActor) -> None:
        """An actor runs again: what gathered in its mailbox is due."""
        if actor.mail and not actor.queued:
            actor.queued = True
            self._ready.append(actor)
            self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether nobody has mail."""
        return not self._ready and not self._batches

    def mark(self) -> tuple[int, int]:
        """A point in both queues: `passed` once all that stands in them now had its turn."""
        return self._turns + len(self._ready), self._batches_done + len(self._batches)

    def passed(self, mark: tuple[int, int]) -> bool:
        """Whether all that stood in the queues at the mark had its turn."""
        return self._batches_done >= mark[1] and self._turns >= mark[0]

    def round(self) -> int:
        """Let those who have mail receive it; returns how many messages were received."""
        results: list[tuple[SourceActor, Sequence[Any], int]] = []
        received = self._take_batches(results) if len(self._ready) <= self._round_size else 0
        ready, self._ready = self._ready[: self._round_size], self._ready[self._round_size :]
        self._turns += len(ready)
        for actor in ready:
            actor.queued = False
            received += len(actor.mail)
            effects = self._supervisor.deliver(actor)
            if effects:
                results.append((actor, effects, actor.seq))
        self.received += received
        self._commit(results)
        return received

    def _take_batches(self, results: list[tuple[SourceActor, Sequence[Any], int]]) -> int:
        """Deliver all that was posted before this round: what came in one turn of the loop goes on in the next."""
        received = 0
        for _ in range(len(self._batches)):
            readers, seqs, at_ms, items = self._batches.popleft()
            results += self._supervisor.deliver_batch(readers, seqs, at_ms, items, self.post)
            received += len(items)
            self._batches_done += 1
        return received

    async def run(self) -> None:
        """Run rounds for ever."""
        while True:
            if not self.idle:
                self.round()
                await trio.lowlevel.checkpoint()
            else:
                self._wake = trio.Event()
                await self._wake.wait()
