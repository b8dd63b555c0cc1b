"""Who is told what happens to source actors: the journal of crashes, the board, the dispatcher, the deadline heap."""

from collections.abc import Callable, Sequence

import structlog

from actors.kernel.actor import Message, SourceActor
from actors.kernel.crashes import Crash
from actors.kernel.dispatcher import Dispatcher
from actors.kernel.timers import Timers
from actors.ledger import Ledger
from actors.messages import Effect, FileStored
from protocols.vocabulary import ActorState, Fate
from storage.ids import Ids
from storage.writer import Unit, Writer

log = structlog.get_logger()

REFUSE_FILE = "UPDATE files SET fate = ?, reason = ? WHERE id = ? AND fate = ?"


class Tellings:
    """The events of the supervisor (actors/kernel/supervisor.py: Events). `join` closes the circle of the wiring."""

    def __init__(self, writer: Writer, ids: Ids, ledger: Ledger, moved: Callable[[str, ActorState], None]) -> None:
        self._writer = writer
        self._ids = ids
        self._ledger = ledger
        self._moved = moved
        self._dispatcher: Dispatcher | None = None
        self._timers: Timers | None = None

    def join(self, dispatcher: Dispatcher, timers: Timers) -> None:
        """Name the dispatcher and the deadline heap, which are made after the supervisor."""
        self._dispatcher = dispatcher
        self._timers = timers

    def moved(self, actor: SourceActor, was: ActorState) -> None:
        """An actor changed its state."""
        if was is not ActorState.STARTING or actor.state is not ActorState.RUNNING:
            log.info("actor_moved", actor=actor.id, was=str(was), now=str(actor.state))
        self._moved(actor.id, actor.state)

    def crashed(self, crash: Crash) -> None:
        """An actor or a service crashed."""
        log.error("actor_crashed", actor=crash.actor, reason=crash.reason, seq=crash.seq)
        at_ms = int(crash.at_s * 1000)
        row = (self._ids.take("crashes"), crash.actor, at_ms, crash.reason, crash.traceback, crash.message)
        self._writer.add(Unit(rows={"crashes": [row]}))

    def set_aside(self, actor: SourceActor, message: Message, crash: Crash) -> None:
        """A message crashed its actor twice: it is refused, with the reason; its bytes are kept."""
        log.error("message_set_aside", actor=actor.id, seq=crash.seq, reason=crash.reason)
        if not isinstance(message, FileStored):
            return
        unit = Unit(updates=[(REFUSE_FILE, (str(Fate.REFUSED), crash.reason, message.seq, str(Fate.STORED)))])
        unit.count("files.stored", -1)
        unit.count("files.refused")
        self._writer.add(unit)

    def unreadable(self, actor: SourceActor) -> None:
        """A snapshot is damaged, or another version wrote it."""
        log.warning("snapshots_unreadable", sources=1, first=actor.id)

    def replayed(self, actor: SourceActor, effects: Sequence[Effect], seq: int) -> None:
        """Effects of messages that an actor caught up with."""
        self._ledger.commit([(actor, effects, seq)])

    def left(self, actor: SourceActor, judged: int) -> None:
        """An actor runs no more."""
        self._ledger.leave(actor, judged)

    def back(self, actor: SourceActor, judged: int) -> None:
        """An actor has read what it missed."""
        self._ledger.come_back(actor, judged)

    def resumed(self, actor: SourceActor) -> None:
        """An actor runs again."""
        if self._dispatcher is not None:
            self._dispatcher.resume(actor)
        self.armed(actor)

    def armed(self, actor: SourceActor) -> None:
        """An actor wants to be woken."""
        if self._timers is not None:
            self._timers.arm(actor)
