"""The road network and those who travel on it."""

from random import Random

import pytest

from actors.rules.distance import distance_m
from server.simulator.roads import TOWNS, Traveller, province_roads

ROADS = province_roads()


def test_every_town_can_be_reached_from_every_other() -> None:
    reached, ahead = {0}, [0]
    while ahead:
        onward = set(ROADS.neighbours[ahead.pop()]) - reached
        reached |= onward
        ahead += onward
    assert reached == set(range(len(TOWNS)))


def test_every_town_lies_in_the_province() -> None:
    assert all(20.2 < town.lat < 21.05 and 105.85 < town.lon < 106.65 for town in TOWNS)


@pytest.mark.parametrize("seed", range(5))
def test_a_traveller_goes_no_farther_than_the_way_and_stays_among_the_towns(seed: int) -> None:
    traveller = Traveller(ROADS, Random(seed))
    before = traveller.go(0)
    for _ in range(3000):
        place = traveller.go(250.0)
        assert distance_m(before.lat, before.lon, place.lat, place.lon) < 250.5
        assert 20.2 < place.lat < 21.05
        assert 0 <= place.heading_deg < 360
        before = place


def test_a_long_way_takes_a_traveller_through_many_towns() -> None:
    traveller = Traveller(ROADS, Random(1))
    places = {traveller.go(40_000)[:2] for _ in range(50)}
    assert len(places) > 40
