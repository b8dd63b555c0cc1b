"""Speed violations: the golden tracks, the annex's own pseudo code as a reference, and restarts."""

import random
import sys
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.distance import distance_m, is_position
from actors.rules.overspeed import OverspeedLimits, OverspeedState, SpeedMessage, SpeedViolation, evaluate
from actors.rules.track import TrackMessage, arrange
from tests.actors.rules.tracks import Vector, by_plate, limits, limits_of, name_of, through_json, vectors

SPEED_TRACKS = vectors("speed")
LIMITS = limits().overspeed


def speed_messages(track: Iterable[TrackMessage]) -> list[SpeedMessage]:
    return [(m.time_s, m.speed_kmh, m.lat, m.lon, m.limit_kmh) for m in track]


def assert_as_expected(vector: Vector, found: dict[str, list[SpeedViolation]], messages: list[TrackMessage]) -> None:
    times = [message.time_s for message in arrange(messages)]
    dense = all(after - before <= 10 for before, after in pairwise(times))
    expected = vector["expected"]["speed"]
    flat = [(plate, violation) for plate, violations in found.items() for violation in violations]
    assert len(flat) == len(expected)
    for (plate, violation), want in zip(flat, expected, strict=True):
        assert plate == want["plate"]
        assert (violation.start_s, violation.end_s, violation.duration_s) == (
            want["start"],
            want["end"],
            want["duration"],
        )
        assert violation.v_kmh == pytest.approx(want["v"], abs=0.01 if dense else 0.6)
        assert violation.excess_kmh == pytest.approx(want["excess"], abs=0.01 if dense else 0.6)
        assert (violation.limit_kmh, violation.worst_s) == (want["limit"], want["t_worst"])
        assert (violation.band, violation.closed) == (want["band"], want["closed"])


@pytest.mark.parametrize("vector", SPEED_TRACKS, ids=name_of)
def test_a_track_gives_the_expected_violations(vector: Vector) -> None:
    tracks = by_plate(vector["messages"])
    overspeed = limits_of(vector).overspeed
    found = {plate: evaluate(speed_messages(arrange(track)), overspeed) for plate, track in tracks.items()}
    assert_as_expected(vector, found, [message for track in tracks.values() for message in track])


@pytest.mark.parametrize("vector", SPEED_TRACKS, ids=name_of)
def test_a_shuffled_arrival_gives_the_same_violations_when_recomputed(vector: Vector) -> None:
    tracks = {plate: arrange(track) for plate, track in by_plate(vector["messages"]).items()}
    overspeed = limits_of(vector).overspeed
    shuffle = random.Random(vector["id"]).shuffle
    found = {}
    for plate, track in tracks.items():
        arrived = list(track)
        shuffle(arrived)
        found[plate] = evaluate(speed_messages(arrange(arrived)), overspeed)
    assert_as_expected(vector, found, [message for track in tracks.values() for message in track])


@pytest.mark.parametrize("vector", SPEED_TRACKS, ids=name_of)
def test_a_restart_after_every_message_gives_the_same_violations(vector: Vector) -> None:
    overspeed = limits_of(vector).overspeed
    for track in by_plate(vector["messages"]).values():
        state = OverspeedState(overspeed)
        found = []
        for message in speed_messages(arrange(track)):
            state = OverspeedState.from_state(through_json(state.state()), overspeed)
            if (violation := state.push(*message)) is not None:
                found.append(violation)
        if (unfinished := state.open_case) is not None:
            found.append(unfinished)
        assert found == evaluate(speed_messages(arrange(track)), overspeed)


def literal(messages: list[SpeedMessage], numbers: OverspeedLimits) -> list[tuple[int, int, float, float, int, bool]]:
    """The pseudo code of the judgement, line by line, with whole messages kept."""
    previous: SpeedMessage | None = None
    case: list[tuple[float, float, float, int]] = []  # excess, v, limit, time of each violating message
    found = []

    def close(end_s: int, closed: bool) -> None:
        worst = max(case, key=lambda entry: (entry[0], -entry[3]))
        if end_s - case[0][3] > numbers.min_duration_s:
            found.append((case[0][3], end_s, worst[1], worst[2], worst[3], closed))

    for message in messages:
        time_s, speed, lat, lon, limit = message
        if previous is None:
            previous = message
            continue
        gap_s = time_s - previous[0]
        if gap_s > numbers.void_gap_s:
            case, previous = [], message
            continue
        here, there = is_position(lat, lon), is_position(previous[2], previous[3])
        value = None
        if gap_s <= numbers.instantaneous_max_s:
            value = speed if speed is not None and speed >= 0 else None
        elif here and there:
            assert lat is not None and lon is not None and previous[2] is not None and previous[3] is not None
            value = distance_m(previous[2], previous[3], lat, lon) / gap_s * 3.6
        if value is None:
            previous = message if here and not there else previous
            continue
        if value > numbers.implausible_kmh:
            continue
        previous = message
        v_kmh = value - numbers.tolerance_kmh
        if limit is not None and v_kmh > limit:
            case.append((v_kmh - limit, v_kmh, limit, time_s))
        elif case:
            close(time_s, closed=True)
            case = []
    if case:
        close(case[-1][3], closed=False)
    return found


@st.composite
def tracks(draw: st.DrawFn) -> list[SpeedMessage]:
    time_s, lat = 1_772_413_200, 20.65
    track: list[SpeedMessage] = []
    for _ in range(draw(st.integers(0, 40))):
        time_s += draw(st.sampled_from([1, 5, 10, 10, 10, 11, 20, 30, 60, 61]))
        lat += draw(st.sampled_from([0.0, 0.001, 0.0025, 0.003, 0.01]))
        speed = draw(
            st.sampled_from([None, -1.0, 0.0, 60.0, 85.0, 85.5, 92.0, 92.0, 110.0, 200.0, 201.0, float("nan")])
        )
        here_lat, here_lon = draw(st.sampled_from([(lat, 106.05)] * 6 + [(None, None), (0.0, 0.0), (106.05, 20.65)]))
        track.append((time_s, speed, here_lat, here_lon, draw(st.sampled_from([80, 80, 80, 60, None]))))
    return track


@given(tracks())
def test_the_stream_says_what_the_definition_says(track: list[SpeedMessage]) -> None:
    found = [(v.start_s, v.end_s, v.v_kmh, v.limit_kmh, v.worst_s, v.closed) for v in evaluate(track, LIMITS)]
    assert found == literal(track, LIMITS)


@given(tracks(), st.integers(0, 40))
def test_a_restart_anywhere_changes_nothing(track: list[SpeedMessage], cut: int) -> None:
    state = OverspeedState(LIMITS)
    for message in track[:cut]:
        state.push(*message)
    again = OverspeedState.from_state(through_json(state.state()), LIMITS)
    assert [state.push(*message) for message in track[cut:]] == [again.push(*message) for message in track[cut:]]
    assert (again.state(), again.open_case) == (state.state(), state.open_case)


def test_the_way_of_a_case_runs_from_its_start_to_its_end() -> None:
    step_deg = 0.0023
    track: list[SpeedMessage] = [
        (i * 10, 92.0 if 1 <= i < 7 else 60.0, 20.0 + i * step_deg, 106.0, 80) for i in range(9)
    ]
    (violation,) = evaluate(track, LIMITS)
    assert violation.distance_m == pytest.approx(6 * distance_m(20.0, 106.0, 20.0 + step_deg, 106.0), rel=1e-4)


def test_the_travelled_way_leaves_out_gaps_and_unbelievable_jumps() -> None:
    state = OverspeedState(LIMITS)
    for time_s, lat in ((0, 20.0), (30, 20.005), (60, 21.0), (90, 20.01), (900, 20.5), (930, 20.505)):
        state.push(time_s, 60.0, lat, 106.0, 80)
    way_m = 2 * distance_m(20.0, 106.0, 20.005, 106.0) + distance_m(20.5, 106.0, 20.505, 106.0)
    assert state.travelled_m == pytest.approx(way_m, rel=1e-4)


def test_the_state_of_a_vehicle_takes_less_than_300_bytes() -> None:
    state = OverspeedState(LIMITS)
    for time_s in range(1_772_413_200, 1_772_413_260, 10):
        state.push(time_s, 60.5, 20.0 + time_s * 1e-6, 106.0 + time_s * 1e-6, 80)
    numbers = {id(value): value for value in state.state() if value is not None}
    assert sys.getsizeof(state) + sum(map(sys.getsizeof, numbers.values())) < 300


def test_the_noise_of_a_measured_speed_neither_opens_a_case_nor_moves_its_worst_moment() -> None:
    at_limit = [(10 * at, 85 + 1e-10, 20.9, 105.8, 80.0) for at in range(6)]
    assert evaluate(at_limit, LIMITS) == []
    equal = [(10 * at, 95 + at * 1e-11, 20.9, 105.8, 80.0) for at in range(6)]
    assert [case.worst_s for case in evaluate([*equal, (60, 60.0, 20.9, 105.8, 80.0)], LIMITS)] == [10]
