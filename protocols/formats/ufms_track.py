"""Reads the waypoints of one vehicle after another, in blocks: what is laid out alike is read together.

Invariant: what is given for a body is what `parse_waypoint` gives.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from protocols.formats.ufms_columns import Numbers
from protocols.formats.ufms_layout import WaypointReader
from protocols.waypoint import Waypoint

MOST_IDENTITIES = 10_000


class TrackBodies:
    """Reads bodies by the layouts and the spellings of plate and licence that it has met."""

    def __init__(self) -> None:
        self._reader = WaypointReader()
        self._named: dict[bytes, tuple[str, str]] = {}

    def read(self, bodies: Sequence[bytes]) -> list[Waypoint]:
        """Read some bodies.

        Raises:
            FormatError: exactly where `parse_waypoint` would.
        """
        named, read = self._named, self._reader.read
        waypoints: list[Waypoint] = []
        add = waypoints.append
        for body, sighting in zip(bodies, self._reader.read_many(bodies, _finite), strict=True):
            if sighting is not None:
                identity, speed_kmh, time_s, x_lon, y_lat, heading_deg, ignition, door, aircon = sighting
                if (names := named.get(identity)) is not None:
                    vehicle, driver = names
                    add(Waypoint(vehicle, driver, speed_kmh, time_s, x_lon, y_lat, heading_deg, ignition, door, aircon))
                    continue
            waypoint = Waypoint(*read(body))
            add(waypoint)
            if sighting is not None:
                if len(named) >= MOST_IDENTITIES:
                    named.clear()
                named[sighting[0]] = waypoint.vehicle, waypoint.driver
        return waypoints


def _finite(speed_kmh: Numbers, time_s: Numbers, x_lon: Numbers, y_lat: Numbers) -> NDArray[np.bool_]:
    finite: NDArray[np.bool_] = np.isfinite(speed_kmh + x_lon + y_lat) & (time_s != 0)
    return finite
