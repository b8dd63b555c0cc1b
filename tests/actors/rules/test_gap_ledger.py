"""The ledger of holes."""

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.gap_ledger import Gap, GapLedger
from protocols.vocabulary import GapState

CADENCE_S = 300


def test_data_on_time_make_no_gap() -> None:
    ledger = GapLedger(CADENCE_S)
    assert [ledger.push(k * CADENCE_S) for k in range(10)] == [()] * 10


def test_newer_data_close_a_gap_with_its_missing_count() -> None:
    ledger = GapLedger(CADENCE_S)
    ledger.push(0)
    assert ledger.push(4 * CADENCE_S) == (Gap(0, 4 * CADENCE_S, 3, GapState.CLOSED),)


def test_silence_opens_a_gap_that_counts_on_and_is_closed_under_the_same_name() -> None:
    ledger = GapLedger(CADENCE_S)
    ledger.push(0)
    assert ledger.watch(1.5 * CADENCE_S) == ()
    assert ledger.watch(2 * CADENCE_S) == (Gap(0, None, 2, GapState.OPEN),)
    assert ledger.watch(2.5 * CADENCE_S) == ()
    assert ledger.watch(3 * CADENCE_S) == (Gap(0, None, 3, GapState.OPEN),)
    assert ledger.push(4 * CADENCE_S) == (Gap(0, 4 * CADENCE_S, 3, GapState.CLOSED),)


def test_an_opened_gap_that_proves_to_be_none_is_settled() -> None:
    """The record was on its way: its time follows the last one directly."""
    ledger = GapLedger(CADENCE_S)
    ledger.push(0)
    ledger.watch(2 * CADENCE_S)
    assert ledger.push(CADENCE_S) == (Gap(0, CADENCE_S, 0, GapState.BACKFILLED),)


def test_late_data_fill_a_gap_one_by_one() -> None:
    ledger = GapLedger(CADENCE_S)
    ledger.push(0)
    ledger.push(4 * CADENCE_S)
    assert ledger.push(2 * CADENCE_S) == (Gap(0, 4 * CADENCE_S, 2, GapState.CLOSED),)
    assert ledger.push(CADENCE_S) == (Gap(0, 4 * CADENCE_S, 1, GapState.CLOSED),)
    assert ledger.push(CADENCE_S) == ()
    assert ledger.push(3 * CADENCE_S) == (Gap(0, 4 * CADENCE_S, 0, GapState.BACKFILLED),)
    assert ledger.holes() == []


def test_data_from_before_the_first_record_show_the_hole_between() -> None:
    ledger = GapLedger(CADENCE_S)
    ledger.push(10 * CADENCE_S)
    assert ledger.push(7 * CADENCE_S) == (Gap(7 * CADENCE_S, 10 * CADENCE_S, 2, GapState.CLOSED),)


def test_gaps_older_than_the_horizon_are_forgotten() -> None:
    ledger = GapLedger(CADENCE_S, keep_s=10 * CADENCE_S)
    for k in (0, 5, 6, 20):
        ledger.push(k * CADENCE_S)
    assert ledger.holes() == [(6 * CADENCE_S, 20 * CADENCE_S)]


slots = st.lists(st.integers(0, 40), min_size=1, max_size=25)


@given(slots)
def test_in_any_order_of_arrival_the_holes_are_those_of_the_sorted_series(arrivals: list[int]) -> None:
    ledger = GapLedger(CADENCE_S)
    for slot in arrivals:
        ledger.push(slot * CADENCE_S)
    expected = [(a * CADENCE_S, b * CADENCE_S) for a, b in pairwise(sorted(set(arrivals))) if b - a > 1]
    assert ledger.holes() == expected


@given(slots)
def test_the_rows_last_written_add_up_to_what_is_missing(arrivals: list[int]) -> None:
    ledger = GapLedger(CADENCE_S)
    rows: dict[int, Gap] = {}
    for slot in arrivals:
        rows |= {gap.from_s: gap for gap in ledger.push(slot * CADENCE_S)}
    assert sum(gap.missing for gap in rows.values()) == max(arrivals) - min(arrivals) + 1 - len(set(arrivals))


@given(slots, st.integers(0, 25))
def test_a_restart_in_the_middle_writes_the_same_rows(arrivals: list[int], cut: int) -> None:
    whole, first = GapLedger(CADENCE_S), GapLedger(CADENCE_S)
    expected = [whole.push(slot * CADENCE_S) for slot in arrivals]
    written = [first.push(slot * CADENCE_S) for slot in arrivals[:cut]]
    second = GapLedger.from_state(CADENCE_S, json.loads(json.dumps(first.state())))
    assert written + [second.push(slot * CADENCE_S) for slot in arrivals[cut:]] == expected


@given(st.integers(10, 7200), st.integers(1, 20))
def test_a_watch_at_the_time_it_asks_for_tells_something_and_a_second_before_nothing(
    cadence_s: int, looks: int
) -> None:
    ledger = GapLedger(cadence_s)
    assert ledger.watch_at() is None
    ledger.push(0)
    for _ in range(looks):
        at_s = ledger.watch_at()
        assert at_s is not None
        assert ledger.watch(at_s - 1) == ()
        assert len(ledger.watch(at_s)) == 1
