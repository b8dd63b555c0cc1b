"""How flags add up: one aggregate per value, one control state per record, one way to compare numbers.

A value exactly at a limit passes: `a > b` means a - b > EPS everywhere in this folder.
Invariant: nothing here turns NOT_EVALUATED or MISSING into GOOD; a test that said neither has no vote.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

from protocols.flags import OUTER_TESTS, PRECEDENCE, aggregate, overall
from protocols.verdict import ALL_TESTS, TESTS, unpack
from protocols.vocabulary import Flag

__all__ = [
    "EPS",
    "OUTER_TESTS",
    "PRECEDENCE",
    "TESTS",
    "ControlState",
    "aggregate",
    "control_state",
    "exceeds",
    "outer_verdicts",
    "overall",
    "whole_flag",
    "with_verdict",
]

EPS = 1e-9


class ControlState(StrEnum):
    """How much of the mandatory control has been done (QĐ 338/QĐ-KTTV)."""

    NONE = "chua_kiem_soat"
    PARTIAL = "kiem_soat_chua_day_du"
    FULL = "da_kiem_soat"


def exceeds(value: float, limit: float) -> bool:
    """Say whether a value is over a limit by more than floating noise."""
    return value - limit > EPS


def outer_verdicts(outer_flags: int) -> dict[str, Flag]:
    """Read the nibbles: the verdict of each outer test that gave one."""
    nibbles = ((test, outer_flags >> 4 * place & 0xF) for test, place in OUTER_TESTS.items())
    return {test: Flag(nibble) for test, nibble in nibbles if nibble}


def with_verdict(outer_flags: int, test: str, flag: Flag | None) -> int:
    """Write one nibble; None takes the verdict away."""
    shift = 4 * OUTER_TESTS[test]
    return outer_flags & ~(0xF << shift) | (0 if flag is None else int(flag)) << shift


def whole_flag(verdict: int, *, missing: bool = False) -> Flag:
    """Join the flags in a verdict; a record without a value is MISSING unless something worse is known of it."""
    flag = _joined(verdict & ALL_TESTS)
    return Flag.MISSING if missing and flag not in (Flag.FAIL, Flag.SUSPECT) else flag


@lru_cache(8192)
def _joined(tests: int) -> Flag:
    return aggregate([Flag(flag) for flag in unpack(tests).values()])


def control_state(flags: Mapping[str, Flag], mandatory: Iterable[str]) -> ControlState:
    """Say how many of the mandatory tests gave a verdict; optional tests do not count.

    A missing value is controlled: it is known to be missing.
    """
    evaluated = [flags.get(test, Flag.NOT_EVALUATED) != Flag.NOT_EVALUATED for test in mandatory]
    if not any(evaluated):
        return ControlState.NONE
    return ControlState.FULL if all(evaluated) else ControlState.PARTIAL
