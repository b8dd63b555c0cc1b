"""What is visibly wrong with a waypoint as it came: each a known habit of real senders.

A fault is stated, never mended: swapped axes or a clock 7 hours ahead are for the provider to put right, or for a
convention agreed with the provider (`provider_convention.py`).

Invariant: the waypoint itself is not touched.
"""

from enum import StrEnum
from typing import Any

from numpy.typing import NDArray

from actors.rules.distance import is_position
from actors.rules.identity import clean_identity, is_placeholder_licence
from protocols.waypoint import Waypoint

ICT_OFFSET_S = 25_200
FUTURE_TOLERANCE_S = 120
OLDEST_PLAUSIBLE_S = 1_262_304_000
"""2010-01-01: no tracker of this schema is older."""
IMPLAUSIBLE_KMH = 200

_LON_WEST, _LON_EAST = 102.1, 117.8
_LAT_SOUTH, _LAT_NORTH = 6.5, 23.4
_SHIFT_SLACK_S = 900
_INT32_SPAN = 2**32
_MILLISECOND_SLACK = 3_600_000


class WaypointFault(StrEnum):
    """One thing wrong with a waypoint."""

    SWAPPED_AXES = "swapped_axes"
    """x and y are exchanged: the place is in Viet Nam only the other way round."""
    OUTSIDE = "outside"
    """A place, but not in Viet Nam."""
    NO_POSITION = "no_position"
    SHIFTED_7H = "shifted_7h"
    """The clock runs in Vietnamese time where UTC is meant."""
    MILLISECONDS = "milliseconds"
    """Milliseconds were sent where seconds are meant; in 32 bits they overflow."""
    FUTURE = "future"
    NO_TIME = "no_time"
    """No time at all, such as 1970 or a `0000-00-00` of the sender's database."""
    PLACEHOLDER_DRIVER = "placeholder_driver"
    PLATE_FORMAT = "plate_format"
    NO_PLATE = "no_plate"
    NO_SPEED = "no_speed"
    IMPLAUSIBLE_SPEED = "implausible_speed"


TIMELESS = frozenset(
    {WaypointFault.SHIFTED_7H, WaypointFault.MILLISECONDS, WaypointFault.FUTURE, WaypointFault.NO_TIME}
)
"""Faults with which a waypoint is kept but not judged: one false time ahead would make every later one late."""


def looks_plain(speed_kmh: float, time_s: int, x_lon: float, y_lat: float, received_s: float) -> bool:
    """Tell at once that the numbers of a waypoint have no fault, as most have none; False only bids to look at them."""
    return (
        _LON_WEST <= x_lon <= _LON_EAST
        and _LAT_SOUTH <= y_lat <= _LAT_NORTH
        and OLDEST_PLAUSIBLE_S <= time_s <= received_s + FUTURE_TOLERANCE_S
        and 0.0 <= speed_kmh <= IMPLAUSIBLE_KMH
    )


def look_plain(
    speed_kmh: NDArray[Any], time_s: NDArray[Any], x_lon: NDArray[Any], y_lat: NDArray[Any], received_s: float
) -> Any:
    """Tell it of many waypoints at once, as `looks_plain` does of each."""
    plain = (x_lon >= _LON_WEST) & (x_lon <= _LON_EAST) & (y_lat >= _LAT_SOUTH) & (y_lat <= _LAT_NORTH)
    plain &= (time_s >= OLDEST_PLAUSIBLE_S) & (time_s <= received_s + FUTURE_TOLERANCE_S)
    return plain & (speed_kmh >= 0.0) & (speed_kmh <= IMPLAUSIBLE_KMH)


def is_plain_driver(driver: str) -> bool:
    """Tell at once that a licence is one, or is not given; False only bids to look at it."""
    return not driver or (driver.isdigit() and not is_placeholder_licence(driver))


def waypoint_faults(waypoint: Waypoint, received_s: float) -> tuple[WaypointFault, ...]:
    """List the faults of a waypoint that was received at `received_s`; empty for most."""
    faults: list[WaypointFault] = []
    plate = clean_identity(waypoint.vehicle)
    if plate != waypoint.vehicle or not plate:
        faults.append(WaypointFault.PLATE_FORMAT if plate else WaypointFault.NO_PLATE)
    if waypoint.driver and is_placeholder_licence(clean_identity(waypoint.driver)):
        faults.append(WaypointFault.PLACEHOLDER_DRIVER)
    if not 0.0 <= waypoint.speed_kmh <= IMPLAUSIBLE_KMH:
        faults.append(
            WaypointFault.IMPLAUSIBLE_SPEED if waypoint.speed_kmh > IMPLAUSIBLE_KMH else WaypointFault.NO_SPEED
        )
    time_fault = _time_fault(waypoint.time_s, received_s)
    if time_fault is not None:
        faults.append(time_fault)
    if not (_LON_WEST <= waypoint.x_lon <= _LON_EAST and _LAT_SOUTH <= waypoint.y_lat <= _LAT_NORTH):
        faults.append(_place_fault(waypoint.x_lon, waypoint.y_lat))
    return tuple(faults)


def _place_fault(x_lon: float, y_lat: float) -> WaypointFault:
    if _LON_WEST <= y_lat <= _LON_EAST and _LAT_SOUTH <= x_lon <= _LAT_NORTH:
        return WaypointFault.SWAPPED_AXES
    return WaypointFault.OUTSIDE if is_position(y_lat, x_lon) else WaypointFault.NO_POSITION


def _time_fault(time_s: int, received_s: float) -> WaypointFault | None:
    ahead_s = time_s - received_s
    if time_s >= OLDEST_PLAUSIBLE_S and ahead_s <= FUTURE_TOLERANCE_S:
        return None
    if abs(ahead_s - ICT_OFFSET_S) <= _SHIFT_SLACK_S:
        return WaypointFault.SHIFTED_7H
    # 64-bit milliseconds, or what is left of them in 32 bits, agree with the receipt modulo 2**32.
    apart_ms = (time_s - int(received_s * 1000)) % _INT32_SPAN
    if min(apart_ms, _INT32_SPAN - apart_ms) <= _MILLISECOND_SLACK:
        return WaypointFault.MILLISECONDS
    return WaypointFault.FUTURE if time_s >= OLDEST_PLAUSIBLE_S else WaypointFault.NO_TIME
