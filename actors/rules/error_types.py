"""Which kind of error a questioned value is, and how it is marked.

Source: QĐ 338/QĐ-KTTV Phụ lục 01 II.2 and III.
Invariant: "abnormal but true" is never given here; only a person says it, with evidence.
"""

from protocols.vocabulary import ErrorType, Flag

OF_TEST = {
    "syntax": ErrorType.STRUCTURE,
    "order": ErrorType.STRUCTURE,
    "completeness": ErrorType.MISSING_DATA,
    "range": ErrorType.OUT_OF_RANGE,
    "detection_limit": ErrorType.DEVICE,
    "consistency": ErrorType.INACCURATE,
    "step": ErrorType.VARIATION,
    "spike": ErrorType.VARIATION,
    "flat_line": ErrorType.VARIATION,
    "gap": ErrorType.DISCONTINUOUS,
    "spatial": ErrorType.INACCURATE,
    "cusum": ErrorType.INACCURATE,
    "model": ErrorType.INACCURATE,
    "works": ErrorType.INACCURATE,
}
DEVICE_TROUBLE = ("01", "02")
"""Calibrating, error: column 5 of TT 10/2021/TT-BTNMT Phụ lục 15."""

CORRECTED = "corrected"
MARKS = {Flag.FAIL: "likely_wrong", Flag.SUSPECT: "suspect", Flag.NOT_EVALUATED: "not_checked", Flag.GOOD: "good"}


def error_type(test: str, device_status: str = "") -> ErrorType:
    """The kind of error behind a flag of 3 or 4."""
    if test in ("syntax", "order") and device_status in DEVICE_TROUBLE:
        return ErrorType.DEVICE
    return OF_TEST.get(test, ErrorType.INACCURATE)


def mark_of(flag: int | None, *, is_corrected: bool) -> str:
    """How the value is marked after an act; empty where the act marks nothing."""
    if is_corrected:
        return CORRECTED
    return "" if flag is None else MARKS.get(Flag(flag), "missing")
