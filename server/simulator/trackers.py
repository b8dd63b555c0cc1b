"""Simulated trackers: what a vehicle's device reports while the vehicle drives about.

Time is real and so is the way: between two waypoints a vehicle has gone as far as its speed says.
"""

from math import pi, sin
from random import Random

from protocols.waypoint import Waypoint
from server.simulator.parts import VehiclePart
from server.simulator.roads import RoadNetwork, Traveller

CRUISE_KMH = (48.0, 68.0)
SPEEDING_KMH = (96.0, 112.0)
SPEEDING_EVERY_S, SPEEDING_FOR_S = 300, 100
"""A speeding vehicle is too fast for the last seconds of every five minutes."""
PARKED_PERIOD = 6
"""A parked vehicle reports at every sixth turn only."""
FILLER_LICENCE = "SOBANGLAIXE"


class Tracker:
    """One vehicle's device."""

    __slots__ = ("_cruise_kmh", "_driver", "_fast_kmh", "_part", "_phase_s", "_plate", "_time_s", "_traveller", "_turn")

    def __init__(self, plate: str, part: VehiclePart, roads: RoadNetwork, random: Random) -> None:
        self._plate = plate
        self._part = part
        self._traveller = Traveller(roads, random)
        self._cruise_kmh = random.uniform(*CRUISE_KMH)
        self._fast_kmh = random.uniform(*SPEEDING_KMH)
        self._phase_s = random.randrange(SPEEDING_EVERY_S)
        self._driver = FILLER_LICENCE if part is VehiclePart.NOBODY else f"33{random.randrange(10**10):010d}"
        self._time_s: int | None = None
        self._turn = random.randrange(PARKED_PERIOD) if part is VehiclePart.PARKED else 0

    def report(self, time_s: int) -> Waypoint | None:
        """Report where the vehicle is; None where the device keeps silent, or has reported this second already."""
        if self._time_s is not None and time_s <= self._time_s:
            return None
        self._turn += 1
        parked = self._part is VehiclePart.PARKED
        if parked and self._time_s is not None and self._turn % PARKED_PERIOD:
            return None
        speed_kmh = 0.0 if parked else self._speed_kmh(time_s)
        elapsed_s = 0 if self._time_s is None else time_s - self._time_s
        self._time_s = time_s
        place = self._traveller.go(speed_kmh / 3.6 * elapsed_s)
        x_lon, y_lat = round(place.lon, 6), round(place.lat, 6)
        if self._part is VehiclePart.SWAPPED_AXES:
            x_lon, y_lat = y_lat, x_lon
        return Waypoint(
            vehicle=self._plate,
            driver=self._driver,
            speed_kmh=round(speed_kmh, 1),
            time_s=time_s,
            x_lon=x_lon,
            y_lat=y_lat,
            heading_deg=round(place.heading_deg, 1),
            ignition=not parked,
            door=False,
            aircon=not parked,
        )

    def _speed_kmh(self, time_s: int) -> float:
        second = (time_s + self._phase_s) % SPEEDING_EVERY_S
        if self._part is VehiclePart.SPEEDING and second >= SPEEDING_EVERY_S - SPEEDING_FOR_S:
            return self._fast_kmh
        return self._cruise_kmh + 6.0 * sin(second / SPEEDING_EVERY_S * 2 * pi)
