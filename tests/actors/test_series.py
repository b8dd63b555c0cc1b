"""One parameter's running judgement: late values, and values too late for their neighbours."""

import json
import time

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.order import Order
from actors.series import Series
from protocols.vocabulary import Flag
from tests.actors.station_kit import CADENCE_S, NOON_S, profile, reading

LATER_S = NOON_S + 12 * 3600


def series() -> Series:
    return Series(profile().series[0], CADENCE_S)


def fed(until_s: int) -> Series:
    running = series()
    for at_s in range(NOON_S, until_s, CADENCE_S):
        running.push(reading(at_s, 5.0 + at_s // CADENCE_S % 2), Flag.GOOD, LATER_S, 1)
    return running


def test_the_recent_past_is_bounded_however_long_a_station_lives() -> None:
    assert len(fed(LATER_S).recent) < 40


def test_a_value_older_than_the_recent_past_is_judged_by_itself_and_revises_nothing() -> None:
    running = fed(LATER_S)
    verdict = running.push(reading(NOON_S + 150, 5.0), Flag.GOOD, LATER_S, 1)
    assert verdict.order is Order.LATE
    assert verdict.revised == ()
    assert verdict.tests["range"] is Flag.GOOD
    assert verdict.tests["spike"] is Flag.NOT_EVALUATED


def test_a_late_value_does_not_become_the_last_one() -> None:
    running = fed(NOON_S + 3600)
    newest = running.last
    running.push(reading(NOON_S + 150, 9.0), Flag.GOOD, LATER_S, 1)
    assert running.last == newest


def test_a_spike_is_revised_when_its_successor_comes() -> None:
    running = series()
    for slot, value in enumerate((5.0, 50.0)):
        running.push(reading(NOON_S + slot * CADENCE_S, value), Flag.GOOD, LATER_S, 1)
    verdict = running.push(reading(NOON_S + 2 * CADENCE_S, 5.0), Flag.GOOD, LATER_S, 1)
    assert [(entry.time_s, entry.tests["spike"]) for entry in verdict.revised] == [(NOON_S + CADENCE_S, Flag.FAIL)]


def test_the_state_is_plain_and_goes_on_where_it_was() -> None:
    running = fed(NOON_S + 7200)
    again = Series.from_state(running.profile, CADENCE_S, json.loads(json.dumps(running.state())))
    following = reading(NOON_S + 7200, 30.0)
    assert again.push(following, Flag.GOOD, LATER_S, 1) == running.push(following, Flag.GOOD, LATER_S, 1)
    assert again.state() == running.state()


@given(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from([5.0, 6.0, 50.0])), max_size=40, unique_by=lambda p: p[0])
)
def test_the_late_values_of_a_file_come_to_the_same_together_as_one_by_one(late: list[tuple[int, float]]) -> None:
    together, alone = fed(NOON_S + 7200), fed(NOON_S + 7200)
    readings = [reading(NOON_S + 290 * slot, value) for slot, value in sorted(late)]
    verdicts = together.push_all([(each, Flag.GOOD) for each in readings], LATER_S, 2)
    singly = [alone.push(each, Flag.GOOD, LATER_S, 2) for each in readings]
    assert together.state() == alone.state()
    assert [(verdict.order, verdict.gaps) for verdict in verdicts] == [(one.order, one.gaps) for one in singly]


def test_a_file_of_late_values_costs_one_replay() -> None:
    running = series()
    running.push(reading(LATER_S, 5.0), Flag.GOOD, LATER_S, 1)
    backlog = [(reading(LATER_S - 4000 + at, 5.0 + at % 3), Flag.GOOD) for at in range(4000)]
    begun = time.monotonic()
    assert len(running.push_all(backlog, LATER_S, 2)) == 4000
    assert time.monotonic() - begun < 5  # a replay for each of them took a minute
