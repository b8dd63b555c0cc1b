"""Q0 syntax: whether a reading's columns are as the rule and the station's inventory say.

The reader of the layout has seen the columns and gives its reasons with the reading; the station's dictionary adds what
only the inventory can see (is the parameter the station's, is the unit one of its units); the device has its own word.
Invariant: a reason is never lost: `bits_of` keeps them beside the value, `reasons_of` gives them back.

Source: QĐ 338/QĐ-KTTV 2025 Điều 5.1a; TT 10/2021/TT-BTNMT Phụ lục 15.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from protocols.units import canonical_unit
from protocols.vocabulary import DeviceStatus, Flag

MISSING_VALUE = "missing_value"
MAGNITUDE = "magnitude"
"""The unit is right, but the number is one of another unit (`actors/rules/magnitudes.py`)."""
CONVERTED = "converted"
SUSPECT_REASONS = frozenset(("separator", "decimal_comma", MAGNITUDE))
NOTES = frozenset((CONVERTED, "coordinates"))
"""What is told beside the value and says nothing about it."""
BY_STATUS = {DeviceStatus.CALIBRATING.value: "calibration", DeviceStatus.ERROR.value: "device_error"}
REASONS = (
    "separator",
    "decimal_comma",
    "value",
    MISSING_VALUE,
    "param",
    "unit",
    "status",
    "calibration",
    "device_error",
    "coordinates",
    CONVERTED,
    MAGNITUDE,
)
"""In the order of their bits: a new one goes to the end."""
BITS = {reason: 1 << at for at, reason in enumerate(REASONS)}


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
    elif folded_unit(unit) not in {folded_unit(allowed) for allowed in allowed_units}:
        found.add("unit")
    return judge_reasons(status, found)


def judge_reasons(status: str, reasons: Iterable[str]) -> SyntaxVerdict:
    """Join what the reader and the dictionary found with the device's own word."""
    found = set(reasons)
    if status in BY_STATUS:
        found.add(BY_STATUS[status])
    if not found:
        return SOUND
    weighed = found - NOTES
    if weighed - SUSPECT_REASONS - {MISSING_VALUE}:
        flag = Flag.FAIL
    elif MISSING_VALUE in weighed:
        flag = Flag.MISSING
    else:
        flag = Flag.SUSPECT if weighed else Flag.GOOD
    return SyntaxVerdict(flag, tuple(sorted(found)))


SOUND = SyntaxVerdict(Flag.GOOD, ())


def bits_of(reasons: Iterable[str]) -> int:
    """Pack reasons into one whole number."""
    return sum(BITS[reason] for reason in reasons if reason in BITS)


def reasons_of(bits: int) -> tuple[str, ...]:
    """Give packed reasons back, in alphabetical order."""
    return tuple(sorted(reason for reason, bit in BITS.items() if bits & bit))


def folded_unit(unit: str) -> str:
    """A unit for comparing: its one spelling, without case."""
    return canonical_unit(unit).casefold()
