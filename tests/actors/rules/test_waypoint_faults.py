"""Known habits of real senders are named, and nothing is mended."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.waypoint_faults import (
    TIMELESS,
    WaypointFault,
    is_plain_driver,
    look_plain,
    looks_plain,
    waypoint_faults,
)
from protocols.waypoint import FIELDS, Waypoint

NOW_S = 1_772_413_200.0
GOOD = Waypoint("29A12345", "010123456789", 60.0, int(NOW_S) - 5, 106.05, 20.65, 90.0, True, False, None)


def but(**change: Any) -> Waypoint:
    """A good waypoint, changed."""
    return Waypoint(**dict(zip(FIELDS, GOOD.values(), strict=True)) | change)


def test_an_ordinary_waypoint_has_no_faults() -> None:
    assert waypoint_faults(GOOD, NOW_S) == ()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"x_lon": 20.65, "y_lat": 106.05}, WaypointFault.SWAPPED_AXES),
        ({"x_lon": 15.71, "y_lat": 108.38}, WaypointFault.SWAPPED_AXES),
        ({"x_lon": 100.0, "y_lat": 50.0}, WaypointFault.OUTSIDE),
        ({"x_lon": 0.0, "y_lat": 0.0}, WaypointFault.NO_POSITION),
        ({"x_lon": float("nan")}, WaypointFault.NO_POSITION),
        ({"time_s": int(NOW_S) + 25_200 - 5}, WaypointFault.SHIFTED_7H),
        ({"time_s": int(NOW_S) + 600}, WaypointFault.FUTURE),
        ({"time_s": int(NOW_S) * 1000}, WaypointFault.MILLISECONDS),
        ({"time_s": (int(NOW_S) * 1000 + 2**31) % 2**32 - 2**31}, WaypointFault.MILLISECONDS),
        ({"time_s": 0}, WaypointFault.NO_TIME),
        ({"time_s": -62_169_984_000}, WaypointFault.NO_TIME),
        ({"driver": "123451234512345"}, WaypointFault.PLACEHOLDER_DRIVER),
        ({"driver": "SOBANGLAIXE"}, WaypointFault.PLACEHOLDER_DRIVER),
        ({"vehicle": "29K-8942"}, WaypointFault.PLATE_FORMAT),
        ({"vehicle": " "}, WaypointFault.NO_PLATE),
        ({"speed_kmh": -1.0}, WaypointFault.NO_SPEED),
        ({"speed_kmh": float("nan")}, WaypointFault.NO_SPEED),
        ({"speed_kmh": 200.5}, WaypointFault.IMPLAUSIBLE_SPEED),
    ],
)
def test_a_known_habit_is_named(change: dict[str, Any], fault: WaypointFault) -> None:
    assert waypoint_faults(but(**change), NOW_S) == (fault,)


@pytest.mark.parametrize("ahead_s", [121, 3600, 25_200, 10**8])
def test_a_time_that_has_not_come_yet_keeps_a_waypoint_from_being_judged(ahead_s: int) -> None:
    assert TIMELESS.intersection(waypoint_faults(but(time_s=int(NOW_S) + ahead_s), NOW_S))


def test_an_old_resend_is_no_fault() -> None:
    assert waypoint_faults(but(time_s=int(NOW_S) - 30 * 86_400), NOW_S) == ()


def test_an_empty_licence_is_no_placeholder() -> None:
    assert waypoint_faults(but(driver=""), NOW_S) == ()


@given(
    st.builds(
        Waypoint,
        vehicle=st.text(),
        driver=st.text(),
        speed_kmh=st.floats(),
        time_s=st.integers(-(2**31), 2**31 - 1),
        x_lon=st.floats(),
        y_lat=st.floats(),
        heading_deg=st.none(),
        ignition=st.none(),
        door=st.none(),
        aircon=st.none(),
    )
)
def test_whatever_was_sent_is_judged(waypoint: Waypoint) -> None:
    faults = waypoint_faults(waypoint, NOW_S)
    assert len(set(faults)) == len(faults)


@given(
    st.sampled_from(["29A1", "29A-1"]),
    st.sampled_from(["", "123451234512345", "sobanglaixe", "1111", "5", "01009", "A1", "0 1"]),
    st.sampled_from([-1.0, 0.0, 40.0, 200.0, 200.1]),
    st.sampled_from([0, 5, 1_780_000_000, 1_780_000_121, 1_780_025_200]),
    st.sampled_from([(105.8, 20.9), (20.9, 105.8), (0.0, 0.0), (500.0, 1.0)]),
)
def test_what_looks_plain_at_once_has_no_fault(
    plate: str, driver: str, speed: float, time_s: int, place: tuple[float, float]
) -> None:
    waypoint = Waypoint(plate, driver, speed, time_s, *place, None, None, None, None)
    now_s = 1_780_000_000
    if plate == "29A1" and is_plain_driver(driver) and looks_plain(speed, time_s, *place, now_s):
        assert waypoint_faults(waypoint, 1_780_000_000) == ()


NUMBERS = st.tuples(
    st.sampled_from([-1.0, 0.0, 200.0, 201.0, float("nan")]) | st.floats(width=32),
    st.sampled_from([0, 1_262_303_999, 1_262_304_000, int(NOW_S) + 120, int(NOW_S) + 121]),
    st.sampled_from([102.1, 117.8, 117.9, float("inf")]) | st.floats(),
    st.sampled_from([6.5, 23.4, 6.4, float("nan")]) | st.floats(),
)


@given(st.lists(NUMBERS, min_size=1))
def test_many_look_as_plain_together_as_each_does_alone(rows: list[tuple[float, int, float, float]]) -> None:
    speed, time, x, y = zip(*rows, strict=True)
    with np.errstate(all="ignore"):
        together = look_plain(np.array(speed, np.float32), np.array(time), np.array(x), np.array(y), NOW_S)
    assert together.tolist() == [looks_plain(*row, NOW_S) for row in rows]
