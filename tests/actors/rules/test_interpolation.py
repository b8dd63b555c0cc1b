"""Filling between accepted neighbours."""

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.interpolation import Point, interpolate

NUMBERS = st.floats(-1e6, 1e6)


def test_a_value_lies_on_the_line_between_its_neighbours() -> None:
    filled = interpolate([Point(0, 10.0), Point(600, 20.0)], 150, 3600)
    assert (filled.value, filled.before, filled.after) == (12.5, Point(0, 10.0), Point(600, 20.0))


def test_what_has_a_neighbour_on_one_side_only_is_not_extrapolated() -> None:
    points = [Point(0, 10.0), Point(600, 20.0)]
    assert interpolate(points, -1, 3600).reason == "no accepted value before it"
    assert interpolate(points, 601, 3600).reason == "no accepted value after it"
    assert interpolate([], 0, 3600).value is None


def test_neighbours_too_far_apart_are_a_refusal_that_says_how_far() -> None:
    points = [Point(0, 10.0), Point(600, 20.0)]
    assert interpolate(points, 300, 600).value == 15.0
    assert "600 s apart, more than 599 s" in interpolate(points, 300, 599).reason


@given(st.dictionaries(st.integers(0, 1000), NUMBERS, min_size=2), st.integers(0, 1000))
def test_a_filled_value_lies_within_its_neighbours(series: dict[int, float], time_s: int) -> None:
    series.pop(time_s, None)
    filled = interpolate([Point(*one) for one in sorted(series.items())], time_s, 10_000)
    if filled.value is not None and filled.before is not None and filled.after is not None:
        low, high = sorted((filled.before.value, filled.after.value))
        assert low - 1e-6 <= filled.value <= high + 1e-6
        assert filled.before.time_s < time_s < filled.after.time_s
