"""Q7, spike."""

import json

from hypothesis import given

from actors.rules.spike import SpikeTest, SpikeThresholds, judge_spikes
from protocols.vocabulary import Flag
from tests.actors.rules.series_strategies import cuts, series
from tests.actors.rules.slow_references import slow_spikes
from tests.actors.rules.vector_files import Case, Series, cases, split

LIMITS = SpikeThresholds(sus=1.0, fail=2.5, max_gap_s=900)


@cases("spike")
def test_flags_equal_the_vector(case: Case) -> None:
    rows, params = split(case)
    assert judge_spikes(rows, SpikeThresholds.from_table(params)) == case["expected"]


@given(series())
def test_the_stream_equals_the_definition(rows: Series) -> None:
    assert judge_spikes(rows, LIMITS) == slow_spikes(rows, LIMITS)


@given(series(), cuts)
def test_a_restart_in_the_middle_changes_no_verdict(rows: Series, cut: int) -> None:
    whole, first = SpikeTest(LIMITS), SpikeTest(LIMITS)
    verdicts = [first.push(*row) for row in rows[:cut]]
    second = SpikeTest.from_state(LIMITS, json.loads(json.dumps(first.state())))
    assert verdicts + [second.push(*row) for row in rows[cut:]] == [whole.push(*row) for row in rows]


@given(series())
def test_the_newest_value_is_never_good(rows: Series) -> None:
    assert judge_spikes(rows, LIMITS)[-1:] != [Flag.GOOD]
