"""Q6, step: how far a value is from the last accepted one, with a limit that grows with the time between them.

A failed value is not the next reference; after `reanchor` fails in a row the new level becomes the reference, so that
a real change of level does not fail for ever. Not for direction, rain or cumulative counters.
Invariant: a pair without a limit that applies to it is NOT_EVALUATED.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Self

from actors.rules.flags import EPS
from actors.rules.thresholds import read_table, require_ascending, require_positive
from protocols.vocabulary import Flag

SHORT_S = 600
LONG_S = 3600


@dataclass(frozen=True, slots=True)
class StepThresholds:
    """Largest change over 10 minutes (s10 suspect, f10 fail) and over 60; between them the limit is interpolated."""

    s10: float | None = None
    f10: float | None = None
    s60: float | None = None
    f60: float | None = None
    max_gap_s: float = 3600
    reanchor: int = 3

    def __post_init__(self) -> None:
        require_positive(s10=self.s10, f10=self.f10, s60=self.s60, f60=self.f60, reanchor=self.reanchor)
        require_ascending(s10=self.s10, f10=self.f10)
        require_ascending(s60=self.s60, f60=self.f60)
        if self.s10 is None and self.f10 is None:
            raise ValueError("no limit is given; add s10 or f10")

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.step`; raises ValueError."""
        return read_table(cls, "qc.step", table, cadence_s)


StepSnapshot = tuple[float | None, float, int]


class StepTest:
    """The step test of one series, fed in time order; state: the reference and the fails since it."""

    __slots__ = ("_failed", "_limits", "_ref_s", "_ref_value")

    def __init__(self, limits: StepThresholds) -> None:
        self._limits = limits
        self._ref_s: float | None = None
        self._ref_value = 0.0
        self._failed = 0

    def push(self, time_s: float, value: float | None, usable: bool = True) -> Flag:
        """Judge the next value; an unusable one (failed syntax or range) is not evaluated and leaves no trace."""
        if value is None or not isfinite(value):
            return Flag.MISSING
        if not usable:
            return Flag.NOT_EVALUATED
        limits, ref_s = self._limits, self._ref_s
        if ref_s is None or time_s - ref_s > limits.max_gap_s:
            return self._anchor(time_s, value, Flag.NOT_EVALUATED)
        apart_s = time_s - ref_s
        if apart_s <= SHORT_S:
            suspect, fail = limits.s10, limits.f10
        else:
            weight = (apart_s - SHORT_S) / (LONG_S - SHORT_S)
            suspect, fail = _between(limits.s10, limits.s60, weight), _between(limits.f10, limits.f60, weight)
        change = abs(value - self._ref_value)
        if fail is not None and change - fail > EPS:
            self._failed += 1
            return Flag.FAIL if self._failed < limits.reanchor else self._anchor(time_s, value, Flag.FAIL)
        if suspect is not None and change - suspect > EPS:
            return self._anchor(time_s, value, Flag.SUSPECT)
        return self._anchor(time_s, value, Flag.NOT_EVALUATED if suspect is None and fail is None else Flag.GOOD)

    def _anchor(self, time_s: float, value: float, flag: Flag) -> Flag:
        self._ref_s = time_s
        self._ref_value = value
        self._failed = 0
        return flag

    def state(self) -> StepSnapshot:
        """Give the state as a plain tuple."""
        return self._ref_s, self._ref_value, self._failed

    @classmethod
    def from_state(cls, limits: StepThresholds, state: StepSnapshot) -> Self:
        """Go on from where a `state()` was taken."""
        test = cls(limits)
        test._ref_s, test._ref_value, test._failed = state
        return test


def _between(short: float | None, long: float | None, weight: float) -> float | None:
    return None if short is None or long is None else short + (long - short) * weight


def judge_steps(series: Iterable[tuple[float, float | None, bool]], limits: StepThresholds) -> list[Flag]:
    """Judge a whole series of (time_s, value, usable), ascending by time."""
    test = StepTest(limits)
    return [test.push(time_s, value, usable) for time_s, value, usable in series]
