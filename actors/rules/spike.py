"""Q7, spike: a value that leaves its two neighbours and comes back.

The verdict on a value is known when its successor arrives, so `push` gives the flag of the value before. Ramps and
shifts are no spikes; a plateau of two samples escapes and is the step test's to catch.
Invariant: first, last, and values beside a missing, failed or distant neighbour are NOT_EVALUATED.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Self

from actors.rules.flags import EPS
from actors.rules.thresholds import cadences, read_table, require_ascending, require_positive
from protocols.vocabulary import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeThresholds:
    """Smallest of the two jumps that is suspect or fails, and the widest distance of a neighbour."""

    sus: float | None = None
    fail: float | None = None
    max_gap_s: float = cadences(1.5)

    def __post_init__(self) -> None:
        require_positive(sus=self.sus, fail=self.fail, max_gap_s=self.max_gap_s)
        require_ascending(sus=self.sus, fail=self.fail)
        if self.sus is None and self.fail is None:
            raise ValueError("no limit is given; add sus or fail")

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.spike`; raises ValueError."""
        return read_table(cls, "qc.spike", table, cadence_s)


SpikeSnapshot = tuple[float | None, float | None, float | None]


class SpikeTest:
    """The spike test of one series, fed in time order.

    State: time and value of the last record (no value where it is missing or unusable) and the jump that led to it
    (none where its predecessor does not serve).
    """

    __slots__ = ("_jump", "_last_s", "_last_value", "_limits")

    def __init__(self, limits: SpikeThresholds) -> None:
        self._limits = limits
        self._last_s: float | None = None
        self._last_value: float | None = None
        self._jump: float | None = None

    def push(self, time_s: float, value: float | None, usable: bool = True) -> tuple[Flag, Flag]:
        """Take the next record.

        Returns:
            The flag of this record until its successor comes (MISSING or NOT_EVALUATED), and the final flag of the
            record before where that one had a usable value (else NOT_EVALUATED: nothing to revise).
        """
        missing = value is None or not isfinite(value)
        last_s, last_value, jump = self._last_s, self._last_value, self._jump
        self._last_s = time_s
        self._last_value = self._jump = None
        if missing or not usable:
            return (Flag.MISSING if missing else Flag.NOT_EVALUATED), Flag.NOT_EVALUATED
        assert value is not None
        self._last_value = value
        if last_value is None or last_s is None or time_s - last_s > self._limits.max_gap_s:
            return Flag.NOT_EVALUATED, Flag.NOT_EVALUATED
        self._jump = back = value - last_value
        return Flag.NOT_EVALUATED, Flag.NOT_EVALUATED if jump is None else self._judge(jump, back)

    def _judge(self, jump: float, back: float) -> Flag:
        height = min(abs(jump), abs(back)) if (jump < 0) != (back < 0) else 0.0
        limits = self._limits
        if limits.fail is not None and height - limits.fail > EPS:
            return Flag.FAIL
        if limits.sus is not None and height - limits.sus > EPS:
            return Flag.SUSPECT
        return Flag.GOOD

    def state(self) -> SpikeSnapshot:
        """Give the state as a plain tuple."""
        return self._last_s, self._last_value, self._jump

    @classmethod
    def from_state(cls, limits: SpikeThresholds, state: SpikeSnapshot) -> Self:
        """Go on from where a `state()` was taken."""
        test = cls(limits)
        test._last_s, test._last_value, test._jump = state
        return test


def judge_spikes(series: Iterable[tuple[float, float | None, bool]], limits: SpikeThresholds) -> list[Flag]:
    """Judge a whole series of (time_s, value, usable), ascending by time; the last value stays pending."""
    test = SpikeTest(limits)
    flags: list[Flag] = []
    for time_s, value, usable in series:
        own, before = test.push(time_s, value, usable)
        if before is not Flag.NOT_EVALUATED:
            flags[-1] = before
        flags.append(own)
    return flags
