"""Which tests are mandatory for a station, and how far the control of one reading has come.

Source: QĐ 338/QĐ-KTTV art. 4.4 and 5: stations of the national network and an owner's own are controlled in full,
special-purpose stations at least in completeness, frequency, structure and format.
Invariant: a state is derived from the flags; nothing is stored that could contradict them.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from actors.rules.completeness import CompletenessThresholds
from actors.rules.flags import EPS, ControlState, control_state
from protocols.flags import NEIGHBOURED
from protocols.vocabulary import Flag

PUBLISHED_AFTER_S = 1200
"""A reading's state is published so long after its reception, as it stands then."""


class Network(StrEnum):
    """Whose network a station belongs to."""

    NATIONAL = "national"
    OWN = "own"
    SPECIAL = "special"


FULL = ("syntax", "range", "step", "flat_line")
LEAST = ("syntax", "completeness")


def mandatory_tests(network: str, override: Sequence[str] | None = None) -> tuple[str, ...]:
    """The tests that a reading of a station must pass through; `override` is the inventory's own list."""
    if override is not None:
        return tuple(override)
    return LEAST if network == Network.SPECIAL else FULL


def mandatory_of(tests: Sequence[str], outer_flags: int) -> tuple[str, ...]:
    """The mandatory tests of one reading: in full also the spatial one, where it had neighbours enough when it came."""
    return (*tests, "spatial") if tuple(tests) == FULL and outer_flags & NEIGHBOURED else tuple(tests)


def hour_flag(count: int, expected: int, limits: CompletenessThresholds) -> Flag:
    """Q2 of the hour that a reading belongs to, from its count of members."""
    if count == 0 or expected <= 0:
        return Flag.MISSING
    rate = count / expected
    if limits.ok - rate <= EPS:
        return Flag.GOOD
    return Flag.SUSPECT if limits.warn - rate <= EPS else Flag.FAIL


def state_of(tests: Mapping[str, int], mandatory: Sequence[str]) -> ControlState:
    """The control state of stored flags."""
    return control_state({test: Flag(flag) for test, flag in tests.items()}, mandatory)
