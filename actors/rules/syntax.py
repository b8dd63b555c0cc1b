"""Q0 syntax: whether a reading's columns are as the rule and the station's inventory say.

The reader of the layout has seen the columns and gives its reasons with the reading; here come the two questions that
need the inventory (is the parameter the station's, is the unit one of its units) and the device's own word.

Source: QĐ 338/QĐ-KTTV 2025 Điều 5.1a; TT 10/2021/TT-BTNMT Phụ lục 15.
"""

from collections.abc import Collection
from typing import NamedTuple

from protocols.units import canonical_unit
from protocols.vocabulary import DeviceStatus, Flag

MISSING_VALUE = "missing_value"
SUSPECT_REASONS = frozenset(("separator", "decimal_comma"))
BY_STATUS = {DeviceStatus.CALIBRATING.value: "calibration", DeviceStatus.ERROR.value: "device_error"}


class SyntaxVerdict(NamedTuple):
    """The flag, and every reason for it in alphabetical order."""

    flag: Flag
    reasons: tuple[str, ...]


def judge_syntax(
    unit: str, status: str, reasons: Collection[str], allowed_units: Collection[str] | None
) -> SyntaxVerdict:
    """Judge one reading by itself.

    Args:
        reasons: those of the layout's reader (`ParsedReading.reasons`).
        allowed_units: spellings that the inventory allows (case and the spelling of signs do not matter); None where
            the station has no such parameter, and then its unit is not judged.
    Returns:
        FAIL outranks MISSING, MISSING outranks SUSPECT.
    """
    found = set(reasons)
    if allowed_units is None:
        found.add("param")
    elif _folded(unit) not in {_folded(allowed) for allowed in allowed_units}:
        found.add("unit")
    if status in BY_STATUS:
        found.add(BY_STATUS[status])
    if found - SUSPECT_REASONS - {MISSING_VALUE}:
        flag = Flag.FAIL
    elif MISSING_VALUE in found:
        flag = Flag.MISSING
    else:
        flag = Flag.SUSPECT if found else Flag.GOOD
    return SyntaxVerdict(flag, tuple(sorted(found)))


def _folded(unit: str) -> str:
    return canonical_unit(unit).casefold()
