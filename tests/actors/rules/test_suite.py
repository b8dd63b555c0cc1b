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
from actors.rules.suite import Judged, SeriesRecord, SeriesSuite, judge_alone, replay, with_spike
from protocols.verdict import pack, unpack
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
        SeriesRecord(int(time_s), value, {"syntax": Flag.GOOD} if usable else SYNTAX_FAIL)
        for time_s, value, usable in rows
    ]


def in_a_stream(records: list[SeriesRecord], cut: int | None = None) -> list[dict[str, int]]:
    suite = SeriesSuite(LIMITS)
    judged: list[int] = []
    for index, record in enumerate(records):
        if index == cut:
            suite = SeriesSuite.from_state(LIMITS, json.loads(json.dumps(suite.state())))
        value = record.value if record.value is not None and isfinite(record.value) else None
        verdict, spike = suite.push(record.time_s, value, pack(record.before) | judge_alone(value, LIMITS))
        if spike is not Flag.NOT_EVALUATED:
            judged[-1] = with_spike(judged[-1], spike)
        judged.append(verdict)
    return [unpack(verdict) for verdict in judged]


def flags_by_test(judged: list[Judged]) -> list[dict[str, int]]:
    return [each.tests for each in judged]


def alone(value: float, limits: SeriesThresholds = LIMITS, before: dict[str, Flag] | None = None) -> Judged:
    (judged,) = replay([SeriesRecord(0, value, before or {})], limits)
    return judged


@given(series())
def test_each_test_gives_what_it_gives_alone(rows: Series) -> None:
    judged = replay(records_of(rows), LIMITS)
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
    judged = replay([SeriesRecord(tick * 600, value) for tick in range(10)], LIMITS)
    assert judged[-1].tests["flat_line"] == last


def test_a_value_whose_partners_say_so_may_stand_still() -> None:
    judged = replay([SeriesRecord(tick * 600, 0.6, excluded=tick < 9) for tick in range(10)], LIMITS)
    assert judged[-1].tests["flat_line"] == Flag.GOOD


@given(series())
def test_the_stream_with_its_revisions_equals_the_replay(rows: Series) -> None:
    records = records_of(rows)
    assert in_a_stream(records) == flags_by_test(replay(records, LIMITS))


@given(series(), cuts)
def test_a_restart_in_the_middle_changes_nothing(rows: Series, cut: int) -> None:
    records = records_of(rows)
    assert in_a_stream(records, cut) == in_a_stream(records)


@given(series(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_flags(rows: Series, random: Random) -> None:
    records = records_of(rows)
    shuffled = list(records)
    random.shuffle(shuffled)
    assert replay(shuffled, LIMITS) == replay(records, LIMITS)


@given(series())
def test_records_are_left_untouched(rows: Series) -> None:
    records = records_of(rows)
    before = repr(deepcopy(records))
    replay(records, LIMITS)
    assert repr(records) == before


@given(series())
def test_a_missing_value_is_never_good(rows: Series) -> None:
    for verdict in replay(records_of(rows), LIMITS):
        if verdict.tests["range"] == Flag.MISSING:
            assert verdict.flag in (Flag.MISSING, Flag.FAIL)


def test_the_spike_verdict_comes_with_the_successor() -> None:
    suite = SeriesSuite(LIMITS)
    suite.push(0, 1.0, 0)
    pending, _ = suite.push(600, 3.0, 0)
    assert unpack(pending)["spike"] == Flag.NOT_EVALUATED
    _, spike = suite.push(1200, 1.0, 0)
    assert unpack(with_spike(pending, spike))["spike"] == Flag.SUSPECT


def test_flags_given_before_count_in_the_aggregate() -> None:
    assert alone(1.0, before={"order": Flag.SUSPECT}).flag is Flag.SUSPECT


def test_a_value_below_the_detection_limit_says_so_and_stays_valid() -> None:
    verdict = alone(0.1)
    assert (verdict.flag, verdict.qualifier) == (Flag.GOOD, Qualifier.BELOW_MDL)


def test_a_suite_without_any_test_is_not_evaluated() -> None:
    assert alone(1.0, SeriesThresholds()).flag is Flag.NOT_EVALUATED


def test_a_test_configured_after_the_snapshot_begins_anew() -> None:
    old = SeriesSuite(SeriesThresholds(gap=LIMITS.gap))
    old.push(0, 1.0, 0)
    verdict, _ = SeriesSuite.from_state(LIMITS, old.state()).push(600, 1.0, 0)
    tests = unpack(verdict)
    assert (tests["gap"], tests["step"]) == (Flag.GOOD, Flag.NOT_EVALUATED)
