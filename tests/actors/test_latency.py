"""The histogram of delivery times."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.latency import EDGES_S, Latency

NOON_S = 1_774_000_800.0


def test_nothing_counted_has_no_percentile() -> None:
    assert Latency(120).percentile(0.99) is None


@given(st.lists(st.floats(0.001, 3600), min_size=1, max_size=200), st.floats(0.01, 1.0))
def test_a_percentile_is_at_most_a_quarter_above_the_truth_and_never_below(times_s: list[float], share: float) -> None:
    latency = Latency(120)
    for time_s in times_s:
        latency.add(time_s, 1, NOON_S)
    truth_s = sorted(times_s)[max(0, -int(-share * len(times_s) // 1) - 1)]
    told_s = latency.percentile(share)
    assert told_s is not None
    assert truth_s <= told_s * (1 + 1e-9)
    assert told_s <= max(truth_s * 1.2501, EDGES_S[0])


def test_only_the_last_two_periods_count() -> None:
    latency = Latency(120, period_s=300)
    latency.add(100.0, 10, NOON_S)
    latency.add(0.01, 10, NOON_S + 301)
    latency.add(0.01, 10, NOON_S + 602)
    told_s = latency.percentile(0.99)
    assert told_s is not None
    assert told_s < 0.02


@pytest.mark.parametrize(("latency_s", "late"), [(120.0, 0), (120.1, 7)])
def test_a_delivery_over_the_deadline_is_late(latency_s: float, late: int) -> None:
    assert Latency(120).add(latency_s, 7, NOON_S) == late
