"""The far end's look at the order finds what a look at one message after the other finds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.fleet import body
from tests.bench.order import OrderCheck

LIVE_S = 1_800_000_005
sent = st.lists(st.tuples(st.sampled_from([0, 1, 999_999]), st.integers(LIVE_S - 5, LIVE_S + 5)), max_size=20)


@settings(deadline=None)
@given(st.lists(sent, max_size=4))
def test_a_message_that_is_not_newer_than_the_one_before_of_its_vehicle_is_counted(
    reads: list[list[tuple[int, int]]],
) -> None:
    check, newest, disorder, live = OrderCheck(LIVE_S), dict[tuple[int, bool], int](), 0, 0
    for read in reads:
        for vehicle, time_s in read:
            track = vehicle, time_s >= LIVE_S
            disorder += time_s <= newest.get(track, 0)
            live += track[1]
            newest[track] = time_s
        check.take([body(vehicle, time_s) for vehicle, time_s in read])
    assert (check.disorder, check.live) == (disorder, live)


def test_bodies_of_another_load_are_refused() -> None:
    with pytest.raises(ValueError, match="one size"):
        OrderCheck(LIVE_S).take([body(1, LIVE_S), body(2, LIVE_S) + b"?"])
