"""Degrees, minutes and seconds in one run of digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.formats.dms import build_dms, is_place, read_dms


@pytest.mark.parametrize(
    ("text", "most", "degrees"),
    [("1052445", 180, 105.4125), ("091309", 90, 9.219166667), ("91309", 90, 9.219166667),
     ("105°24'45\"", 180, 105.4125), ("9° 13′ 9″", 90, 9.219166667)],
)  # fmt: skip
def test_a_coordinate_is_read(text: str, most: int, degrees: float) -> None:
    assert read_dms(text, most) == pytest.approx(degrees)


@pytest.mark.parametrize("text", ["1052376", "1052386", "1058833", "208463", "1079905", "1058000"])
def test_the_impossible_ones_of_the_rule_are_no_place(text: str) -> None:
    assert read_dms(text, 180) is None


@pytest.mark.parametrize("text", ["", "12", "E105", "1052445.5", "2100000", "٣٣٣٣٣"])
def test_what_is_no_coordinate_is_none(text: str) -> None:
    assert read_dms(text, 180) is None


def test_a_latitude_ends_at_ninety_and_an_empty_place_is_none_to_judge() -> None:
    assert not is_place("1052445", "910000")
    assert is_place("", "")


@given(st.integers(0, 180 * 3600))
def test_what_is_built_is_read_again(seconds: int) -> None:
    assert read_dms(build_dms(seconds / 3600), 180) == pytest.approx(seconds / 3600)
