"""A waypoint is a value: the same as another that says the same, written out in full, and plain where it is stored."""

from typing import Any

from protocols.waypoint import FIELDS, Waypoint

SAID: tuple[Any, ...] = ("29A12345", "010123456789", 60.5, 1_780_000_000, 105.8, 20.9, 90.0, True, False, None)


def test_what_was_said_comes_back_as_plain_values_of_the_same_kinds() -> None:
    assert Waypoint(*SAID).values() == SAID
    assert list(map(type, Waypoint(*SAID).values())) == list(map(type, SAID))
    assert tuple(getattr(Waypoint(*SAID), name) for name in FIELDS) == SAID


def test_two_that_say_the_same_are_the_same_and_one_field_makes_another() -> None:
    assert {Waypoint(*SAID), Waypoint(*SAID)} == {Waypoint(*SAID)}
    other: tuple[Any, ...] = ("29A1", "", 0.0, 1, 0.0, 0.0, None, None, None, True)
    for at in range(len(SAID)):
        said = (*SAID[:at], other[at], *SAID[at + 1 :])
        assert Waypoint(*said) != Waypoint(*SAID)
    assert Waypoint(*SAID) != SAID


def test_a_crash_report_shows_every_field() -> None:
    assert repr(Waypoint(*SAID)) == (
        "Waypoint(vehicle='29A12345', driver='010123456789', speed_kmh=60.5, time_s=1780000000, x_lon=105.8, "
        "y_lat=20.9, heading_deg=90.0, ignition=True, door=False, aircon=None)"
    )
