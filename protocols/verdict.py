"""All that was found out about one reading, in one number of 63 bits: it is kept, compared and stored as such.

From the lowest bit: one nibble per test (`TESTS`, Q0 to Q12; 0 = not configured), one for the instrument's qualifier,
one for the order of arrival, and two marks. Rows of `readings` hold it; `unpack` gives what people read.
"""

from collections.abc import Mapping
from typing import Any

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
QUALIFIERS = ("", "over_range", "saturated", "under_range", "negative", "negative_noise", "below_mdl")
ARRIVALS = ("", "in_order", "late", "duplicate", "conflict", "future")

SHIFT = {test: 4 * at for at, test in enumerate(TESTS)}
ALL_TESTS = (1 << 4 * len(TESTS)) - 1
QUALIFIER_SHIFT, ARRIVAL_SHIFT = 52, 56
EXCLUDED = 1 << 60
"""The value may stand still just now: the calm, the night, the plant at rest."""
RESENT = 1 << 61
"""The same value came again for the same instant."""

IS_ACTIVE = f"((verdict >> {ARRIVAL_SHIFT}) & 15) < 3"
"""SQL: of the records of an instant the one that came first, whatever was found out about it."""


def pack(tests: Mapping[str, int]) -> int:
    """Put flags by test into their nibbles."""
    verdict = 0
    for test, flag in tests.items():
        verdict |= flag << SHIFT[test]
    return verdict


def unpack(verdict: int) -> dict[str, int]:
    """Read the flags of the configured tests."""
    return {test: flag for test, shift in SHIFT.items() if (flag := verdict >> shift & 15)}


def flag_of(verdict: int, test: str) -> int:
    """Read one test's flag; 0 where it is not configured."""
    return verdict >> SHIFT[test] & 15


def qualifier_of(verdict: int) -> str:
    """Read why the value is what it is at the instrument's bounds; empty for no reason."""
    return QUALIFIERS[verdict >> QUALIFIER_SHIFT & 15]


def arrival_of(verdict: int) -> str:
    """Read what the record was to those that came before it."""
    return ARRIVALS[verdict >> ARRIVAL_SHIFT & 15]


def describe(verdict: int) -> dict[str, Any]:
    """Everything in words, as the API gives it."""
    return {
        "tests": unpack(verdict),
        "qualifier": qualifier_of(verdict) or None,
        "order": arrival_of(verdict) or None,
        "excluded": bool(verdict & EXCLUDED),
        "resent": bool(verdict & RESENT),
    }
