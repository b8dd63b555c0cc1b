"""The tests of one series together."""

import json
from copy import deepcopy
from math import isfinite
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.detection import Qualifier
from actors.rules.gap import judge_gaps
from actors.rules.range_check import judge_range
from actors.rules.series_thresholds import SeriesThresholds
from actors.rules.spike import judge_spikes
from actors.rules.step import judge_steps
from actors.rules.suite import Judged, Revision, SeriesRecord, SeriesSuite, replay
from protocols.vocabulary import Flag
from tests.actors.rules.series_strategies import cuts, series
from tests.actors.rules.vector_files import Series

LIMITS = SeriesThresholds.from_tables(
    {
        "range": {"fail_lo": -10, "fail_hi": 10, "sus_hi": 2.5},
        "detection_limit": {"mdl": 0.5, "instr_hi": 8},
        "step": {"s10": 1.0, "f10": 2.5, "s60": 2.0, "f60": 4.0},
        "spike": {"sus": 1.0, "fail": 2.5},
        "flat_line": {"tol": 1.0, "sus_s": 1800, "fail_s": 3600},
    },
    600,
)

SYNTAX_FAIL = {"syntax": Flag.FAIL}


def records_of(rows: Series) -> list[SeriesRecord]:
    return [
        SeriesRecord(time_s, value, {"syntax": Flag.GOOD} if usable else SYNTAX_FAIL) for time_s, value, usable in rows
    ]


def in_a_stream(records: list[SeriesRecord], cut: int | None = None) -> list[tuple[float, Judged]]:
    suite = SeriesSuite(LIMITS)
    judged: list[tuple[float, Judged]] = []
    for index, record in enumerate(records):
        if index == cut:
            suite = SeriesSuite.from_state(LIMITS, json.loads(json.dumps(suite.state())))
        verdict = suite.push(*record)
        for revision in verdict.revisions:
            at, earlier = next(row for row in judged if row[0] == revision.time_s)
            tests = {**earlier.tests, revision.test: revision.flag}
            judged[judged.index((at, earlier))] = (at, earlier._replace(tests=tests, flag=revision.aggregate))
        judged.append((record.time_s, verdict._replace(revisions=())))
    return judged


@given(series())
def test_each_test_gives_what_it_gives_alone(rows: Series) -> None:
    judged = [verdict for _, verdict in replay(records_of(rows), LIMITS)[0]]
    assert LIMITS.range and LIMITS.step and LIMITS.spike and LIMITS.flat_line and LIMITS.gap
    spans = [judge_range(value, LIMITS.range) for _, value, _ in rows]
    usable: Series = [
        (time_s, value, syntax and span is not Flag.FAIL)
        for (time_s, value, syntax), span in zip(rows, spans, strict=True)
    ]
    assert [verdict.tests["range"] for verdict in judged] == spans
    assert [verdict.tests["step"] for verdict in judged] == judge_steps(usable, LIMITS.step)
    assert [verdict.tests["spike"] for verdict in judged] == judge_spikes(usable, LIMITS.spike)
    told = [value is not None and isfinite(value) for _, value, _ in rows]
    gaps = judge_gaps([time_s for time_s, _, _ in rows], LIMITS.gap)
    expected = [flag if has else Flag.MISSING for flag, has in zip(gaps, told, strict=True)]
    assert [verdict.tests["gap"] for verdict in judged] == expected


@pytest.mark.parametrize(("value", "last"), [(0.1, Flag.GOOD), (0.6, Flag.FAIL)])
def test_a_value_below_the_detection_limit_may_stand_still(value: float, last: Flag) -> None:
    judged = replay([SeriesRecord(tick * 600, value) for tick in range(10)], LIMITS)[0]
    assert judged[-1][1].tests["flat_line"] is last


@given(series())
def test_the_stream_with_its_revisions_equals_the_replay(rows: Series) -> None:
    records = records_of(rows)
    assert in_a_stream(records) == replay(records, LIMITS)[0]


@given(series(), cuts)
def test_a_restart_in_the_middle_changes_nothing(rows: Series, cut: int) -> None:
    records = records_of(rows)
    assert in_a_stream(records, cut) == in_a_stream(records)


@given(series(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_flags(rows: Series, random: Random) -> None:
    records = records_of(rows)
    shuffled = list(records)
    random.shuffle(shuffled)
    assert replay(shuffled, LIMITS)[0] == replay(records, LIMITS)[0]


@given(series())
def test_records_are_left_untouched(rows: Series) -> None:
    records = records_of(rows)
    before = repr(deepcopy(records))
    replay(records, LIMITS)
    assert repr(records) == before


@given(series())
def test_a_missing_value_is_never_good(rows: Series) -> None:
    for _, verdict in replay(records_of(rows), LIMITS)[0]:
        if verdict.tests["range"] is Flag.MISSING:
            assert verdict.flag in (Flag.MISSING, Flag.FAIL)


def test_the_spike_verdict_comes_with_the_successor() -> None:
    suite = SeriesSuite(LIMITS)
    suite.push(0, 1.0)
    pending = suite.push(600, 3.0)
    assert pending.tests["spike"] is Flag.NOT_EVALUATED
    assert suite.push(1200, 1.0).revisions == (Revision(600, "spike", Flag.SUSPECT, Flag.SUSPECT),)
    assert pending.tests["spike"] is Flag.NOT_EVALUATED


def test_flags_given_before_count_in_the_aggregate() -> None:
    assert SeriesSuite(LIMITS).push(0, 1.0, {"order": Flag.SUSPECT}).flag is Flag.SUSPECT


def test_a_value_below_the_detection_limit_says_so_and_stays_valid() -> None:
    verdict = SeriesSuite(LIMITS).push(0, 0.1)
    assert (verdict.flag, verdict.qualifier) == (Flag.GOOD, Qualifier.BELOW_MDL)


def test_a_suite_without_any_test_is_not_evaluated() -> None:
    assert SeriesSuite(SeriesThresholds()).push(0, 1.0).flag is Flag.NOT_EVALUATED


def test_a_time_that_is_not_after_the_last_is_refused() -> None:
    suite = SeriesSuite(LIMITS)
    suite.push(600, 1.0)
    with pytest.raises(ValueError, match="replay late records"):
        suite.push(600, 1.0)


def test_a_test_configured_after_the_snapshot_begins_anew() -> None:
    old = SeriesSuite(SeriesThresholds(gap=LIMITS.gap))
    old.push(0, 1.0)
    verdict = SeriesSuite.from_state(LIMITS, old.state()).push(600, 1.0)
    assert (verdict.tests["gap"], verdict.tests["step"]) == (Flag.GOOD, Flag.NOT_EVALUATED)


@given(series(most=40), st.integers(0, 39))
def test_replaying_the_window_of_a_late_record_gives_its_final_flags(rows: Series, late: int) -> None:
    """What a station does with a late record: replay from storage, take the flags from its predecessor on."""
    records = [record._replace(before={}) for record in records_of(rows)]
    if late >= len(records) or LIMITS.flat_line is None:
        return
    time_s = records[late].time_s
    from_s, to_s = LIMITS.replay_window(time_s)
    without = dict(replay(records[:late] + records[late + 1 :], LIMITS)[0])
    final = dict(replay(records, LIMITS)[0])
    window = dict(replay([record for record in records if record.time_s >= from_s], LIMITS)[0])
    flat = {at: verdict.tests["flat_line"] for at, verdict in window.items() if at >= time_s}
    assert flat == {at: verdict.tests["flat_line"] for at, verdict in final.items() if at >= time_s}
    untouched = {at for at in without if at > to_s}
    assert all(without[at].tests["flat_line"] == final[at].tests["flat_line"] for at in untouched)
