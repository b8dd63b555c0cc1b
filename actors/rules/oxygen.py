"""Brings a stack's concentration to the reference oxygen: C_ref = C * (20.9 - O2_ref) / (20.9 - O2).

Near 20.9 % the stack breathes air: the factor grows without bound and the number means nothing.
Invariant: what cannot be corrected is None, never the uncorrected number.
Source: QCVN 19:2024/BTNMT (O2 by kind of source); from which O2 on the correction is refused is NOT FOUND: a setting.
"""

from math import isfinite
from typing import NamedTuple

from protocols.symbols import canonical_symbol
from protocols.vocabulary import Flag

AIR_O2 = 20.9
REFUSED_FROM_O2 = 20.0
"""Here the factor is over 15 for a reference of 7 %; beyond, a tenth of a percent of O2 changes it by over a tenth. A
setting of each limit, `o2_refused_from`."""


def correct_oxygen(
    value: float | None, o2: float | None, o2_ref: float, refused_from: float = REFUSED_FROM_O2
) -> float | None:
    """Bring a value to the reference oxygen.

    Args:
        o2: measured share (%) of the same station and instant.
        o2_ref: the share (%) that the limit is written for.
    Returns:
        None without a value or O2, for an O2 below 0, or at `refused_from` and above.
    """
    if value is None or o2 is None or not isfinite(o2) or not 0 <= o2 < min(refused_from, AIR_O2):
        return None
    return value * (AIR_O2 - o2_ref) / (AIR_O2 - o2)


class Oxygen(NamedTuple):
    """The share (%) that was measured, and what the tests say of it."""

    value: float | None
    flag: Flag


def at_reference(
    value: float | None, flag: Flag, oxygen: Oxygen | None, o2_ref: float, refused_from: float = REFUSED_FROM_O2
) -> tuple[float | None, Flag]:
    """Bring a value to the reference oxygen with the O2 of its instant or mean; suspect O2 makes it suspect."""
    if oxygen is None or oxygen.flag in (Flag.FAIL, Flag.MISSING):
        return None, flag
    doubtful = flag in (Flag.GOOD, Flag.NOT_EVALUATED) and oxygen.flag is Flag.SUSPECT
    return correct_oxygen(value, oxygen.value, o2_ref, refused_from), Flag.SUSPECT if doubtful else flag


def is_oxygen(symbol: str) -> bool:
    """Whether a parameter is the share of oxygen."""
    return canonical_symbol(symbol) == "O2"
