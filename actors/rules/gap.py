"""Q9, gap: the time since the record before, judged on the record that ends it; increased frequency shortens it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from actors.rules.flags import EPS
from actors.rules.thresholds import cadences, read_table, require_positive
from actors.rules.timetable import Timetable
from protocols.vocabulary import Flag

GAP_CADENCES = 1.5
"""Two records further apart than this many cadences have a hole between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapThresholds:
    """The station's interval, and the gap over which the record after it fails."""

    interval_s: float = cadences(1)
    fail_s: float | None = 3600

    def __post_init__(self) -> None:
        require_positive(interval_s=self.interval_s, fail_s=self.fail_s)

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.gap`; raises ValueError."""
        return read_table(cls, "qc.gap", table, cadence_s)


class GapTest:
    """The gap test of one series, fed in time order; state: the time of the last record."""

    __slots__ = ("_last_s", "_limits", "pace")

    def __init__(self, limits: GapThresholds) -> None:
        self._limits = limits
        self._last_s: float | None = None
        self.pace: Timetable | None = None
        """The station's timetable; its raised stretches shorten the interval while they last."""

    def push(self, time_s: float) -> Flag:
        """Judge the next record's distance; the first one is not evaluated."""
        last_s, self._last_s = self._last_s, time_s
        if last_s is None:
            return Flag.NOT_EVALUATED
        apart_s = time_s - last_s
        if self._intervals(last_s, time_s) <= GAP_CADENCES + EPS:
            return Flag.GOOD
        fail_s = self._limits.fail_s
        return Flag.SUSPECT if fail_s is None or apart_s <= fail_s else Flag.FAIL

    def _intervals(self, last_s: float, time_s: float) -> float:
        pace, interval_s = self.pace, self._limits.interval_s
        if pace is not None and pace.raised and interval_s == pace.cadence_s and pace.is_raised(last_s, time_s):
            return pace.beats(last_s, time_s)
        return (time_s - last_s) / interval_s

    def state(self) -> float | None:
        """Give the state: a time or None."""
        return self._last_s

    @classmethod
    def from_state(cls, limits: GapThresholds, state: float | None) -> Self:
        """Go on from where a `state()` was taken."""
        test = cls(limits)
        test._last_s = state
        return test


def judge_gaps(times_s: Iterable[float], limits: GapThresholds) -> list[Flag]:
    """Judge a whole series of times, ascending."""
    test = GapTest(limits)
    return [test.push(time_s) for time_s in times_s]
