"""Q1, order and duplicates."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.order import Arrival, Latency, Order, OrderTest, OrderThresholds, judge_order, latency_of
from protocols.times import parse_iso
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Case, cases

LIMITS = OrderThresholds()

Record = tuple[float, float, float | None]


@cases("order")
def test_order_equals_the_vector(case: Case) -> None:
    records = [(parse_iso(row["arrival"]), parse_iso(row["t"]), row["v"]) for row in case["input"]["records"]]
    found = judge_order(records, OrderThresholds.from_table(case["params"]))
    assert found.flags == case["expected"]["flags"]
    assert found.orders == case["expected"]["classes"]
    assert found.active == [(parse_iso(stamp), value) for stamp, value in case["expected"]["active"]]


@st.composite
def arrivals(draw: st.DrawFn) -> list[Record]:
    rows = draw(st.lists(st.tuples(st.integers(0, 12), st.sampled_from([None, 1.0, 2.0])), max_size=25))
    return [(20_000.0 + index, slot * 600.0, value) for index, (slot, value) in enumerate(rows)]


@given(arrivals(), st.integers(0, 25))
def test_a_restart_in_the_middle_changes_no_verdict(records: list[Record], cut: int) -> None:
    whole, first = OrderTest(LIMITS), OrderTest(LIMITS)
    verdicts = [first.push(*record) for record in records[:cut]]
    second = OrderTest.from_state(LIMITS, json.loads(json.dumps(first.state())))
    assert verdicts + [second.push(*record) for record in records[cut:]] == [whole.push(*r) for r in records]


@given(arrivals())
def test_the_first_arrival_of_an_instant_stays_active(records: list[Record]) -> None:
    first: dict[float, float | None] = {}
    for _, time_s, value in records:
        first.setdefault(time_s, value)
    assert judge_order(records, LIMITS).active == sorted(first.items())


def test_a_conflict_revises_the_instant_once() -> None:
    test = OrderTest(LIMITS)
    test.push(5, 0, 7.1)
    assert test.push(6, 0, 8.1) == Arrival(Order.CONFLICT, Flag.SUSPECT, revises=True)
    assert test.push(7, 0, 9.1) == Arrival(Order.CONFLICT, Flag.SUSPECT, revises=False)


def test_a_record_behind_the_horizon_is_not_evaluated_until_its_instant_is_seeded() -> None:
    test = OrderTest(OrderThresholds(horizon_s=3600))
    test.push(10_000, 10_000, 1.0)
    assert test.push(10_001, 600, 5.0) == Arrival(Order.LATE, Flag.NOT_EVALUATED)
    test.seed(600, (5.0,))
    assert test.push(10_002, 600, 5.0) == Arrival(Order.DUPLICATE, Flag.GOOD)


def test_the_memory_is_bounded_by_the_horizon() -> None:
    test = OrderTest(OrderThresholds(horizon_s=3600))
    for slot in range(500):
        test.push(slot * 300, slot * 300, 1.0)
    assert len(test.state()[1]) == 13


def test_a_future_record_does_not_move_the_high_water_mark() -> None:
    test = OrderTest(LIMITS)
    assert test.push(0, 301, 1.0) == Arrival(Order.FUTURE, Flag.FAIL)
    assert test.state() == (None, ())


@pytest.mark.parametrize(
    ("delay_s", "latency"),
    [(120, Latency.ON_TIME), (121, Latency.LATE), (1200, Latency.LATE), (1201, Latency.BACKFILL)],
)
def test_latency_is_classed_by_2_and_20_minutes(delay_s: int, latency: Latency) -> None:
    """QĐ 338/QĐ-KTTV: delivered within 2 minutes, lists within 20 minutes of reception."""
    assert latency_of(1000 + delay_s, 1000) is latency
