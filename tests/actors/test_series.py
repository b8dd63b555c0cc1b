"""One parameter's running judgement: late values, and values too late for their neighbours."""

import time
from dataclasses import replace
from random import Random
from typing import NamedTuple

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.rules.order import Order
from actors.rules.series_thresholds import SeriesThresholds
from actors.rules.suite import SeriesSuite, judge_rows
from actors.series import Series
from actors.series_memory import Row
from protocols.records import ParsedReading
from protocols.verdict import RESENT, unpack
from protocols.vocabulary import Flag
from tests.actors.station_kit import CADENCE_S, NOON_S, profile, reading

LATER_S = NOON_S + 12 * 3600
TWO_DAYS_S = 48 * 3600


class Verdict(NamedTuple):
    """What one reading brought."""

    order: Order
    tests: dict[str, int]
    revised: dict[int, dict[str, int]]


def series() -> Series:
    return Series(profile().series[0], CADENCE_S)


def push(running: Series, *readings: ParsedReading, arrival_s: float = LATER_S) -> Verdict:
    """Bring one file; tells of its last reading."""
    arrived = [running.admit(each, Flag.GOOD, arrival_s) for each in readings]
    revised = {row.time_s: unpack(row.verdict) for row in running.settle()}
    return Verdict(arrived[-1].order, unpack(arrived[-1].verdict), revised)


def fed(until_s: int) -> Series:
    running = series()
    for at_s in range(NOON_S, until_s, CADENCE_S):
        push(running, reading(at_s, 5.0 + at_s // CADENCE_S % 2), arrival_s=until_s)
    return running


def plain(running: Series) -> tuple[bytes, list[Row]]:
    return orjson.dumps(running.state()[0], default=list), list(running.memory)


def test_the_memory_is_bounded_however_long_a_station_lives() -> None:
    rows = list(fed(NOON_S + 5 * 86_400).memory)
    assert TWO_DAYS_S <= rows[-1][0] - rows[0][0] < TWO_DAYS_S + 9 * 3600


def test_two_days_of_five_minute_data_take_few_kilobytes() -> None:
    running, random = series(), Random(1)
    for at_s in range(NOON_S, NOON_S + 3 * 86_400, CADENCE_S):
        push(running, reading(at_s, round(random.uniform(5, 9), 2)), arrival_s=at_s)
    assert sum(map(len, running.memory.state())) < 8000


def test_a_value_older_than_the_memory_is_judged_by_itself_and_revises_nothing() -> None:
    running = fed(NOON_S + 4 * 86_400)
    verdict = push(running, reading(NOON_S + 150, 5.0), arrival_s=NOON_S + 4 * 86_400)
    assert verdict.order is Order.LATE
    assert verdict.revised == {}
    assert (verdict.tests["range"], verdict.tests["spike"]) == (Flag.GOOD, Flag.NOT_EVALUATED)


def test_a_late_value_does_not_become_the_last_one() -> None:
    running = fed(NOON_S + 3600)
    newest = running.last
    push(running, reading(NOON_S + 150, 9.0))
    assert running.last == newest


def test_a_spike_is_revised_when_its_successor_comes() -> None:
    running = series()
    for slot, value in enumerate((5.0, 50.0)):
        push(running, reading(NOON_S + slot * CADENCE_S, value))
    revised = push(running, reading(NOON_S + 2 * CADENCE_S, 5.0)).revised
    assert {at_s: tests["spike"] for at_s, tests in revised.items()} == {NOON_S + CADENCE_S: Flag.FAIL}


def test_a_value_that_comes_again_is_marked_and_judged_as_it_was() -> None:
    running = fed(NOON_S + 86_400)
    before = list(running.memory)
    assert push(running, reading(before[0][0], before[0][1])).order is Order.DUPLICATE
    after = list(running.memory)
    assert after[0] == (*before[0][:2], before[0][2] | RESENT)
    assert after[1:] == before[1:]


def test_the_state_goes_on_where_it_was() -> None:
    running = fed(NOON_S + 86_400)
    told, rows = running.state()
    again = Series.from_state(running.profile, CADENCE_S, orjson.loads(orjson.dumps(told, default=list)), rows)
    following = reading(NOON_S + 86_400, 30.0)
    assert push(again, following, arrival_s=NOON_S + 86_400) == push(running, following, arrival_s=NOON_S + 86_400)
    assert plain(again) == plain(running)


late_values = st.lists(
    st.tuples(st.integers(0, 90), st.sampled_from([None, 5.0, 6.0, 50.0, 200.0])), max_size=40, unique_by=lambda p: p[0]
)


@settings(deadline=None)
@given(late_values)
def test_the_late_values_of_a_file_come_to_the_same_together_as_one_by_one(
    late: list[tuple[int, float | None]],
) -> None:
    together, alone = fed(NOON_S + 25_000), fed(NOON_S + 25_000)
    readings = [reading(NOON_S + 290 * slot, value) for slot, value in sorted(late, key=lambda pair: pair[0])]
    if readings:
        push(together, *readings)
    for each in readings:
        push(alone, each)
    assert plain(together) == plain(alone)


@settings(deadline=None)
@given(late_values, st.randoms(use_true_random=False))
def test_the_memory_holds_what_a_judgement_of_the_whole_series_gives(
    late: list[tuple[int, float | None]], random: Random
) -> None:
    """Replays that end early, and blocks that grow and part, change no flag."""
    running = fed(NOON_S + 25_000)
    random.shuffle(late)
    for slot, value in late:
        push(running, reading(NOON_S + 290 * slot, value))
    rows = list(running.memory)
    assert rows == judge_rows(rows, series().suite)


TABLES: dict[str, dict[str, object]] = {
    "step": {"s10": 20.0, "f10": 60.0},
    "spike": {"sus": 20.0, "fail": 60.0},
    "flat_line": {"tol": 0.5, "sus_s": 1800},
    "gap": {},
    "range": {"fail_hi": 100},
}


@pytest.mark.parametrize("tests", [(), ("range",), *((test,) for test in TABLES), ("step", "range"), tuple(TABLES)])
@pytest.mark.parametrize("seed", range(3))
def test_days_of_values_in_any_order_are_judged_as_the_whole_with_whichever_tests(
    tests: tuple[str, ...], seed: int
) -> None:
    """A late value that is the last of its block may leave the state as it was: most of all where no test is on."""
    random = Random(seed)
    limits = SeriesThresholds.from_tables({"gap": False, **{test: TABLES[test] for test in tests}}, CADENCE_S)
    running = Series(replace(series().profile, thresholds=limits), CADENCE_S)
    slots = [slot for slot in range(400) if random.random() < 0.9]
    random.shuffle(slots)
    for slot in slots:
        value = random.choice([None, 5.0, 5.1, 6.0, 50.0, 200.0])
        push(running, reading(NOON_S + slot * CADENCE_S, value), arrival_s=NOON_S + 400 * CADENCE_S)
    rows = list(running.memory)
    assert [row[0] for row in rows] == [NOON_S + slot * CADENCE_S for slot in sorted(slots)]
    assert rows == judge_rows(rows, SeriesSuite(limits))


def test_a_file_of_late_values_costs_one_replay() -> None:
    running = series()
    push(running, reading(LATER_S, 5.0))
    begun = time.monotonic()
    push(running, *(reading(LATER_S - 4000 + at, 5.0 + at % 3) for at in range(4000)))
    assert time.monotonic() - begun < 5  # a replay for each of them took a minute


def test_a_late_value_far_back_costs_little_of_the_past() -> None:
    running = fed(NOON_S + 2 * 86_400)
    begun = time.monotonic()
    for hour in range(40):
        push(running, reading(NOON_S + 3600 * hour + 60, 5.5), arrival_s=NOON_S + 2 * 86_400)
    assert time.monotonic() - begun < 1
