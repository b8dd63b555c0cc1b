"""The reference oxygen of a stack."""

import pytest

from actors.rules.oxygen import Oxygen, at_reference, correct_oxygen
from protocols.vocabulary import Flag


def test_a_value_is_brought_to_the_reference_oxygen() -> None:
    """QCVN 19:2024/BTNMT; a public sheet: 18.7 % of O2 multiplies by about 6.3 at a reference of 7 %."""
    assert correct_oxygen(10, 18.7, 7) == pytest.approx(10 * 13.9 / 2.2)
    assert correct_oxygen(100, 7, 7) == pytest.approx(100)


@pytest.mark.parametrize("o2", [None, 20.0, 20.9, 21.5, -0.1, float("nan")])
def test_without_a_usable_oxygen_there_is_no_number(o2: float | None) -> None:
    assert correct_oxygen(10, o2, 7) is None
    assert correct_oxygen(None, 7, 7) is None


def test_from_where_the_correction_is_refused_is_a_setting_but_never_at_air() -> None:
    assert correct_oxygen(10, 20.5, 7, refused_from=20.8) is not None
    assert correct_oxygen(10, 20.9, 7, refused_from=25) is None


def test_a_failed_oxygen_corrects_nothing() -> None:
    for flag in (Flag.FAIL, Flag.MISSING):
        assert at_reference(10, Flag.GOOD, Oxygen(7, flag), 7) == (None, Flag.GOOD)
    assert at_reference(10, Flag.GOOD, None, 7) == (None, Flag.GOOD)


def test_a_suspect_oxygen_makes_what_it_corrects_suspect() -> None:
    """qc.md Q17: a suspect number alarms as "chờ xác minh"."""
    value, flag = at_reference(10, Flag.GOOD, Oxygen(7, Flag.SUSPECT), 7)
    assert value == pytest.approx(10) and flag is Flag.SUSPECT
    assert at_reference(10, Flag.FAIL, Oxygen(7, Flag.SUSPECT), 7)[1] is Flag.FAIL
    assert at_reference(10, Flag.SUSPECT, Oxygen(7, Flag.GOOD), 7)[1] is Flag.SUSPECT
