"""Flags in the codes of EEA and BUFR, as qc.md 1.4 maps them."""

import pytest

from actors.rules.qc_codes import qc_codes
from protocols.vocabulary import Flag


@pytest.mark.parametrize(
    ("flag", "tests", "status", "below", "eea", "bufr"),
    [
        (Flag.GOOD, {}, "00", False, 1, 0),
        (Flag.GOOD, {}, "00", True, 2, 0),
        (Flag.SUSPECT, {"step": 3}, "00", False, None, 2),
        (Flag.SUSPECT, {"step": 1, "spatial": 3}, "00", False, None, 1),
        (Flag.SUSPECT, {"consistency": 3}, "00", False, None, 1),
        (Flag.FAIL, {"range": 4}, "00", True, -1, 3),
        (Flag.FAIL, {"syntax": 4}, "01", False, -99, 3),
        (Flag.NOT_EVALUATED, {}, "00", False, None, 4),
        (Flag.MISSING, {}, "00", False, -1, 7),
    ],
)
def test_a_flag_is_told_in_both_tables(
    flag: Flag, tests: dict[str, int], status: str, below: bool, eea: int | None, bufr: int
) -> None:
    assert qc_codes(flag, tests, status, below_detection=below) == (eea, bufr)


def test_a_corrected_value_is_changed_and_an_interpolated_one_estimated() -> None:
    assert qc_codes(Flag.GOOD, {}, corrected="changed").bufr == 5
    assert qc_codes(Flag.GOOD, {}, corrected="estimated").bufr == 6
