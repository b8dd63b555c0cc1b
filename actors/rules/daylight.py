"""Whether the sun is up: radiation, and the ozone it makes, may stand still at night.

The sun's height from declination and hour angle, good to about a degree: enough to tell the night from the day.
"""

from math import asin, cos, pi, radians, sin

from protocols.times import DAY_S, HOUR_S, ICT_OFFSET_S

DUSK_HOUR, DAWN_HOUR = 18, 6
"""The night of a station whose place nobody told."""


def is_night(time_s: float, lat: float | None, lon: float | None) -> bool:
    """Say whether the sun is down at a place; by the clock where the place is unknown."""
    if lat is None or lon is None:
        hour = (time_s + ICT_OFFSET_S) % DAY_S / HOUR_S
        return hour >= DUSK_HOUR or hour < DAWN_HOUR
    return sun_height(time_s, lat, lon) < 0


def sun_height(time_s: float, lat: float, lon: float) -> float:
    """Height of the sun over the horizon in degrees, without refraction."""
    days = time_s / DAY_S - 10957.5  # since noon of 1 January 2000
    mean = radians(357.529 + 0.98560028 * days)
    along = radians(280.459 + 0.98564736 * days + 1.915 * sin(mean) + 0.020 * sin(2 * mean))
    declination = asin(sin(radians(23.439)) * sin(along))
    equation_s = 240 * (-1.915 * sin(mean) - 0.020 * sin(2 * mean) + 2.466 * sin(2 * along) - 0.053 * sin(4 * along))
    hour_angle = 2 * pi * ((time_s + equation_s) / DAY_S + lon / 360 + 0.5)
    high = sin(radians(lat)) * sin(declination) + cos(radians(lat)) * cos(declination) * cos(hour_angle)
    return asin(max(-1.0, min(1.0, high))) * 180 / pi
