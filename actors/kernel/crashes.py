"""What the supervisor remembers of an actor that crashed or was stopped; made at the first trouble, not before."""

import traceback
from collections import deque
from dataclasses import dataclass, field

import trio

from actors.kernel.actor import Intensity

KEPT_REASONS = 5


@dataclass(frozen=True, slots=True)
class Crash:
    """One crash: when, why, and the journal row that was being received (0 = none)."""

    actor: str
    at_s: float
    reason: str
    traceback: str
    seq: int
    message: str
    set_aside: bool = False


@dataclass(slots=True)
class Record:
    """The supervisor's memory of one actor."""

    restarts: deque[float] = field(default_factory=deque)
    total_restarts: int = 0
    crashes: deque[Crash] = field(default_factory=lambda: deque(maxlen=KEPT_REASONS))
    crashed_at_seq: dict[int, int] = field(default_factory=dict)
    set_aside: set[int] = field(default_factory=set)
    next_try_s: float | None = None
    stopped_by: str = ""
    judged: int = 0
    overflowed: bool = False
    life: trio.CancelScope | None = None

    def over_budget(self, intensity: Intensity, now_s: float) -> bool:
        """Note a restart; whether the budget is spent."""
        self.restarts.append(now_s)
        self.total_restarts += 1
        while self.restarts and self.restarts[0] < now_s - intensity.period_s:
            self.restarts.popleft()
        return len(self.restarts) > intensity.max_restarts


def describe(actor_id: str, error: BaseException, at_s: float, seq: int, message: object) -> Crash:
    """Write down a crash; the message is cut to 2,000 characters."""
    text = "".join(traceback.format_exception(error))
    return Crash(actor_id, at_s, f"{type(error).__name__}: {error}"[:300], text[-8000:], seq, repr(message)[:2000])
