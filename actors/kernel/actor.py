"""The two bodies of actors.

A *source actor* (station, vehicle: up to a million) is an object with a mailbox and no task: `receive` is a pure,
synchronous decision. A *service actor* (listener, forwarder, clock) is a trio task that awaits.

Invariant: `receive` reads no clock, awaits nothing and touches nothing but its own state; what must happen is returned.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from math import inf
from struct import error as StructError
from typing import Any, Final
from zlib import error as ZlibError

from mypy_extensions import mypyc_attr

from actors.kernel.sealed import unseal
from protocols.vocabulary import ActorState

Message = Any
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, StructError, ZlibError)
"""What a snapshot of another shape does to the code that reads it."""
NEVER_S: Final = inf
"""The deadline of who has none."""


@mypyc_attr(allow_interpreted_subclasses=True)
class SourceActor:
    """Base of stations and vehicles. Slots only: there may be a million; what each message asks for stands first.

    `seq` is the newest journal row the state includes, `mail` waits to be received and `queued` says that some does;
    `deadline_s` is when the actor wants to be woken (epoch seconds), `armed_s` where the deadline heap has it,
    `saved_seq` the last snapshot's `seq`. `told` is the standing that was last told of it: a fact, which a crash does
    not take back.
    """

    __slots__ = ("armed_s", "deadline_s", "id", "mail", "queued", "saved_seq", "seq", "state", "told")

    def __init__(self, actor_id: str) -> None:
        self.state = ActorState.STARTING
        self.queued = False
        self.seq = 0
        self.deadline_s = NEVER_S
        self.armed_s = NEVER_S
        self.id = actor_id
        self.mail: list[Message] = []
        self.saved_seq = -1
        self.told: Any = None

    def receive(self, message: Message) -> Sequence[Any]:
        """Decide about one message; returns what must happen."""
        raise NotImplementedError

    def receive_item(self, seq: int, at_ms: int, item: Any) -> Sequence[Any]:
        """Decide about what stands in the journal, without a message made of it: the hot path of vehicles."""
        return self.receive(self.message_of(seq, at_ms, item))

    def message_of(self, seq: int, at_ms: int, item: Any) -> Message:
        """Make the message, where it must be held or shown."""
        return item

    def snapshot(self) -> bytes:
        """Give the state as bytes."""
        raise NotImplementedError

    def restore(self, state: bytes | None) -> None:
        """Go back to a snapshot; None is the state of an actor that never received anything."""
        raise NotImplementedError

    def resume(self, seq: int, state: bytes | None) -> bool:
        """Go on from a sealed snapshot.

        Returns:
            False where it is damaged or has another version's shape: then all of the journal is read again.
        """
        try:
            self.restore(None if state is None else unseal(state))
        except UNREADABLE:
            self.restore(None)
            self.seq = 0
            return False
        self.seq = seq if state else 0
        return True

    def catch_up(self) -> None:
        """All that was judged before is in the state again: take up the standing that was told last."""


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """How a service is run: `run` starts it, calls `ready()` when it serves, and returns only when cancelled."""

    id: str
    name: str
    run: Callable[[Callable[[], None]], Awaitable[None]]
    statistics: Callable[[], dict[str, float | int | str]]
    shutdown_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Intensity:
    """Restart budget: more than `max_restarts` within `period_s` means quarantine, tried again after `retry_s`."""

    max_restarts: int = 5
    period_s: float = 30.0
    first_delay_s: float = 0.1
    longest_delay_s: float = 60.0
    retry_s: float = 900.0

    def delay_s(self, restarts: int) -> float:
        """Back-off before the n-th restart (from 1): doubling from the first to the longest delay."""
        return min(self.first_delay_s * 2.0 ** (restarts - 1), self.longest_delay_s)
