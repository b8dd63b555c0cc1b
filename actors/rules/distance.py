"""Distance between two near positions on the WGS84 ellipsoid.

The local ellipsoid, d = hypot(M dφ, N cos φ dλ) at the mean latitude: exact to centimetres over the kilometres that lie
between two messages of a vehicle. A sphere would be up to 0.5 % too long north-south here, 0.4 km/h at 90 km/h.
"""

from math import cos, pi, sqrt
from typing import Final

EQUATORIAL_RADIUS_M: Final = 6_378_137.0
ECCENTRICITY_SQUARED: Final = 0.006_694_379_990_141_317

_HALF_DEGREE: Final = pi / 360
_METRES_PER_DEGREE: Final = EQUATORIAL_RADIUS_M * pi / 180
_MERIDIAN_SHARE: Final = 1 - ECCENTRICITY_SQUARED


def is_position(lat: float | None, lon: float | None) -> bool:
    """Whether the two numbers are a place: both there, within bounds, and not (0, 0)."""
    return (
        lat is not None
        and lon is not None
        and -90.0 <= lat <= 90.0
        and -180.0 <= lon <= 180.0
        and not lat == lon == 0.0
    )


def distance_m(from_lat: float, from_lon: float, to_lat: float, to_lon: float) -> float:
    """Measure the way between two positions in degrees."""
    east = to_lon - from_lon
    if not -180.0 <= east <= 180.0:
        east -= 360.0 if east > 0 else -360.0
    cosine = cos((from_lat + to_lat) * _HALF_DEGREE)
    curvature = _MERIDIAN_SHARE + ECCENTRICITY_SQUARED * cosine * cosine  # 1 - e² sin²φ
    north_m = (to_lat - from_lat) * _MERIDIAN_SHARE / curvature
    east_m = east * cosine
    return sqrt((north_m * north_m + east_m * east_m) / curvature) * _METRES_PER_DEGREE
