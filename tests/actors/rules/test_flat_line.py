"""Q8, flat line."""

import json

from hypothesis import given

from actors.rules.flat_line import FlatLineTest, FlatLineThresholds, judge_flat_lines
from protocols.vocabulary import Flag
from tests.actors.rules.series_strategies import cuts, series
from tests.actors.rules.slow_references import slow_flat_lines
from tests.actors.rules.vector_files import Case, Series, cases, split

LIMITS = FlatLineThresholds(tol=1.0, sus_s=1800, fail_s=3600, max_gap_s=1800)


@cases("flat_line")
def test_flags_equal_the_vector(case: Case) -> None:
    rows, params = split(case)
    assert judge_flat_lines(rows, FlatLineThresholds.from_table(params)) == case["expected"]


@given(series())
def test_the_stream_equals_the_definition(rows: Series) -> None:
    assert judge_flat_lines(rows, LIMITS) == slow_flat_lines(rows, LIMITS)


@given(series(), cuts)
def test_a_restart_in_the_middle_changes_no_flag(rows: Series, cut: int) -> None:
    first = FlatLineTest(LIMITS)
    flags = [first.push(*row) for row in rows[:cut]]
    second = FlatLineTest.from_state(LIMITS, json.loads(json.dumps(first.state())))
    assert flags + [second.push(*row) for row in rows[cut:]] == judge_flat_lines(rows, LIMITS)


@given(series())
def test_an_unusable_value_leaves_no_trace(rows: Series) -> None:
    kept = [row for row in rows if row[2]]
    flags = [flag for flag, row in zip(judge_flat_lines(rows, LIMITS), rows, strict=True) if row[2]]
    assert flags == judge_flat_lines(kept, LIMITS)


def test_an_exclusion_from_outside_ends_the_run() -> None:
    test = FlatLineTest(LIMITS)
    flags = [test.push(tick * 600, 5.0, excluded=tick == 3) for tick in range(8)]
    assert flags == [Flag.GOOD] * 7 + [Flag.SUSPECT]


def test_the_state_never_holds_more_than_the_longest_window() -> None:
    """A slow rise is the worst case: no value ever pushes another out."""
    test = FlatLineTest(LIMITS)
    sizes: list[int] = []
    for index in range(500):
        test.push(index * 60, index * 1e-6)
        sizes.append(max(len(part) for part in test.state() if isinstance(part, tuple)))
    assert max(sizes) <= 3600 // 60 + 1


def test_a_stuck_value_needs_the_memory_of_one() -> None:
    test = FlatLineTest(LIMITS)
    for index in range(500):
        test.push(index * 60, 7.0)
    assert [len(part) for part in test.state() if isinstance(part, tuple)] == [1, 1]
