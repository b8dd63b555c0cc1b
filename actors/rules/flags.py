"""How flags add up: one aggregate per value, one control state per record, one way to compare numbers.

A value exactly at a limit passes: `a > b` means a - b > EPS everywhere in this folder.
Invariant: nothing here turns NOT_EVALUATED or MISSING into GOOD; a test that said neither has no vote.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from protocols.vocabulary import Flag

EPS = 1e-9

PRECEDENCE = (Flag.FAIL, Flag.SUSPECT, Flag.GOOD, Flag.NOT_EVALUATED, Flag.MISSING)

TESTS = (
    "syntax",
    "order",
    "completeness",
    "range",
    "detection_limit",
    "consistency",
    "step",
    "spike",
    "flat_line",
    "gap",
    "spatial",
    "cusum",
    "model",
)
"""Names of the tests, Q0 to Q12."""


class ControlState(StrEnum):
    """How much of the mandatory control has been done (QĐ 338/QĐ-KTTV)."""

    NONE = "chua_kiem_soat"
    PARTIAL = "kiem_soat_chua_day_du"
    FULL = "da_kiem_soat"


def exceeds(value: float, limit: float) -> bool:
    """Say whether a value is over a limit by more than floating noise."""
    return value - limit > EPS


def aggregate(flags: Collection[Flag]) -> Flag:
    """Join the flags of several tests: the highest of 4 > 3 > 1 > 2 > 9, and 2 where there are none."""
    for flag in PRECEDENCE:
        if flag in flags:
            return flag
    return Flag.NOT_EVALUATED


def control_state(flags: Mapping[str, Flag], mandatory: Iterable[str]) -> ControlState:
    """Say how many of the mandatory tests gave a verdict; optional tests do not count.

    A missing value is controlled: it is known to be missing.
    """
    evaluated = [flags.get(test, Flag.NOT_EVALUATED) != Flag.NOT_EVALUATED for test in mandatory]
    if not any(evaluated):
        return ControlState.NONE
    return ControlState.FULL if all(evaluated) else ControlState.PARTIAL
