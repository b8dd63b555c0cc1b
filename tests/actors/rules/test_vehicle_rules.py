"""All rules of a vehicle together find what each finds alone; a state taken in the middle goes on to the same."""

from collections.abc import Iterable

import pytest

from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.rules.vehicle_rules import DayTotals, DriverStretch, Found, MissingRun, VehicleRules
from protocols.times import DAY_S, midnight_s
from protocols.waypoint import Waypoint
from tests.actors.rules.tracks import Vector, name_of, through_json, vectors

BOOK = LimitBook(load_limits())
NIGHT_S = midnight_s(1_780_000_000)
PLATE = "29A12345"


def waypoint(
    time_s: int, speed_kmh: float = 40.0, lat: float = 20.9, driver: str = "D1", plate: str = PLATE, lon: float = 105.8
) -> Waypoint:
    return Waypoint(plate, driver, speed_kmh, time_s, lon, lat, None, None, None, None)


def of_vector(m: Vector) -> Waypoint:
    """A golden message as the schema carries it: what is missing there has no other spelling."""
    lat, lon = (0.0, 0.0) if m["lat"] is None or m["lon"] is None else (m["lat"], m["lon"])
    return waypoint(m["t"], -1.0 if m["speed"] is None else m["speed"], lat, m["licence"] or "", m["plate"], lon)


def found_in(track: Iterable[Waypoint], limit_kmh: float | None = 80.0, *, again: bool = False) -> list[Found]:
    """What the rules find; `again`: with a snapshot and a restart after every message."""
    rules, found = VehicleRules(BOOK), list[Found]()
    for one in track:
        found += rules.push(one, limit_kmh, PLATE)
        if again:
            rules = VehicleRules.from_state(through_json(rules.state()), BOOK)
    return [*found, *rules.unfinished(), rules.totals()]


@pytest.mark.parametrize("vector", vectors("speed") + vectors("transmission") + vectors("missing"), ids=name_of)
def test_a_restart_after_every_message_changes_no_finding(vector: Vector) -> None:
    first: dict[int, Waypoint] = {}
    for m in vector["messages"]:
        first.setdefault(m["t"], of_vector(m))
    track = [first[time_s] for time_s in sorted(first)]
    assert found_in(track, again=True) == found_in(track)


def test_a_day_is_totalled_when_the_next_begins_and_an_interval_over_midnight_is_split() -> None:
    track = [waypoint(NIGHT_S - 20), waypoint(NIGHT_S - 10, lat=20.901), waypoint(NIGHT_S + 5, lat=20.902)]
    days = [one for one in found_in(track) if isinstance(one, DayTotals)]
    assert [(day.day_s, day.moving_s, day.messages) for day in days] == [(NIGHT_S - DAY_S, 20, 2), (NIGHT_S, 5, 1)]
    assert [day.travelled_m for day in days] == pytest.approx([110.7, 110.7], abs=0.1)


def test_a_stop_adds_no_moving_time_and_a_long_silence_neither() -> None:
    track = [waypoint(NIGHT_S + 100), waypoint(NIGHT_S + 130, 0.0), waypoint(NIGHT_S + 700), waypoint(NIGHT_S + 2000)]
    assert [one.moving_s for one in found_in(track) if isinstance(one, DayTotals)] == [30]


def test_messages_that_lack_the_same_are_one_run_which_ends_with_its_day() -> None:
    track = [waypoint(NIGHT_S + at, driver="") for at in (-20, -10, 10, 20)] + [waypoint(NIGHT_S + 30)]
    runs = [one for one in found_in(track) if isinstance(one, MissingRun)]
    assert runs == [
        MissingRun(("licence",), NIGHT_S - 20, NIGHT_S - 10, 2, True),
        MissingRun(("licence",), NIGHT_S + 10, NIGHT_S + 20, 2, True),
    ]


def test_a_blank_licence_is_missing_in_every_message_and_a_placeholder_is_not() -> None:
    blank = found_in([waypoint(NIGHT_S + at, driver=" ") for at in (10, 20, 30)])
    assert [one.messages for one in blank if isinstance(one, MissingRun)] == [3]
    assert not [one for one in found_in([waypoint(NIGHT_S, driver="000000000000")]) if isinstance(one, MissingRun)]


def test_hours_of_nobody_known_are_counted_for_nobody() -> None:
    track = [waypoint(NIGHT_S, driver=""), waypoint(NIGHT_S + 10, driver="")]
    assert not [one for one in found_in(track) if isinstance(one, DriverStretch)]


def test_a_stretch_is_told_when_it_begins_while_it_grows_and_when_the_driver_changes() -> None:
    track = [waypoint(NIGHT_S + 10 * n) for n in range(100)] + [
        waypoint(NIGHT_S + 1000 + 10 * n, driver="D2") for n in range(3)
    ]
    told = [one for one in found_in(track) if isinstance(one, DriverStretch)]
    assert told == [
        DriverStretch("D1", NIGHT_S, NIGHT_S + 10),
        DriverStretch("D1", NIGHT_S, NIGHT_S + 910),
        DriverStretch("D1", NIGHT_S, NIGHT_S + 1000),
        DriverStretch("D2", NIGHT_S + 1000, NIGHT_S + 1010),
    ]
