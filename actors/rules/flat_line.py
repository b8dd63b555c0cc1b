"""Q8, flat line: the values of a whole duration lie closer together than an instrument's own noise.

One window serves both durations: the test keeps the longest stretch up to now whose values stay within the tolerance,
as two monotonic queues, and the time of the last value that does not (`_outlier_s`). Amortised O(1) per value. The
queues are lists: short ones, of which a hundred thousand stand in memory.
Invariant: the state never holds more than the values of the longest duration.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf, isfinite
from typing import Self

from actors.rules.flags import EPS
from actors.rules.thresholds import cadences, read_table, require_ascending, require_positive
from protocols.vocabulary import Flag


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Values that may stand still in nature: rain at zero (`le`), saturated humidity (`ge`).

    Others do so by what another parameter of the station says at the instant: the direction in a calm (`when` the wind
    speed is at most `when_le`), a stack whose plant is at rest; or at night, while the sun is down.
    """

    le: float | None = None
    ge: float | None = None
    when: str | None = None
    when_le: float | None = None
    when_ge: float | None = None
    night: bool = False

    def __post_init__(self) -> None:
        if self.when is None and (self.when_le is not None or self.when_ge is not None):
            raise ValueError("when_le and when_ge need a parameter; add when = its symbol")
        if self.when is not None and self.when_le is None and self.when_ge is None:
            raise ValueError("when says of which parameter but not from which value on; add when_le or when_ge")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatLineThresholds:
    """Spread below `tol` for `sus_s` is suspect, for `fail_s` fails; a gap over `max_gap_s` begins anew."""

    tol: float
    sus_s: float | None = None
    fail_s: float | None = None
    max_gap_s: float = cadences(3)
    exclude: Exclusion | None = None

    def __post_init__(self) -> None:
        require_positive(tol=self.tol, sus_s=self.sus_s, fail_s=self.fail_s, max_gap_s=self.max_gap_s)
        require_ascending(sus_s=self.sus_s, fail_s=self.fail_s)
        if self.sus_s is None and self.fail_s is None:
            raise ValueError("no duration is given; add sus_s or fail_s")

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.flat_line`; raises ValueError."""
        return read_table(cls, "qc.flat_line", table, cadence_s)


Points = tuple[tuple[float, float], ...]
FlatLineSnapshot = tuple[float | None, float | None, float | None, float | None, Points, Points]


class FlatLineTest:
    """The flat line test of one series, fed in time order."""

    __slots__ = (
        "_before_last_s",
        "_ge",
        "_highs",
        "_last_s",
        "_le",
        "_limits",
        "_longest_s",
        "_lows",
        "_outlier_s",
        "_start_s",
    )

    def __init__(self, limits: FlatLineThresholds) -> None:
        self._limits = limits
        exclude = limits.exclude or Exclusion()
        self._le = -inf if exclude.le is None else exclude.le + EPS
        self._ge = inf if exclude.ge is None else exclude.ge - EPS
        self._longest_s = max(limits.sus_s or 0.0, limits.fail_s or 0.0)
        self._start_s: float | None = None
        self._last_s: float | None = None
        self._before_last_s: float | None = None
        self._outlier_s: float | None = None
        self._highs: list[tuple[float, float]] = []
        self._lows: list[tuple[float, float]] = []

    def push(self, time_s: float, value: float | None, usable: bool = True, excluded: bool = False) -> Flag:
        """Judge the next value.

        Args:
            usable: false where syntax or range failed: the value is not evaluated and leaves no trace.
            excluded: true where something outside the series lets it stand still (calm, night, plant at rest).
        """
        if value is None or not isfinite(value):
            return Flag.MISSING
        if not usable:
            return Flag.NOT_EVALUATED
        if excluded or value <= self._le or value >= self._ge:
            self._restart(None)
            return Flag.GOOD
        limits, last_s, third_s = self._limits, self._last_s, self._before_last_s
        if last_s is None or time_s - last_s > limits.max_gap_s:
            self._restart(time_s)
            last_s = third_s = None
        self._before_last_s, self._last_s = last_s, time_s
        self._narrow(time_s, value)
        if third_s is None or self._start_s is None:
            return Flag.GOOD
        if limits.fail_s is not None and self._is_flat(time_s - limits.fail_s, third_s):
            return Flag.FAIL
        if limits.sus_s is not None and self._is_flat(time_s - limits.sus_s, third_s):
            return Flag.SUSPECT
        return Flag.GOOD

    def _is_flat(self, since_s: float, third_s: float) -> bool:
        """Say whether the run covers the window, no outlier lies in it, and three values do."""
        assert self._start_s is not None
        return self._start_s <= since_s <= third_s and (self._outlier_s is None or self._outlier_s < since_s)

    def _restart(self, start_s: float | None) -> None:
        self._start_s = start_s
        self._last_s = self._before_last_s = self._outlier_s = None
        self._highs.clear()
        self._lows.clear()

    def _narrow(self, time_s: float, value: float) -> None:
        """Add a value and drop from the front whatever no longer lies within the tolerance of it."""
        highs, lows, tolerance = self._highs, self._lows, self._limits.tol - EPS
        while highs and highs[-1][1] <= value:
            highs.pop()
        while lows and lows[-1][1] >= value:
            lows.pop()
        while highs and highs[0][1] - value >= tolerance:
            self._outlier_s = highs.pop(0)[0]
        while lows and value - lows[0][1] >= tolerance:
            self._outlier_s = lows.pop(0)[0]
        oldest_s = time_s - self._longest_s
        while highs and highs[0][0] < oldest_s:
            highs.pop(0)
        while lows and lows[0][0] < oldest_s:
            lows.pop(0)
        highs.append((time_s, value))
        lows.append((time_s, value))

    def state(self) -> FlatLineSnapshot:
        """Give the state as plain tuples: what is older than the longest duration says no more than its age."""
        start_s, last_s, outlier_s = self._start_s, self._last_s, self._outlier_s
        if last_s is not None:
            oldest_s = last_s - self._longest_s
            start_s = None if start_s is None else max(start_s, oldest_s)
            outlier_s = None if outlier_s is None or outlier_s < oldest_s else outlier_s
        return start_s, last_s, self._before_last_s, outlier_s, tuple(self._highs), tuple(self._lows)

    @classmethod
    def from_state(cls, limits: FlatLineThresholds, state: FlatLineSnapshot) -> Self:
        """Go on from where a `state()` was taken."""
        test = cls(limits)
        test._start_s, test._last_s, test._before_last_s, test._outlier_s, highs, lows = state
        test._highs.extend((time_s, value) for time_s, value in highs)
        test._lows.extend((time_s, value) for time_s, value in lows)
        return test


def judge_flat_lines(series: Iterable[tuple[float, float | None, bool]], limits: FlatLineThresholds) -> list[Flag]:
    """Judge a whole series of (time_s, value, usable), ascending by time."""
    test = FlatLineTest(limits)
    return [test.push(time_s, value, usable) for time_s, value, usable in series]
