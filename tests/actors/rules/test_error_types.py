"""Kinds of error and marks of QĐ 338."""

import pytest

from actors.rules.error_types import error_type, mark_of
from actors.rules.flags import TESTS
from protocols.vocabulary import ErrorType, Flag


@pytest.mark.parametrize("test", TESTS)
def test_every_test_has_its_kind_of_error_and_none_is_called_true(test: str) -> None:
    assert error_type(test) is not ErrorType.ABNORMAL_BUT_TRUE


def test_a_status_of_the_device_makes_it_the_devices_error() -> None:
    assert error_type("syntax", "02") is ErrorType.DEVICE
    assert error_type("syntax", "00") is ErrorType.STRUCTURE


def test_a_test_of_another_wing_is_told_as_inaccurate() -> None:
    assert error_type("outer_14") is ErrorType.INACCURATE


def test_marks_are_those_of_the_annex() -> None:
    assert [mark_of(flag, is_corrected=False) for flag in (4, 3, 2, 1, 9, None)] == [
        "likely_wrong", "suspect", "not_checked", "good", "missing", "",
    ]  # fmt: skip
    assert mark_of(Flag.GOOD, is_corrected=True) == "corrected"
