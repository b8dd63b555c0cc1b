"""Distance on the local ellipsoid, against known arcs and a geodesic reference."""

from math import atan, atan2, cos, radians, sin, sqrt, tan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.distance import distance_m, is_position


def vincenty_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Vincenty's inverse formula on WGS84, to half a millimetre."""
    major_m, flattening = 6_378_137.0, 1 / 298.257223563
    minor_m = (1 - flattening) * major_m
    u1, u2 = (atan((1 - flattening) * tan(radians(lat))) for lat in (lat1, lat2))
    east = lam = radians(lon2 - lon1)
    sigma = sin_sigma = cos_sigma = cos_sq = cos_2m = 0.0
    for _ in range(100):
        sin_sigma = sqrt((cos(u2) * sin(lam)) ** 2 + (cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(lam)) ** 2)
        if sin_sigma == 0:
            return 0.0
        cos_sigma = sin(u1) * sin(u2) + cos(u1) * cos(u2) * cos(lam)
        sigma = atan2(sin_sigma, cos_sigma)
        sin_alpha = cos(u1) * cos(u2) * sin(lam) / sin_sigma
        cos_sq = 1 - sin_alpha**2
        cos_2m = cos_sigma - 2 * sin(u1) * sin(u2) / cos_sq if cos_sq else 0.0
        c = flattening / 16 * cos_sq * (4 + flattening * (4 - 3 * cos_sq))
        bracket = cos_2m + c * cos_sigma * (-1 + 2 * cos_2m**2)
        lam, before = east + (1 - c) * flattening * sin_alpha * (sigma + c * sin_sigma * bracket), lam
        if abs(lam - before) < 1e-12:
            break
    u_sq = cos_sq * (major_m**2 - minor_m**2) / minor_m**2
    a = 1 + u_sq / 16384 * (4096 + u_sq * (-768 + u_sq * (320 - 175 * u_sq)))
    b = u_sq / 1024 * (256 + u_sq * (-128 + u_sq * (74 - 47 * u_sq)))
    inner = cos_sigma * (-1 + 2 * cos_2m**2) - b / 6 * cos_2m * (-3 + 4 * sin_sigma**2) * (-3 + 4 * cos_2m**2)
    return minor_m * a * (sigma - b * sin_sigma * (cos_2m + b / 4 * inner))


@given(lat=st.floats(8, 24), lon=st.floats(102, 110), north=st.floats(-0.03, 0.03), east=st.floats(-0.03, 0.03))
def test_it_agrees_with_a_geodesic_over_the_way_between_two_messages(
    lat: float, lon: float, north: float, east: float
) -> None:
    assert distance_m(lat, lon, lat + north, lon + east) == pytest.approx(
        vincenty_m(lat, lon, lat + north, lon + east), abs=0.05
    )


def test_a_degree_of_latitude_at_21_north_is_shorter_than_on_a_sphere() -> None:
    assert distance_m(20.5, 106.0, 21.5, 106.0) == pytest.approx(110_717, abs=10)


def test_the_date_line_is_not_a_way_around_the_earth() -> None:
    assert distance_m(10.0, 179.999, 10.0, -179.999) == pytest.approx(distance_m(10.0, 0.0, 10.0, 0.002))


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(None, 106.0), (20.0, None), (0.0, 0.0), (90.1, 106.0), (20.0, -180.5), (float("nan"), 106.0), (106.05, 20.65)],
)
def test_what_is_no_place_on_earth_is_no_position(lat: float | None, lon: float | None) -> None:
    assert not is_position(lat, lon)


@pytest.mark.parametrize(("lat", "lon"), [(0.0, 105.85), (20.95, 0.0), (-90.0, 180.0)])
def test_a_single_zero_and_the_very_bounds_are_positions(lat: float, lon: float) -> None:
    assert is_position(lat, lon)
