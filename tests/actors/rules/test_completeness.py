"""Q2, completeness of a window."""

import json

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.completeness import CompletenessThresholds, CompletenessWindow, judge_completeness
from protocols.times import parse_iso
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Case, cases, seconds

LIMITS = CompletenessThresholds(interval_s=300)

record_times = st.lists(st.integers(-400, 4000), max_size=30)


@cases("completeness")
def test_completeness_equals_the_vector(case: Case) -> None:
    given_, expected = case["input"], case["expected"]
    limits = CompletenessThresholds.from_table(case["params"])
    found = judge_completeness(seconds(given_["times"]), parse_iso(given_["start"]), parse_iso(given_["end"]), limits)
    assert (found.expected, found.filled, found.flag) == (expected["n_exp"], expected["n"], expected["flag"])
    assert abs(found.rate - expected["rate"]) <= 1e-9
    assert list(found.missing_s) == seconds(expected["missing"])


@given(record_times)
def test_the_order_of_arrival_does_not_matter(times_s: list[int]) -> None:
    assert judge_completeness(times_s, 0, 3600, LIMITS) == judge_completeness(sorted(times_s), 0, 3600, LIMITS)


@given(record_times, st.integers(0, 30))
def test_a_restart_in_the_middle_changes_nothing(times_s: list[int], cut: int) -> None:
    first = CompletenessWindow(LIMITS, 0, 3600)
    for time_s in times_s[:cut]:
        first.push(time_s)
    second = CompletenessWindow.from_state(LIMITS, json.loads(json.dumps(first.state())))
    for time_s in times_s[cut:]:
        second.push(time_s)
    assert second.verdict() == judge_completeness(times_s, 0, 3600, LIMITS)


@given(record_times)
def test_filled_and_missing_slots_add_up(times_s: list[int]) -> None:
    found = judge_completeness(times_s, 0, 3600, LIMITS)
    assert found.filled + len(found.missing_s) == found.expected == 12


def test_an_empty_window_is_missing_not_failed() -> None:
    assert judge_completeness([], 0, 3600, LIMITS).flag is Flag.MISSING
