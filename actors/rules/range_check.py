"""Q3, physical range: outside the fail span 4, outside the suspect span 3.

Bounds are inclusive and null is no bound. A month's own suspect span (climatology) is the same rule with other bounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Self

from actors.rules.flags import EPS
from actors.rules.thresholds import read_table, require_ascending
from protocols.vocabulary import Flag


@dataclass(frozen=True, slots=True)
class RangeThresholds:
    """Spans in the parameter's unit; at least one bound."""

    fail_lo: float | None = None
    fail_hi: float | None = None
    sus_lo: float | None = None
    sus_hi: float | None = None

    def __post_init__(self) -> None:
        require_ascending(fail_lo=self.fail_lo, sus_lo=self.sus_lo, sus_hi=self.sus_hi, fail_hi=self.fail_hi)
        if (self.fail_lo, self.fail_hi, self.sus_lo, self.sus_hi) == (None, None, None, None):
            raise ValueError("no bound is given; add fail_lo, fail_hi, sus_lo or sus_hi")

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.range`; raises ValueError."""
        return read_table(cls, "qc.range", table, cadence_s)


def judge_range(value: float | None, limits: RangeThresholds) -> Flag:
    """Judge one value.

    Source: QĐ 338/QĐ-KTTV art. 5, 1b (physical threshold).
    """
    if value is None or not isfinite(value):
        return Flag.MISSING
    low, high = limits.fail_lo, limits.fail_hi
    if (low is not None and low - value > EPS) or (high is not None and value - high > EPS):
        return Flag.FAIL
    low, high = limits.sus_lo, limits.sus_hi
    if (low is not None and low - value > EPS) or (high is not None and value - high > EPS):
        return Flag.SUSPECT
    return Flag.GOOD
