"""Our flags in the codes that others read: validity of EEA e-Reporting, and BUFR table 0 33 020.

A code that neither document gives for a flag is None: a guess would look like a verdict.
Source: EEA e-Reporting validity (-99 calibration, -1 invalid, 1 valid, 2 below the detection limit), BUFR 0 33 020.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from protocols.vocabulary import DeviceStatus, Flag

EEA: Mapping[Flag, int | None] = MappingProxyType(
    {Flag.GOOD: 1, Flag.NOT_EVALUATED: None, Flag.SUSPECT: None, Flag.FAIL: -1, Flag.MISSING: -1}
)
EEA_BELOW_DETECTION = 2
EEA_CALIBRATION = -99
BUFR: Mapping[Flag, int] = MappingProxyType(
    {Flag.GOOD: 0, Flag.NOT_EVALUATED: 4, Flag.SUSPECT: 2, Flag.FAIL: 3, Flag.MISSING: 7}
)
BUFR_INCONSISTENT = 1
BUFR_CHANGED = 5
BUFR_ESTIMATED = 6
BETWEEN_SERIES = ("consistency", "spatial")
"""Tests that compare a value with others: suspect there is `inconsistent`, not `doubtful`."""


class QcCodes(NamedTuple):
    """One reading in both code tables."""

    eea: int | None
    bufr: int


def qc_codes(
    flag: Flag,
    tests: Mapping[str, int],
    device_status: str = "",
    *,
    below_detection: bool = False,
    corrected: str = "",
) -> QcCodes:
    """Translate a flag.

    Args:
        tests: flags by test, which tell what made a value suspect.
        below_detection: a good value under the detection limit.
        corrected: `changed` by a person, or `estimated` (interpolated); empty for a value as it came.
    """
    if corrected:
        return QcCodes(EEA[flag], BUFR_ESTIMATED if corrected == "estimated" else BUFR_CHANGED)
    bufr = BUFR[flag]
    if flag is Flag.SUSPECT and any(tests.get(test) == Flag.SUSPECT for test in BETWEEN_SERIES):
        bufr = BUFR_INCONSISTENT
    if device_status == DeviceStatus.CALIBRATING:
        return QcCodes(EEA_CALIBRATION, bufr)
    return QcCodes(EEA_BELOW_DETECTION if flag is Flag.GOOD and below_detection else EEA[flag], bufr)
