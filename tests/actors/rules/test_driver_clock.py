"""A driver's clock: the stream against the definition, lateness, settling by time."""

import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.driver_clock import ContinuousDriving, DriverClock, Finding, WorkDay, evaluate, moving_s
from tests.actors.rules.tracks import limits, through_json

LIMITS = limits().driving
HOUR_S = 3600


def hours(start: float, end: float) -> tuple[int, int]:
    return int(start * HOUR_S), int(end * HOUR_S)


def drive(clock: DriverClock, start_s: int, end_s: int) -> list[Finding]:
    """Drive without a pause, one message a minute."""
    return [finding for s in range(start_s, end_s, 60) for finding in clock.push(s, min(s + 60, end_s))]


def without_closed(findings: list[Finding]) -> list[Finding]:
    return sorted((finding._replace(closed=True) for finding in findings), key=lambda f: (len(f), f))


@st.composite
def intervals(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Driving of several vehicles under one licence, in the order in which it becomes known."""
    found: list[tuple[int, int]] = []
    for _ in range(draw(st.integers(1, 3))):
        time_s = draw(st.integers(0, 2000))
        for _ in range(draw(st.integers(0, 25))):
            time_s += draw(st.sampled_from([0, 0, 0, 1, 899, 900, 1800, 7 * HOUR_S, 14 * HOUR_S - 1, 14 * HOUR_S]))
            steps = draw(st.sampled_from([1, 1, 5, 16, 40]))
            length_s = draw(st.sampled_from([1, 30, 600, 900, 900]))
            for _ in range(steps):
                found.append((time_s, time_s + length_s))
                time_s += length_s
    return sorted(found, key=lambda interval: interval[1])


@given(intervals())
def test_the_stream_of_several_vehicles_states_what_the_definition_states(known: list[tuple[int, int]]) -> None:
    clock = DriverClock(LIMITS)
    found = [finding for interval in known for finding in clock.push(*interval)]
    assert without_closed(found + clock.unfinished()) == without_closed(evaluate(known, LIMITS))


@given(intervals(), st.integers(0, 100))
def test_a_restart_anywhere_changes_nothing(known: list[tuple[int, int]], cut: int) -> None:
    clock = DriverClock(LIMITS)
    for interval in known[:cut]:
        clock.push(*interval)
    again = DriverClock.from_state(through_json(clock.state()), LIMITS)
    assert [clock.push(*interval) for interval in known[cut:]] == [again.push(*interval) for interval in known[cut:]]
    assert again.unfinished() == clock.unfinished()


@given(intervals())
def test_what_is_settled_is_never_taken_back(known: list[tuple[int, int]]) -> None:
    clock = DriverClock(LIMITS)
    settled = [finding for interval in known for finding in clock.push(*interval)]
    final = [finding._replace(closed=True) for finding in evaluate(known, LIMITS)]
    assert all(finding in final for finding in settled)


@given(intervals())
def test_driving_within_the_working_days_is_the_driving_there_was(known: list[tuple[int, int]]) -> None:
    days = [finding for finding in evaluate(known, LIMITS) if isinstance(finding, WorkDay)]
    assert all(day.driving_s <= day.end_s - day.start_s <= LIMITS.day_s for day in days)
    assert sum(moving_s(known, day.start_s, day.end_s) for day in days) == moving_s(known, 0, 10**9)


def test_four_hours_are_provisional_until_the_stop_is_proven() -> None:
    clock = DriverClock(LIMITS)
    assert drive(clock, *hours(0, 4)) == []
    assert clock.unfinished()[0] == ContinuousDriving(0, 4 * HOUR_S, closed=False)
    assert clock.advance(4 * HOUR_S + 900) == [ContinuousDriving(0, 4 * HOUR_S, closed=True)]


def test_a_working_day_ends_by_itself_after_a_rest_of_14_hours() -> None:
    clock = DriverClock(LIMITS)
    drive(clock, *hours(0, 3))
    assert clock.advance(17 * HOUR_S - 1) == []
    assert clock.advance(17 * HOUR_S) == [WorkDay(0, 3 * HOUR_S, 3 * HOUR_S, violation=False, closed=True)]
    assert clock.unfinished() == []


def test_driving_before_what_is_settled_is_refused() -> None:
    clock = DriverClock(LIMITS)
    drive(clock, *hours(0, 1))
    clock.advance(2 * HOUR_S)
    with pytest.raises(ValueError, match="settled"):
        clock.push(HOUR_S + 60, HOUR_S + 120)


def test_a_limit_that_no_law_sets_is_not_tested() -> None:
    lawless = replace(LIMITS, continuous_s=None, day_driving_s=None)
    assert evaluate([hours(0, 23)], lawless) == [WorkDay(0, 23 * HOUR_S, 23 * HOUR_S, violation=False, closed=False)]


def test_moving_time_leaves_pauses_out_and_counts_two_vehicles_once() -> None:
    assert moving_s([(0, 600), (300, 900), (1200, 1500)], 0, 1400) == 900 + 200


def test_the_clock_of_a_driver_is_small() -> None:
    clock = DriverClock(LIMITS)
    drive(clock, *hours(500_000, 500_005))
    settled_s, day, blocks = clock.state()
    numbers = {settled_s, *(day or ()), *(second for block in blocks for second in block)}
    containers = (clock, blocks, *blocks, *([day] if day else []))
    assert sum(map(sys.getsizeof, containers)) + sum(map(sys.getsizeof, numbers)) < 400
