"""Q6, step."""

import json

from hypothesis import given

from actors.rules.step import StepTest, StepThresholds, judge_steps
from protocols.vocabulary import Flag
from tests.actors.rules.series_strategies import cuts, series
from tests.actors.rules.slow_references import slow_steps
from tests.actors.rules.vector_files import Case, Series, cases, split

LIMITS = StepThresholds(s10=1.0, f10=2.5, s60=2.0, f60=4.0)


@cases("step")
def test_flags_equal_the_vector(case: Case) -> None:
    rows, params = split(case)
    assert judge_steps(rows, StepThresholds.from_table(params)) == case["expected"]


@given(series())
def test_the_stream_equals_the_definition(rows: Series) -> None:
    assert judge_steps(rows, LIMITS) == slow_steps(rows, LIMITS)


@given(series(), cuts)
def test_a_restart_in_the_middle_changes_no_flag(rows: Series, cut: int) -> None:
    first = StepTest(LIMITS)
    flags = [first.push(*row) for row in rows[:cut]]
    second = StepTest.from_state(LIMITS, json.loads(json.dumps(first.state())))
    assert flags + [second.push(*row) for row in rows[cut:]] == judge_steps(rows, LIMITS)


@given(series())
def test_an_unusable_value_leaves_no_trace(rows: Series) -> None:
    kept = [row for row in rows if row[2]]
    flags = [flag for flag, row in zip(judge_steps(rows, LIMITS), rows, strict=True) if row[2]]
    assert flags == judge_steps(kept, LIMITS)


def test_a_pair_without_a_limit_is_not_evaluated() -> None:
    only_short = StepThresholds(s10=1.0)
    assert judge_steps([(0, 1.0, True), (1200, 9.0, True)], only_short) == [Flag.NOT_EVALUATED, Flag.NOT_EVALUATED]


@given(series())
def test_a_first_value_and_one_after_a_long_silence_are_not_good(rows: Series) -> None:
    apart = [(index * 4000, value, usable) for index, (_, value, usable) in enumerate(rows)]
    assert Flag.GOOD not in judge_steps(apart, LIMITS)
