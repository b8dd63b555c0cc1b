"""Q2, completeness of a window: how many of its expected slots hold a record.

Slots stand at start + k * interval in (start, end]; a record counts for the nearest one, half way for the later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor
from typing import NamedTuple, Self

from actors.rules.flags import EPS
from actors.rules.thresholds import cadences, read_table, require_ascending, require_positive
from actors.rules.timetable import Timetable
from protocols.vocabulary import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletenessThresholds:
    """Shares of the expected slots; the defaults are the hour's, for a day `ok` is 0.80."""

    interval_s: float = cadences(1)
    ok: float = 0.75
    warn: float = 0.5

    def __post_init__(self) -> None:
        require_positive(interval_s=self.interval_s, ok=self.ok)
        require_ascending(warn=self.warn, ok=self.ok)

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.completeness`; raises ValueError."""
        return read_table(cls, "qc.completeness", table, cadence_s)


class Completeness(NamedTuple):
    """Slots expected and filled, their ratio, its flag, and the instants that lack a record."""

    expected: int
    filled: int
    rate: float
    flag: Flag
    missing_s: tuple[float, ...]


CompletenessSnapshot = tuple[float, float, int]


class CompletenessWindow:
    """One open window (start_s, end_s], fed in any order; the filled slots are the bits of one integer."""

    __slots__ = ("_end_s", "_expected", "_filled", "_limits", "_start_s")

    def __init__(self, limits: CompletenessThresholds, start_s: float, end_s: float) -> None:
        self._limits = limits
        self._start_s = start_s
        self._end_s = end_s
        self._expected = floor((end_s - start_s) / limits.interval_s + EPS)
        self._filled = 0

    def push(self, time_s: float) -> None:
        """Count a record where its slot lies in this window."""
        slot = floor((time_s - self._start_s) / self._limits.interval_s + 0.5)
        if 1 <= slot <= self._expected:
            self._filled |= 1 << slot

    def verdict(self) -> Completeness:
        """Judge the window as it stands.

        Source: QĐ 338/QĐ-KTTV art. 5, 2b and art. 6.2 (list of missing stations).
        """
        missing_s = tuple(
            self._start_s + slot * self._limits.interval_s
            for slot in range(1, self._expected + 1)
            if not self._filled >> slot & 1
        )
        return _verdict(self._expected, missing_s, self._limits)

    def state(self) -> CompletenessSnapshot:
        """Give the state as a plain tuple."""
        return self._start_s, self._end_s, self._filled

    @classmethod
    def from_state(cls, limits: CompletenessThresholds, state: CompletenessSnapshot) -> Self:
        """Go on from where a `state()` was taken."""
        start_s, end_s, filled = state
        window = cls(limits, start_s, end_s)
        window._filled = filled
        return window


def judge_completeness(
    times_s: Iterable[float], start_s: float, end_s: float, limits: CompletenessThresholds
) -> Completeness:
    """Judge a whole window (start_s, end_s] of record times in any order."""
    window = CompletenessWindow(limits, start_s, end_s)
    for time_s in times_s:
        window.push(time_s)
    return window.verdict()


def judge_by_timetable(
    times_s: Iterable[float], start_s: int, end_s: int, limits: CompletenessThresholds, timetable: Timetable
) -> Completeness:
    """Judge a window whose slots stand where a timetable has them (fixed times, increased frequency)."""
    slots = timetable.slots(start_s, end_s)
    filled = {timetable.nearest(time_s) for time_s in times_s}
    return _verdict(len(slots), tuple(float(slot_s) for slot_s in slots if slot_s not in filled), limits)


def _verdict(expected: int, missing_s: tuple[float, ...], limits: CompletenessThresholds) -> Completeness:
    count = expected - len(missing_s)
    rate = count / expected if expected else 0.0
    if count == 0:
        flag = Flag.MISSING
    elif limits.ok - rate <= EPS:
        flag = Flag.GOOD
    else:
        flag = Flag.SUSPECT if limits.warn - rate <= EPS else Flag.FAIL
    return Completeness(expected, count, rate, flag, missing_s)
