"""The tests of one series together: each in-order value through Q3, Q4, Q6, Q7, Q8 and Q9 in constant time.

A value that failed syntax or range is invisible to the temporal tests. The spike verdict on a value comes with its
successor, as a `Revision`. Late data: `replay` the stored series (`SeriesThresholds.replay_window`).
Invariant: values are read, never changed; a missing value is MISSING in every test and never better in the aggregate.
"""

from collections.abc import Iterable, Mapping
from math import isfinite
from types import MappingProxyType
from typing import NamedTuple, Self, TypedDict

from actors.rules.detection import Qualifier, judge_detection
from actors.rules.flags import aggregate
from actors.rules.flat_line import FlatLineSnapshot, FlatLineTest
from actors.rules.gap import GapTest
from actors.rules.range_check import judge_range
from actors.rules.series_thresholds import SeriesThresholds
from actors.rules.spike import SpikeSnapshot, SpikeTest
from actors.rules.step import StepSnapshot, StepTest
from protocols.vocabulary import Flag

BELOW_DETECTION = (Qualifier.BELOW_MDL, Qualifier.NEGATIVE_NOISE)
"""Such values may stand still: there is nothing to measure."""

NO_FLAGS: Mapping[str, Flag] = MappingProxyType({})


class Revision(NamedTuple):
    """A later verdict on an earlier value: the test that spoke, and the value's new aggregate."""

    time_s: float
    test: str
    flag: Flag
    aggregate: Flag


class Judged(NamedTuple):
    """One value's flags by test, their aggregate, the instrument's qualifier, and what it revised."""

    tests: dict[str, Flag]
    flag: Flag
    qualifier: Qualifier | None
    revisions: tuple[Revision, ...]


class SuiteSnapshot(TypedDict, total=False):
    """The state by test; a test configured later begins anew."""

    last_s: float | None
    last_tests: dict[str, int]
    step: StepSnapshot
    spike: SpikeSnapshot
    flat_line: FlatLineSnapshot
    gap: float | None


class SeriesSuite:
    """The configured tests of one series, fed in time order."""

    __slots__ = ("_flat_line", "_gap", "_last_s", "_last_tests", "_spike", "_step", "_thresholds")

    def __init__(self, thresholds: SeriesThresholds) -> None:
        self._thresholds = thresholds
        self._step = StepTest(thresholds.step) if thresholds.step else None
        self._spike = SpikeTest(thresholds.spike) if thresholds.spike else None
        self._flat_line = FlatLineTest(thresholds.flat_line) if thresholds.flat_line else None
        self._gap = GapTest(thresholds.gap) if thresholds.gap else None
        self._last_s: float | None = None
        self._last_tests: dict[str, Flag] = {}

    @property
    def last_s(self) -> float | None:
        """Time of the newest value pushed: what comes at or before it is not in order."""
        return self._last_s

    def push(
        self, time_s: float, value: float | None, before: Mapping[str, Flag] = NO_FLAGS, excluded: bool = False
    ) -> Judged:
        """Judge the next value.

        Args:
            before: flags already given to the record (syntax, order); they count in the aggregate.
            excluded: the value may stand still just now (wind direction while calm, plant at rest).
        Raises:
            ValueError: the time is not after the last one.
        """
        if self._last_s is not None and time_s <= self._last_s:
            raise ValueError(f"{time_s} is not after {self._last_s}; replay late records")
        if value is None or not isfinite(value):
            return self._push_missing(time_s, before)
        tests = dict(before) if before else {}
        limits = self._thresholds
        usable = before.get("syntax") != Flag.FAIL
        qualifier: Qualifier | None = None
        if limits.range is not None:
            tests["range"] = flag = judge_range(value, limits.range)
            usable = usable and flag is not Flag.FAIL
        if limits.detection_limit is not None:
            tests["detection_limit"], qualifier = judge_detection(value, limits.detection_limit)
            excluded = excluded or qualifier in BELOW_DETECTION
        if self._step is not None:
            tests["step"] = self._step.push(time_s, value, usable)
        revisions: tuple[Revision, ...] = ()
        if self._spike is not None:
            tests["spike"], verdict = self._spike.push(time_s, value, usable)
            revisions = self._revise(verdict)
        if self._flat_line is not None:
            tests["flat_line"] = self._flat_line.push(time_s, value, usable, excluded)
        if self._gap is not None:
            tests["gap"] = self._gap.push(time_s)
        self._last_s = time_s
        self._last_tests = tests
        return Judged(tests, aggregate(tests.values()), qualifier, revisions)

    def _push_missing(self, time_s: float, before: Mapping[str, Flag]) -> Judged:
        """Mark every test MISSING; the gap clock goes on, for the station did speak."""
        tests = {**before, **dict.fromkeys(self._configured(), Flag.MISSING)}
        if self._spike is not None:
            self._spike.push(time_s, None)
        if self._gap is not None:
            self._gap.push(time_s)
        self._last_s = time_s
        self._last_tests = tests
        return Judged(tests, aggregate_missing(tests), None, ())

    def _configured(self) -> list[str]:
        limits = self._thresholds
        tests = (
            ("range", limits.range),
            ("detection_limit", limits.detection_limit),
            ("step", limits.step),
            ("spike", limits.spike),
            ("flat_line", limits.flat_line),
            ("gap", limits.gap),
        )
        return [name for name, threshold in tests if threshold is not None]

    def _revise(self, verdict: Flag) -> tuple[Revision, ...]:
        if verdict is Flag.NOT_EVALUATED or self._last_s is None:
            return ()
        self._last_tests = {**self._last_tests, "spike": verdict}
        return (Revision(self._last_s, "spike", verdict, aggregate(self._last_tests.values())),)

    def state(self) -> SuiteSnapshot:
        """Give the state as plain values."""
        snapshot: SuiteSnapshot = {
            "last_s": self._last_s,
            "last_tests": {test: int(flag) for test, flag in self._last_tests.items()},
        }
        if self._step is not None:
            snapshot["step"] = self._step.state()
        if self._spike is not None:
            snapshot["spike"] = self._spike.state()
        if self._flat_line is not None:
            snapshot["flat_line"] = self._flat_line.state()
        if self._gap is not None:
            snapshot["gap"] = self._gap.state()
        return snapshot

    @classmethod
    def from_state(cls, thresholds: SeriesThresholds, state: SuiteSnapshot) -> Self:
        """Go on from where a `state()` was taken."""
        suite = cls(thresholds)
        suite._last_s = state.get("last_s")
        suite._last_tests = {test: Flag(flag) for test, flag in state.get("last_tests", {}).items()}
        if thresholds.step and "step" in state:
            suite._step = StepTest.from_state(thresholds.step, state["step"])
        if thresholds.spike and "spike" in state:
            suite._spike = SpikeTest.from_state(thresholds.spike, state["spike"])
        if thresholds.flat_line and "flat_line" in state:
            suite._flat_line = FlatLineTest.from_state(thresholds.flat_line, state["flat_line"])
        if thresholds.gap and "gap" in state:
            suite._gap = GapTest.from_state(thresholds.gap, state["gap"])
        return suite


def aggregate_missing(tests: Mapping[str, Flag]) -> Flag:
    """Join the flags of a record without a value: FAIL and SUSPECT of the record stay, else it is MISSING."""
    flag = aggregate(tests.values())
    return flag if flag in (Flag.FAIL, Flag.SUSPECT) else Flag.MISSING


class SeriesRecord(NamedTuple):
    """One stored record as a replay reads it."""

    time_s: float
    value: float | None
    before: Mapping[str, Flag] = NO_FLAGS
    excluded: bool = False


def replay(
    records: Iterable[SeriesRecord], thresholds: SeriesThresholds
) -> tuple[list[tuple[float, Judged]], SeriesSuite]:
    """Judge a whole series: the definition that the stream agrees with.

    Args:
        records: in order of arrival; of one instant the first counts.
    Returns:
        Final flags ascending by time, revisions applied, and the suite as it stands after the last record.
    """
    first: dict[float, SeriesRecord] = {}
    for record in records:
        first.setdefault(record.time_s, record)
    suite = SeriesSuite(thresholds)
    judged: list[tuple[float, Judged]] = []
    for time_s in sorted(first):
        _, value, before, excluded = first[time_s]
        verdict = suite.push(time_s, value, before, excluded)
        for revision in verdict.revisions:
            before_s, earlier = judged[-1]
            tests = {**earlier.tests, revision.test: revision.flag}
            judged[-1] = (before_s, earlier._replace(tests=tests, flag=revision.aggregate))
        judged.append((time_s, verdict._replace(revisions=())))
    return judged, suite
