"""Known habits of real senders are named, and nothing is mended."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.waypoint_faults import TIMELESS, WaypointFault, waypoint_faults
from protocols.records import Waypoint

NOW_S = 1_772_413_200.0
GOOD = Waypoint("29A12345", "010123456789", 60.0, int(NOW_S) - 5, 106.05, 20.65, 90.0, True, False, None)


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
    assert waypoint_faults(GOOD._replace(**change), NOW_S) == (fault,)


@pytest.mark.parametrize("ahead_s", [121, 3600, 25_200, 10**8])
def test_a_time_that_has_not_come_yet_keeps_a_waypoint_from_being_judged(ahead_s: int) -> None:
    assert TIMELESS.intersection(waypoint_faults(GOOD._replace(time_s=int(NOW_S) + ahead_s), NOW_S))


def test_an_old_resend_is_no_fault() -> None:
    assert waypoint_faults(GOOD._replace(time_s=int(NOW_S) - 30 * 86_400), NOW_S) == ()


def test_an_empty_licence_is_no_placeholder() -> None:
    assert waypoint_faults(GOOD._replace(driver=""), NOW_S) == ()


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
