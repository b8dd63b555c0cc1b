"""The load is what it says: whole waypoints, each new, some of them too fast."""

import pytest

from protocols.formats.ufms import parse_waypoint
from protocols.waypoint import Waypoint
from tests.bench.fleet import LIMIT_KMH, PERIOD_CYCLES, SPEEDING_CYCLES, FleetFrames, body, plate

FIRST_S = 1_800_000_000
VEHICLES = range(3, 103, 10)


@pytest.fixture
def frames() -> FleetFrames:
    return FleetFrames(VEHICLES, FIRST_S, 10, "tracking.bench", "track1")


def cycle(frames: FleetFrames) -> list[Waypoint]:
    frames.move()
    each = (frames.take(at, 1) for at in range(frames.count))
    return [parse_waypoint(octets[-1 - frames.body_size : -1]) for octets in each]


def test_each_vehicle_comes_once_in_a_cycle_with_the_cycles_instant(frames: FleetFrames) -> None:
    for number in range(3):
        waypoints = cycle(frames)
        assert [each.vehicle for each in waypoints] == [plate(vehicle) for vehicle in VEHICLES]
        assert {each.time_s for each in waypoints} == {FIRST_S + number * 10}


def test_each_vehicle_speeds_for_some_cycles_of_each_period(frames: FleetFrames) -> None:
    cycles = [cycle(frames) for _ in range(PERIOD_CYCLES)]
    for vehicle in zip(*cycles, strict=True):
        assert sum(each.speed_kmh > LIMIT_KMH for each in vehicle) == SPEEDING_CYCLES


def test_but_for_time_and_speed_a_message_stays_what_it_was(frames: FleetFrames) -> None:
    cycle(frames)
    first, *_ = cycle(frames)
    assert first == parse_waypoint(body(VEHICLES.start, FIRST_S + 10, first.speed_kmh))


def test_every_message_has_its_frames_end(frames: FleetFrames) -> None:
    frames.move()
    octets = frames.take(0, frames.count)
    assert len(octets) == frames.count * frames.stride
    assert set(octets[frames.stride - 1 :: frames.stride]) == {0xCE}
