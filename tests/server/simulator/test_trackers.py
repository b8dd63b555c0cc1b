"""Simulated trackers, judged by the vehicle rules."""

from itertools import pairwise
from random import Random

import pytest

from actors.rules.distance import distance_m
from actors.rules.overspeed import evaluate
from actors.rules.waypoint_faults import WaypointFault, waypoint_faults
from protocols.waypoint import Waypoint
from server.simulator.parts import VehiclePart, vehicle_part
from server.simulator.roads import province_roads
from server.simulator.trackers import Tracker
from tests.actors.rules.tracks import limits

START_S = 1_772_427_600
ROADS = province_roads()


def hour_of(part: VehiclePart) -> list[Waypoint]:
    tracker = Tracker("89B00001", part, ROADS, Random(5))
    reports = (tracker.report(time_s) for time_s in range(START_S, START_S + 3600, 10))
    return [waypoint for waypoint in reports if waypoint is not None]


def violations(track: list[Waypoint]) -> int:
    messages = [(w.time_s, w.speed_kmh, w.y_lat, w.x_lon, 80.0) for w in track]
    return len([violation for violation in evaluate(messages, limits().overspeed) if violation.closed])


def test_an_ordinary_vehicle_drives_as_fast_as_it_says_and_keeps_the_limit() -> None:
    track = hour_of(VehiclePart.ORDINARY)
    assert len(track) == 360
    for before, after in pairwise(track):
        way_m = distance_m(before.y_lat, before.x_lon, after.y_lat, after.x_lon)
        assert way_m <= after.speed_kmh / 3.6 * 10 + 1
    assert violations(track) == 0


def test_a_speeding_vehicle_violates_every_five_minutes() -> None:
    assert violations(hour_of(VehiclePart.SPEEDING)) == pytest.approx(12, abs=1)


def test_a_parked_vehicle_stands_and_reports_rarely() -> None:
    track = hour_of(VehiclePart.PARKED)
    assert len(track) == pytest.approx(60, abs=1)
    assert len({(waypoint.x_lon, waypoint.y_lat) for waypoint in track}) == 1


@pytest.mark.parametrize(
    ("part", "faults"),
    [
        (VehiclePart.ORDINARY, ()),
        (VehiclePart.SWAPPED_AXES, (WaypointFault.SWAPPED_AXES,)),
        (VehiclePart.NOBODY, (WaypointFault.PLACEHOLDER_DRIVER,)),
    ],
)
def test_a_tracker_has_the_faults_of_its_part(part: VehiclePart, faults: tuple[WaypointFault, ...]) -> None:
    assert {waypoint_faults(waypoint, waypoint.time_s) for waypoint in hour_of(part)} == {faults}


def test_a_second_is_reported_once() -> None:
    tracker = Tracker("89B00001", VehiclePart.ORDINARY, ROADS, Random(5))
    assert tracker.report(START_S) is not None
    assert tracker.report(START_S) is None


def test_five_vehicles_play_every_part() -> None:
    assert {vehicle_part(index) for index in range(5)} == set(VehiclePart)
