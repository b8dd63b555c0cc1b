"""The nearest stations: what a look at every single one gives."""

from hypothesis import given
from hypothesis import strategies as st

from actors.nearest import Places
from actors.rules.spatial import Site, SpatialThresholds, find_neighbours

degrees = st.integers(0, 40).map(lambda steps: steps / 100)
sites = st.lists(st.builds(Site, degrees, degrees, st.sampled_from([0.0, 100.0, 900.0])), min_size=1, max_size=60)


@given(sites, st.sampled_from([3_000.0, 20_000.0, 4e7]), st.integers(1, 12))
def test_it_finds_what_a_look_at_every_station_finds(found: list[Site], radius_m: float, most: int) -> None:
    limits = SpatialThresholds(radius_m=radius_m, dz_max_m=300, sigma_min=1, k_sus=4)
    known = {f"S{at}": site._replace(lat=site.lat + 20, lon=site.lon + 105) for at, site in enumerate(found)}
    places = Places(known)
    for code, site in known.items():
        others = {other: place for other, place in known.items() if other != code}
        expected = [other for other, _, _ in find_neighbours(site, others, limits)][:most]
        assert places.near(code, limits, most) == expected


def test_neighbours_are_found_across_the_date_line() -> None:
    known = {"W": Site(0.0, -179.99, 0.0), "E": Site(0.0, 179.99, 0.0), "far": Site(0.0, 170.0, 0.0)}
    limits = SpatialThresholds(radius_m=5_000, dz_max_m=300, sigma_min=1, k_sus=4)
    assert Places(known).near("W", limits, 1) == ["E"]


def test_a_station_without_a_place_is_in_no_places() -> None:
    places = Places({})
    assert "S1" not in places
