"""Q4, the instrument's own bounds: measuring range, detection limit, negative values.

The order of the rules is binding: saturation first, then negatives, then the detection limit.
Invariant: a value below the detection limit stays valid and stays itself; nothing is substituted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Self

from actors.rules.flags import EPS
from actors.rules.thresholds import read_table, require_ascending, require_positive
from protocols.vocabulary import Flag


class Qualifier(StrEnum):
    """Why a value is what it is at the instrument's bounds."""

    OVER_RANGE = "over_range"
    SATURATED = "saturated"
    UNDER_RANGE = "under_range"
    NEGATIVE = "negative"
    NEGATIVE_NOISE = "negative_noise"
    BELOW_MDL = "below_mdl"


@dataclass(frozen=True, slots=True)
class DetectionThresholds:
    """Detection limit and measuring range in the parameter's unit; temperature and level may be negative."""

    mdl: float | None = None
    instr_lo: float | None = None
    instr_hi: float | None = None
    may_be_negative: bool = False

    def __post_init__(self) -> None:
        require_positive(mdl=self.mdl)
        require_ascending(instr_lo=self.instr_lo, instr_hi=self.instr_hi)

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.detection_limit`; raises ValueError."""
        return read_table(cls, "qc.detection_limit", table, cadence_s)


def judge_detection(value: float | None, instrument: DetectionThresholds) -> tuple[Flag, Qualifier | None]:
    """Judge one value against its instrument; the qualifier says which bound it met."""
    if value is None or not isfinite(value):
        return Flag.MISSING, None
    low, high, mdl = instrument.instr_lo, instrument.instr_hi, instrument.mdl
    if high is not None and value - high >= -EPS:
        if value - high > EPS:
            return Flag.FAIL, Qualifier.OVER_RANGE
        return Flag.SUSPECT, Qualifier.SATURATED
    if value < -EPS:
        return _judge_negative(value, instrument)
    if mdl is not None:
        if mdl - value > EPS:
            return Flag.GOOD, Qualifier.BELOW_MDL
    elif low is not None and low > 0 and low - value > EPS:
        return Flag.SUSPECT, Qualifier.UNDER_RANGE
    return Flag.GOOD, None


def _judge_negative(value: float, instrument: DetectionThresholds) -> tuple[Flag, Qualifier | None]:
    low, mdl = instrument.instr_lo, instrument.mdl
    if instrument.may_be_negative:
        if low is not None and low - value > EPS:
            return Flag.FAIL, Qualifier.UNDER_RANGE
        return Flag.GOOD, None
    if mdl is None or -mdl - value > EPS:
        return Flag.FAIL, Qualifier.NEGATIVE
    return Flag.SUSPECT, Qualifier.NEGATIVE_NOISE
