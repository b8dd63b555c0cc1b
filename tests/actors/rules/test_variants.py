"""Borders of the rules: the rules alone, and all of a vehicle together, say what is derived by hand."""

from typing import Any

import pytest

from actors.driver_hours import hours_of
from actors.messages import DroveStretch
from actors.rules import driver_clock, driving_time, overspeed, transmission
from actors.rules.driver_clock import ContinuousDriving, WorkDay
from actors.rules.limit_book import LimitBook
from actors.rules.overspeed import SpeedViolation
from actors.rules.track import arrange
from actors.rules.transmission import NonTransmission, TooRare
from actors.rules.vehicle_limits import load_limits
from actors.rules.vehicle_rules import DriverStretch, SpeedCase, TransmissionCase, VehicleRules
from protocols.vocabulary import ViolationKind
from protocols.waypoint import Waypoint
from tests.actors.rules.tracks import Vector, by_plate, name_of
from tests.actors.rules.variants import T0_S, VARIANTS

BOOK = LimitBook(load_limits())
LIMITS = BOOK.on(T0_S)
LONG_AFTER_S = T0_S + 9_000_000
Told = list[tuple[Any, ...]]


def by_hand(vector: Vector) -> Told:
    told: Told = []
    for check, cases in vector["expected"].items():
        for case in cases:
            if case.get("violation", True):
                told.append((check, case.get("driver", ""), case["start"], case["end"]))
    return sorted(told)


def of_case(case: SpeedViolation | NonTransmission | TooRare) -> tuple[Any, ...]:
    check = {SpeedViolation: "speed", NonTransmission: "non_transmission", TooRare: "frequency"}[type(case)]
    return check, "", case.start_s, case.end_s


def by_rules_alone(vector: Vector) -> Told:
    """Each rule for itself over the whole track."""
    told: Told = []
    driven: dict[str, list[tuple[int, int]]] = {}
    for messages in by_plate(vector["messages"]).values():
        track = arrange(messages)
        speeds = [(m.time_s, m.speed_kmh, m.lat, m.lon, m.limit_kmh) for m in track]
        told += [of_case(case) for case in overspeed.evaluate(speeds, LIMITS.overspeed)]
        told += [of_case(case) for case in transmission.evaluate([one[:4] for one in speeds], LIMITS.transmission)]
        wheel = [(m.time_s, m.speed_kmh, m.driver) for m in track]
        for interval in driving_time.driving_intervals(wheel, LIMITS.driving):
            driven.setdefault(interval.driver, []).append((interval.start_s, interval.end_s))
    for driver, spans in driven.items():
        for found in driver_clock.evaluate(spans, LIMITS.driving):
            if isinstance(found, ContinuousDriving) or found.violation:
                check = "workday" if isinstance(found, WorkDay) else "continuous"
                told.append((check, driver, found.start_s, found.end_s))
    return told


def by_stream(vector: Vector) -> Told:
    """All rules of a vehicle in one step, and the hours from the stretches that they tell."""
    told: Told = []
    stretches: dict[tuple[int, int], DroveStretch] = {}
    for number, plate in enumerate(sorted({m["plate"] for m in vector["messages"]})):
        rules = VehicleRules(BOOK)
        for m in sorted((m for m in vector["messages"] if m["plate"] == plate), key=lambda m: int(m["t"])):
            at = m["t"], m["lon"], m["lat"]
            for one in rules.push(Waypoint(plate, m["licence"], m["speed"], *at, None, None, None, None), 80.0, plate):
                if isinstance(one, SpeedCase | TransmissionCase):
                    told.append(of_case(one.case))
                elif isinstance(one, DriverStretch):
                    stretches[number, one.start_s] = DroveStretch(number, *one)
        if (running := rules.stretch) is not None:
            stretches[number, running.start_s] = DroveStretch(number, *running)
    names = {ViolationKind.CONTINUOUS_DRIVING: "continuous", ViolationKind.DAILY_DRIVING: "workday"}
    for driver in {one.driver for one in stretches.values()}:
        own = sorted((one for one in stretches.values() if one.driver == driver), key=lambda one: one.start_s)
        for case in hours_of(driver, own, LIMITS.driving, T0_S, LONG_AFTER_S).cases:
            told.append((names[case.kind], driver, case.start_s, case.end_s))
    return told


@pytest.mark.parametrize("vector", VARIANTS, ids=name_of)
def test_the_rules_alone_and_all_of_a_vehicle_say_what_the_hand_says(vector: Vector) -> None:
    checks = set(vector["expected"])
    for told in (by_rules_alone(vector), by_stream(vector)):
        assert sorted(case for case in told if case[0] in checks) == by_hand(vector)
