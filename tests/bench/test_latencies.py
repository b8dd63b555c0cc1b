"""Percentiles count messages."""

from tests.bench.latencies import Latencies


def test_a_percentile_is_the_latency_of_that_share_of_the_messages() -> None:
    latencies = Latencies()
    latencies.add(0.001, 98)
    latencies.add(0.5, 2)
    assert latencies.percentiles_ms(0.5, 0.98, 0.99, 1) == [1, 1, 500, 500]


def test_the_order_in_which_they_came_does_not_matter() -> None:
    latencies, later = Latencies(), Latencies()
    latencies.add(0.3)
    later.add(0.1)
    later.add(0.2)
    latencies.merge(later)
    assert latencies.percentiles_ms(0.1, 0.5, 0.9) == [100, 200, 300]
    assert latencies.count == 3


def test_nothing_has_no_latency() -> None:
    assert Latencies().percentiles_ms(0.5, 0.99) == [0, 0]
