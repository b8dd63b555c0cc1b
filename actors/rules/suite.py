"""The tests of one series together: each in-order value through Q3, Q4, Q6, Q7, Q8 and Q9 in constant time.

`judge_alone` needs the value only; `SeriesSuite` knows the values before it. A value that failed syntax or range is
invisible to the temporal tests. The spike verdict on a value comes with its successor. Verdicts are numbers
(`protocols/verdict.py`). `replay` of a whole stored series is the definition that the stream agrees with.
Invariant: values are read, never changed; a missing value is MISSING in every test and never better in the aggregate.
"""

from collections.abc import Iterable, Mapping
from math import isfinite
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from actors.rules.detection import Qualifier, judge_detection
from actors.rules.flags import whole_flag
from actors.rules.flat_line import FlatLineTest
from actors.rules.gap import GapTest
from actors.rules.rain_counter import RainCounterTest
from actors.rules.range_check import judge_range
from actors.rules.series_thresholds import SeriesThresholds
from actors.rules.spike import SpikeTest
from actors.rules.step import StepTest
from actors.rules.timetable import Timetable
from protocols.verdict import EXCLUDED, QUALIFIER_SHIFT, QUALIFIERS, SHIFT, pack, qualifier_of, unpack
from protocols.vocabulary import Flag

QUALIFIER_BITS: Mapping[Qualifier | None, int] = MappingProxyType(
    {None: 0, **{word: QUALIFIERS.index(word) << QUALIFIER_SHIFT for word in Qualifier}}
)
BELOW_DETECTION = frozenset(map(QUALIFIERS.index, (Qualifier.BELOW_MDL, Qualifier.NEGATIVE_NOISE)))
"""Such values may stand still: there is nothing to measure."""

NO_FLAGS: Mapping[str, Flag] = MappingProxyType({})
_SYNTAX, _RANGE, _DETECTION = SHIFT["syntax"], SHIFT["range"], SHIFT["detection_limit"]
_CONSISTENCY, _STEP, _SPIKE = SHIFT["consistency"], SHIFT["step"], SHIFT["spike"]
_FLAT_LINE, _GAP = SHIFT["flat_line"], SHIFT["gap"]
SPIKE_MASK = 15 << _SPIKE
TEMPORAL_MASK = 15 << _STEP | SPIKE_MASK | 15 << _FLAT_LINE | 15 << _GAP
"""What the suite writes; everything else of a verdict is found out without the values before."""


def judge_alone(value: float | None, limits: SeriesThresholds) -> int:
    """Judge a value by itself: range, and the instrument's bounds with their qualifier."""
    verdict = 0
    if limits.range is not None:
        verdict |= judge_range(value, limits.range) << _RANGE
    if limits.detection_limit is not None:
        flag, qualifier = judge_detection(value, limits.detection_limit)
        verdict |= flag << _DETECTION | QUALIFIER_BITS[qualifier]
    return verdict


def is_usable(verdict: int) -> bool:
    """Say whether a value may serve others: neither syntax nor range failed."""
    return verdict >> _SYNTAX & 15 != Flag.FAIL and verdict >> _RANGE & 15 != Flag.FAIL


class SeriesSuite:
    """The configured temporal tests of one series, fed in time order."""

    __slots__ = ("_counter", "_flat_line", "_gap", "_spike", "_step")

    def __init__(self, thresholds: SeriesThresholds) -> None:
        self._step = StepTest(thresholds.step) if thresholds.step else None
        self._spike = SpikeTest(thresholds.spike) if thresholds.spike else None
        self._flat_line = FlatLineTest(thresholds.flat_line) if thresholds.flat_line else None
        self._gap = GapTest(thresholds.gap) if thresholds.gap else None
        self._counter = RainCounterTest(thresholds.rain_counter) if thresholds.rain_counter else None

    def push(self, time_s: float, value: float | None, verdict: int) -> tuple[int, Flag]:
        """Judge the next value, whose time is after the last one's.

        Args:
            verdict: what is known of the record without the values before: syntax, order, `judge_alone`, `EXCLUDED`.
        Returns:
            The verdict with the temporal tests in it, and the final spike flag of the record before (NOT_EVALUATED:
            nothing to change).
        """
        verdict &= ~TEMPORAL_MASK
        if value is None:
            return self._push_missing(time_s, verdict), Flag.NOT_EVALUATED
        usable = verdict >> _SYNTAX & 15 != 4 and verdict >> _RANGE & 15 != 4
        before = Flag.NOT_EVALUATED
        if self._step is not None:
            verdict |= self._step.push(time_s, value, usable) << _STEP
        if self._spike is not None:
            own, before = self._spike.push(time_s, value, usable)
            verdict |= own << _SPIKE
        if self._flat_line is not None:
            excluded = bool(verdict & EXCLUDED) or verdict >> QUALIFIER_SHIFT & 15 in BELOW_DETECTION
            verdict |= self._flat_line.push(time_s, value, usable, excluded) << _FLAT_LINE
        if self._gap is not None:
            verdict |= self._gap.push(time_s) << _GAP
        if self._counter is not None:
            verdict = verdict & ~(15 << _CONSISTENCY) | self._counter.push(time_s, value, usable) << _CONSISTENCY
        return verdict, before

    def _push_missing(self, time_s: float, verdict: int) -> int:
        """Mark every test MISSING; the gap clock goes on, for the station did speak."""
        if self._step is not None:
            verdict |= Flag.MISSING << _STEP
        if self._spike is not None:
            self._spike.push(time_s, None)
            verdict |= Flag.MISSING << _SPIKE
        if self._flat_line is not None:
            verdict |= Flag.MISSING << _FLAT_LINE
        if self._gap is not None:
            self._gap.push(time_s)
            verdict |= Flag.MISSING << _GAP
        if self._counter is not None:
            verdict = verdict & ~(15 << _CONSISTENCY) | Flag.NOT_EVALUATED << _CONSISTENCY
        return verdict

    def state(self) -> dict[str, Any]:
        """Give the state by test as plain values."""
        return {
            name: test.state()
            for name, test in (
                ("step", self._step),
                ("spike", self._spike),
                ("flat_line", self._flat_line),
                ("gap", self._gap),
                ("rain_counter", self._counter),
            )
            if test is not None
        }

    def follow(self, pace: Timetable | int) -> Self:
        """Records are expected by this timetable from now on."""
        if self._gap is not None:
            self._gap.pace = pace if isinstance(pace, Timetable) else None
        return self

    @classmethod
    def from_state(cls, thresholds: SeriesThresholds, state: Mapping[str, Any]) -> Self:
        """Go on from where a `state()` was taken; a test configured later begins anew."""
        suite = cls(thresholds)
        if thresholds.step and "step" in state:
            suite._step = StepTest.from_state(thresholds.step, state["step"])
        if thresholds.spike and "spike" in state:
            suite._spike = SpikeTest.from_state(thresholds.spike, state["spike"])
        if thresholds.flat_line and "flat_line" in state:
            suite._flat_line = FlatLineTest.from_state(thresholds.flat_line, state["flat_line"])
        if thresholds.gap and "gap" in state:
            suite._gap = GapTest.from_state(thresholds.gap, state["gap"])
        if thresholds.rain_counter and "rain_counter" in state:
            suite._counter = RainCounterTest.from_state(thresholds.rain_counter, state["rain_counter"])
        return suite


class SeriesRecord(NamedTuple):
    """One stored record as a replay reads it: flags it has already (syntax, order), whether it may stand still."""

    time_s: int
    value: float | None
    before: Mapping[str, Flag] = NO_FLAGS
    excluded: bool = False


class Judged(NamedTuple):
    """One value's final verdict."""

    time_s: int
    verdict: int
    flag: Flag

    @property
    def tests(self) -> dict[str, int]:
        """The flags by test."""
        return unpack(self.verdict)

    @property
    def qualifier(self) -> str:
        """Why the value is what it is at the instrument's bounds."""
        return qualifier_of(self.verdict)


def replay(records: Iterable[SeriesRecord], limits: SeriesThresholds) -> list[Judged]:
    """Judge a whole series: in order of arrival; of one instant the first record counts.

    Returns:
        Final verdicts ascending by time.
    """
    first: dict[int, SeriesRecord] = {}
    for record in records:
        first.setdefault(record.time_s, record)
    rows: list[tuple[int, float | None, int]] = []
    for time_s in sorted(first):
        _, given, before, excluded = first[time_s]
        value = given if given is not None and isfinite(given) else None
        rows.append((time_s, value, pack(before) | judge_alone(value, limits) | (EXCLUDED if excluded else 0)))
    return [
        Judged(time_s, verdict, whole_flag(verdict, missing=value is None))
        for time_s, value, verdict in judge_rows(rows, SeriesSuite(limits))
    ]


def judge_rows(
    rows: Iterable[tuple[int, float | None, int]], suite: SeriesSuite
) -> list[tuple[int, float | None, int]]:
    """Let a suite judge (time_s, value, verdict so far), ascending by time; the last spike stays pending."""
    judged: list[tuple[int, float | None, int]] = []
    for time_s, value, so_far in rows:
        verdict, spike = suite.push(time_s, value, so_far)
        if spike is not Flag.NOT_EVALUATED:
            before_s, before, earlier = judged[-1]
            judged[-1] = (before_s, before, with_spike(earlier, spike))
        judged.append((time_s, value, verdict))
    return judged


def with_spike(verdict: int, flag: int) -> int:
    """Put the spike flag that the successor brought into a verdict."""
    return verdict & ~SPIKE_MASK | flag << _SPIKE
