"""Runs of values that pass a limit or approach it: from when to when, how far, how sure. An alarm, not a finding.

A value within the limit ends a run, at its own time; so does silence of more than three steps, at the last value, since
nobody saw what was between. A failed, missing or not measured value says nothing: it neither goes on nor ends a run.
Beyond the limit with nothing but suspect values a run awaits verification.
Invariant: runs are a function of the values in order of time; a late value gives what a batch gives.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import isfinite

from actors.rules.limits import Limit
from protocols.vocabulary import DeviceStatus, ExceedanceLevel, Flag

SILENCE_STEPS = 3
MEASURING = (DeviceStatus.MEASURING.value, "0", "")
"""Spellings of "measuring"; a mean has no device status. Source: TT 10/2021/TT-BTNMT Phụ lục 15."""
SURENESS = (ExceedanceLevel.APPROACHING, ExceedanceLevel.AWAITING_VERIFICATION, ExceedanceLevel.EXCEEDING)


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
        return self.level is not ExceedanceLevel.APPROACHING

    def and_then(self, held: Held) -> "Run":
        """Go on with the next value of the same kind."""
        level, worst = self.level, self.worst
        if SURENESS.index(held.level) > SURENESS.index(level):
            level, worst = held.level, held
        elif held.level is level and held.excess > worst.excess:
            worst = held
        return replace(self, last_s=held.time_s, level=level, worst=worst, count=self.count + 1)


def hold(time_s: int, value: float | None, flag: Flag, status: str, limit: Limit | None) -> Held | None:
    """Hold a value against its limit; None where it says nothing about it."""
    if limit is None or value is None or not isfinite(value) or status not in MEASURING:
        return None
    if flag in (Flag.FAIL, Flag.MISSING):
        return None
    level = ExceedanceLevel.WITHIN
    if limit.is_passed_by(value):
        level = ExceedanceLevel.AWAITING_VERIFICATION if flag is Flag.SUSPECT else ExceedanceLevel.EXCEEDING
    elif limit.is_approached_by(value):
        level = ExceedanceLevel.APPROACHING
    return Held(time_s, value, level, limit)


def runs_of(values: Iterable[Held], step_s: float) -> list[Run]:
    """Find the runs among values in ascending time; only the last one may go on."""
    runs: list[Run] = []
    run: Run | None = None
    for held in values:
        if run is not None and held.time_s - run.last_s > SILENCE_STEPS * step_s:
            runs.append(replace(run, end_s=run.last_s))
            run = None
        if held.level is ExceedanceLevel.WITHIN:
            if run is not None:
                runs.append(replace(run, end_s=held.time_s))
                run = None
            continue
        is_beyond = held.level is not ExceedanceLevel.APPROACHING
        if run is not None and run.is_beyond is not is_beyond:
            runs.append(replace(run, end_s=held.time_s))
            run = None
        run = Run(held.time_s, held.time_s, held.level, held) if run is None else run.and_then(held)
    return runs if run is None else [*runs, run]
