"""Runs whoever has mail: one task for all source actors, a slice of mail each, effects of many committed together.

Mailboxes are bounded; a full one is not a loss but a state: the actor is *behind* and will read on from the journal.
"""

from collections.abc import Callable, Sequence
from typing import Any

import trio

from actors.kernel.actor import Message, SourceActor
from actors.kernel.supervisor import Supervisor
from protocols.vocabulary import ActorState

Commit = Callable[[Sequence[tuple[SourceActor[Any], Sequence[Any], int]]], None]
"""Takes (actor, effects, judged up to this journal row) of one round; must not block."""


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
        self._ready: list[SourceActor[Any]] = []
        self._wake = trio.Event()
        self._turns = 0
        self.received = 0

    def post(self, actor: SourceActor[Any], message: Message) -> None:
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

    def wake(self) -> None:
        """Start a round; called once after a batch of posts."""
        if self._ready:
            self._wake.set()

    def resume(self, actor: SourceActor[Any]) -> None:
        """An actor runs again: what gathered in its mailbox is due."""
        if actor.mail and not actor.queued:
            actor.queued = True
            self._ready.append(actor)
            self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether nobody has mail."""
        return not self._ready

    def mark(self) -> int:
        """A point in the queue: `passed` once everybody who stands in it now had a turn."""
        return self._turns + len(self._ready)

    def passed(self, mark: int) -> bool:
        """Whether everybody who stood in the queue at the mark had a turn."""
        return self._turns >= mark

    def round(self) -> int:
        """Let those who have mail receive it; returns how many messages were received."""
        ready, self._ready = self._ready[: self._round_size], self._ready[self._round_size :]
        self._turns += len(ready)
        results: list[tuple[SourceActor[Any], Sequence[Any], int]] = []
        received = 0
        for actor in ready:
            actor.queued = False
            received += len(actor.mail)
            effects = self._supervisor.deliver(actor)
            if effects:
                results.append((actor, effects, actor.seq))
        self.received += received
        self._commit(results)
        return received

    async def run(self) -> None:
        """Run rounds for ever."""
        while True:
            if self._ready:
                self.round()
                await trio.lowlevel.checkpoint()
            else:
                self._wake = trio.Event()
                await self._wake.wait()
