"""PELT on daily means."""

from itertools import combinations, pairwise
from statistics import pvariance

from hypothesis import given, settings
from hypothesis import strategies as st

from actors.rules.change_points import PeltThresholds, default_penalty, find_changes
from tests.actors.rules.vector_files import Case, cases


@cases("pelt")
def test_changes_equal_the_vector(case: Case) -> None:
    """Expectations are the output of ruptures 1.1.10, Pelt(model="l2", min_size=7, jump=1)."""
    limits = PeltThresholds(case["params"]["pen"], case["params"]["min_size"])
    assert find_changes(case["input"]["daily"], limits) == case["expected"]["breakpoints"]


def price(daily: list[float], changes: tuple[int, ...], penalty: float) -> float:
    edges = (0, *changes, len(daily))
    spread = sum(pvariance(daily[a:b]) * (b - a) for a, b in pairwise(edges))
    return spread + penalty * len(changes)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9).map(float), min_size=1, max_size=11), st.sampled_from([0.5, 3.0, 20.0]))
def test_no_other_split_is_cheaper(daily: list[float], penalty: float) -> None:
    min_size = 2
    found = tuple(find_changes(daily, PeltThresholds(penalty, min_size)))
    splits = [
        split
        for count in range(len(daily))
        for split in combinations(range(1, len(daily)), count)
        if all(b - a >= min_size for a, b in pairwise((0, *split, len(daily)))) or not split
    ]
    assert found in splits
    assert price(daily, found, penalty) <= min(price(daily, split, penalty) for split in splits) + 1e-9


def test_the_default_penalty_is_that_of_the_vectors() -> None:
    assert abs(default_penalty(60, 1.0) - 12.2830336866663) <= 1e-9


def test_fewer_days_than_two_segments_have_no_change() -> None:
    assert find_changes([], PeltThresholds(1.0)) == []
    assert find_changes([0.0] * 6 + [99.0] * 6, PeltThresholds(1.0)) == []
