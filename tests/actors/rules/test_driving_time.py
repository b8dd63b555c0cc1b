"""Hours at the wheel: from messages to each driver's blocks and days, over the golden tracks."""

import random
from typing import Any

import pytest

from actors.rules.driver_clock import ContinuousDriving, DriverClock, Finding, WorkDay, evaluate
from actors.rules.driving_time import DrivingInterval, VehicleDriving, driving_intervals
from actors.rules.track import TrackMessage, arrange
from tests.actors.rules.tracks import Vector, by_plate, limits, name_of, through_json, vectors

LIMITS = limits().driving
TRACKS = vectors("continuous") + vectors("workday")


def expected_of(vector: Vector) -> list[dict[str, Any]]:
    return list(vector["expected"].get("continuous", vector["expected"].get("workday")))


def rows(vector: Vector, found: dict[str, list[Finding]]) -> list[dict[str, Any]]:
    """Findings in the words of the vectors."""
    days = "workday" in vector["checks"]
    table: list[dict[str, Any]] = []
    for driver, findings in found.items():
        for finding in findings:
            row = {"driver": driver, "start": finding.start_s, "end": finding.end_s}
            if isinstance(finding, WorkDay) and days:
                table.append(row | {"driving_s": finding.driving_s, "violation": finding.violation})
            elif isinstance(finding, ContinuousDriving) and not days:
                table.append(row | {"duration": finding.duration_s})
    return sorted(table, key=lambda row: (row["start"], row["driver"]))


def recomputed(vector: Vector, tracks: dict[str, list[TrackMessage]]) -> list[dict[str, Any]]:
    per_driver: dict[str, list[tuple[int, int]]] = {}
    for track in tracks.values():
        messages = [(m.time_s, m.speed_kmh, m.driver) for m in arrange(track)]
        for driver, start_s, end_s in driving_intervals(messages, LIMITS):
            per_driver.setdefault(driver, []).append((start_s, end_s))
    return rows(vector, {driver: evaluate(intervals, LIMITS) for driver, intervals in per_driver.items()})


@pytest.mark.parametrize("vector", TRACKS, ids=name_of)
def test_a_track_gives_the_expected_hours(vector: Vector) -> None:
    assert recomputed(vector, by_plate(vector["messages"])) == expected_of(vector)


@pytest.mark.parametrize("vector", TRACKS, ids=name_of)
def test_a_shuffled_arrival_gives_the_same_hours_when_recomputed(vector: Vector) -> None:
    messages = list(vector["messages"])
    random.Random(vector["id"]).shuffle(messages)
    assert recomputed(vector, by_plate(messages)) == expected_of(vector)


@pytest.mark.parametrize("vector", TRACKS, ids=name_of)
def test_the_stream_with_a_restart_after_every_message_gives_the_expected_hours(vector: Vector) -> None:
    vehicles: dict[str, VehicleDriving] = {}
    clocks: dict[str, DriverClock] = {}
    found: dict[str, list[Finding]] = {}
    for raw in sorted(vector["messages"], key=lambda raw: int(raw["t"])):
        stored = vehicles.setdefault(raw["plate"], VehicleDriving(LIMITS)).state()
        vehicle = vehicles[raw["plate"]] = VehicleDriving.from_state(through_json(stored), LIMITS)
        proven = vehicle.push(raw["t"], raw["speed"], raw["licence"])
        if proven is None:
            continue
        stored_clock = clocks.setdefault(proven.driver, DriverClock(LIMITS)).state()
        clock = clocks[proven.driver] = DriverClock.from_state(through_json(stored_clock), LIMITS)
        found.setdefault(proven.driver, []).extend(clock.push(proven.start_s, proven.end_s))
    for driver, clock in clocks.items():
        found[driver].extend(clock.unfinished())
    assert rows(vector, found) == expected_of(vector)


def test_nobody_drives_before_a_driver_is_known() -> None:
    vehicle = VehicleDriving(LIMITS)
    assert [vehicle.push(*message) for message in ((0, 60.0, ""), (30, 60.0, "A1"), (60, 60.0, ""))] == [
        None,
        None,
        DrivingInterval("A1", 30, 60),
    ]


def test_a_message_without_speed_proves_no_driving() -> None:
    assert driving_intervals([(0, None, "A1"), (30, 60.0, "A1"), (60, 60.0, "A1")], LIMITS) == [("A1", 30, 60)]


def test_silence_over_15_minutes_is_not_driving_but_15_minutes_are() -> None:
    messages = [(0, 60.0, "A1"), (900, 60.0, "A1"), (1801, 60.0, "A1")]
    assert driving_intervals(messages, LIMITS) == [("A1", 0, 900)]
