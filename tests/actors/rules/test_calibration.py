"""Thresholds proposed from a month of data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.calibration import calibrate, plateaus, quantile, steps, steps_over

IN_USE = {
    "step": {"s10": 10.0, "f10": 30.0, "s60": 20.0, "f60": 50.0},
    "flat_line": {"tol": 0.05, "sus_s": 7200.0, "fail_s": 21600.0},
    "spike": False,
}


def saw(count: int, step: float) -> list[tuple[int, float]]:
    """Every value a step away from the one before."""
    return [(300 * n, step * (n % 2)) for n in range(1, count + 1)]


def test_one_and_a_half_quantiles_are_proposed_where_they_are_over_half_the_default() -> None:
    found = calibrate(saw(2000, 8.0), IN_USE, {"step": {"s10": 10.0, "s60": 20.0}}, 300)
    assert found is not None
    assert found.tables == {"step": {"s10": 12.0, "s60": 12.0}}
    assert found.was == {"step": {"s10": 10.0, "s60": 20.0}}
    assert found.evidence["step_10min"] == 8.0 and found.evidence["steps"] == 1999


def test_a_calm_series_gets_no_less_than_half_the_default() -> None:
    found = calibrate(saw(2000, 0.5), IN_USE, {"step": {"s10": 10.0, "s60": 20.0}}, 300)
    assert found is not None and found.tables["step"] == {"s10": 5.0, "s60": 10.0}


def test_a_fail_tier_is_lifted_to_a_suspect_tier_that_would_pass_it() -> None:
    found = calibrate(saw(2000, 40.0), IN_USE, {}, 300)
    assert found is not None and found.tables["step"] == {"s10": 60.0, "f10": 60.0, "s60": 60.0, "f60": 60.0}


def test_too_few_steps_and_a_test_that_is_off_propose_nothing() -> None:
    assert calibrate(saw(1000, 8.0), IN_USE, {}, 300) is None
    assert calibrate(saw(2000, 8.0), {"step": False, "flat_line": False}, {}, 300) is None
    assert calibrate(saw(2000, 6.8), {"step": {"s10": 10.0, "s60": 10.0}}, {}, 300) is None, "too close to speak up"


def test_plateaus_end_at_a_gap_and_at_a_value_outside_the_tolerance() -> None:
    points = [(300, 1.0), (600, 1.02), (900, 1.0), (1200, 2.0), (1500, 2.0), (9000, 2.0), (9300, 2.0)]
    assert plateaus(points, 0.05, 900) == [600.0, 300.0, 300.0]
    assert plateaus([], 0.05, 900) == [] and plateaus([(300, 1.0)], 0.05, 900) == []


def test_steps_lie_within_their_time() -> None:
    points = [(0, 1.0), (300, 3.0), (1200, 9.0), (3600, 2.0)]
    assert steps(points, 600) == [2.0] and steps_over(points, 3600) == [1.0]


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_quantile_is_a_value_that_its_share_does_not_pass(values: list[float], share: float) -> None:
    at = quantile(values, share)
    assert at in values and sum(value <= at for value in values) >= share * len(values) - 1e-6


@pytest.mark.parametrize(("share", "at"), [(0.5, 2.0), (0.51, 3.0), (1.0, 4.0)])
def test_a_quantile_exactly(share: float, at: float) -> None:
    assert quantile([4.0, 1.0, 3.0, 2.0], share) == at
