"""One parameter's running judgement: late values, and values too late for their neighbours."""

import json

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
