"""Q11, drift of daily means."""

import json

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.cusum import CusumTest, CusumThresholds, judge_drift
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Case, cases

LIMITS = CusumThresholds(M=5, sigma_min=1.0, h=3.0, max_gap=3)

days = st.lists(st.one_of(st.none(), st.integers(40, 60).map(float)), max_size=40)


@cases("cusum")
def test_flags_and_events_equal_the_vector(case: Case) -> None:
    flags, drifts = judge_drift(case["input"]["daily"], CusumThresholds.from_table(case["params"]))
    assert flags == case["expected"]["flags"]
    events = [{"index": drift.day, "direction": drift.direction, "start_index": drift.start_day} for drift in drifts]
    assert events == case["expected"]["events"]


@given(days, st.integers(0, 40))
def test_a_restart_in_the_middle_changes_no_verdict(daily: list[float | None], cut: int) -> None:
    whole, first = CusumTest(LIMITS), CusumTest(LIMITS)
    verdicts = [first.push(mean) for mean in daily[:cut]]
    second = CusumTest.from_state(LIMITS, json.loads(json.dumps(first.state())))
    assert verdicts + [second.push(mean) for mean in daily[cut:]] == [whole.push(mean) for mean in daily]


@given(days)
def test_no_day_is_good_before_a_whole_baseline(daily: list[float | None]) -> None:
    valid = 0
    for mean, flag in zip(daily, judge_drift(daily, LIMITS)[0], strict=True):
        assert flag is not Flag.GOOD or valid >= LIMITS.M
        valid += mean is not None


@given(days)
def test_no_single_day_fails(daily: list[float | None]) -> None:
    assert Flag.FAIL not in judge_drift(daily, LIMITS)[0]
