"""Runs of values that pass a limit or approach it: from when to when, how far, how sure. An alarm, not a finding.

A value within the limit ends a run, at its own time; so does silence of more than three steps, at the last value, since
nobody saw what was between. A failed, missing or not measured value says nothing: it neither goes on nor ends a run.
Beyond the limit with nothing but suspect values a run awaits verification.
Invariant: runs are a function of the values in order of time; a late value gives what a batch gives.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import isfinite

from actors.rules.limits import Limit
from actors.rules.oxygen import Oxygen, at_reference
from actors.rules.tendency import tends_beyond
from protocols.vocabulary import DeviceStatus, ExceedanceLevel, Flag

SILENCE_STEPS = 3
MEASURING = (DeviceStatus.MEASURING.value, "0", "")
"""Spellings of "measuring"; a mean has no device status. Source: TT 10/2021/TT-BTNMT Phụ lục 15."""
SURENESS = (
    ExceedanceLevel.TENDENCY,
    ExceedanceLevel.APPROACHING,
    ExceedanceLevel.AWAITING_VERIFICATION,
    ExceedanceLevel.EXCEEDING,
)


@dataclass(frozen=True, slots=True)
class Held:
    """A value held against the limit of its time."""

    time_s: int
    value: float
    level: ExceedanceLevel
    limit: Limit

    @property
    def excess(self) -> float:
        """How far it is beyond the nearer end of what is permitted; negative inside."""
        over = self.value - self.limit.cmax
        return over if self.limit.low is None else max(over, self.limit.low - self.value)


@dataclass(frozen=True, slots=True)
class Run:
    """Values of one kind, beyond the limit or near it, that follow each other; `end_s` None while it goes on.

    `worst` is the furthest of those that decide: of the confirmed values where there are some.
    """

    start_s: int
    last_s: int
    level: ExceedanceLevel
    worst: Held
    count: int = 1
    end_s: int | None = None

    @property
    def is_beyond(self) -> bool:
        """Whether the limit is passed."""
        return is_beyond(self.level)

    def and_then(self, held: Held) -> "Run":
        """Go on with the next value of the same kind."""
        level, worst = self.level, self.worst
        if SURENESS.index(held.level) > SURENESS.index(level):
            level, worst = held.level, held
        elif held.level is level and held.excess > worst.excess:
            worst = held
        return replace(self, last_s=held.time_s, level=level, worst=worst, count=self.count + 1)


def is_beyond(level: ExceedanceLevel) -> bool:
    """Whether a limit is passed, surely or not."""
    return level in (ExceedanceLevel.EXCEEDING, ExceedanceLevel.AWAITING_VERIFICATION)


def hold(
    time_s: int, value: float | None, flag: Flag, status: str, limit: Limit | None, oxygen: Oxygen | None = None
) -> Held | None:
    """Hold a value against its limit, a stack's at its reference oxygen; None where it says nothing about it."""
    if limit is None or status not in MEASURING:
        return None
    if limit.o2_ref is not None:
        value, flag = at_reference(value, flag, oxygen, limit.o2_ref, limit.o2_refused_from)
    if value is None or not isfinite(value):
        return None
    if flag in (Flag.FAIL, Flag.MISSING):
        return None
    level = ExceedanceLevel.WITHIN
    if limit.is_passed_by(value):
        level = ExceedanceLevel.AWAITING_VERIFICATION if flag is Flag.SUSPECT else ExceedanceLevel.EXCEEDING
    elif limit.is_approached_by(value):
        level = ExceedanceLevel.APPROACHING
    return Held(time_s, value, level, limit)


class Fold:
    """Values of one series, taken as they follow each other.

    Args:
        run: what went on before the first of them.
    """

    def __init__(self, step_s: float, run: Run | None = None) -> None:
        self._silence_s = SILENCE_STEPS * step_s
        self.run = run
        """What may go on."""
        self._ended: list[Run] = []

    def take(self, held: Held) -> None:
        """Take the next value, later than those before."""
        if self.run is not None and held.time_s - self.run.last_s > self._silence_s:
            self._end(self.run.last_s)
        if held.level is ExceedanceLevel.WITHIN:
            self._end(held.time_s)
            return
        if self.run is not None and self.run.is_beyond is not is_beyond(held.level):
            self._end(held.time_s)
        run = Run(held.time_s, held.time_s, held.level, held)
        self.run = run if self.run is None else self.run.and_then(held)

    def _end(self, end_s: int) -> None:
        if self.run is not None:
            self._ended.append(replace(self.run, end_s=end_s))
            self.run = None

    @property
    def runs(self) -> list[Run]:
        """All of them; only the last one may go on."""
        return self._ended if self.run is None else [*self._ended, self.run]


def with_tendency(values: Iterable[Held]) -> Iterable[Held]:
    """Give values in ascending time their tendency, where their limit asks for one and they are within it."""
    recent: deque[tuple[int, float]] = deque()
    for held in values:
        window_s = held.limit.tendency_s
        if window_s is not None:
            recent.append((held.time_s, held.value))
            while recent[0][0] <= held.time_s - window_s:
                recent.popleft()
        tends = held.level is ExceedanceLevel.WITHIN and tends_beyond(recent, held.limit)
        yield replace(held, level=ExceedanceLevel.TENDENCY) if tends else held


def runs_of(values: Iterable[Held], step_s: float) -> list[Run]:
    """Find the runs among values in ascending time."""
    fold = Fold(step_s)
    for held in values:
        fold.take(held)
    return fold.runs
