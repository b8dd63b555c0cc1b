"""Who is judged against whom."""

from typing import Any

import pytest

from actors.outer_network import WorkRule, build_network, neighboured_series
from actors.rules.defaults import load_elements
from tests.actors.outer_kit import SPATIAL, facts


def sources(network: Any, number: int, symbol: str = "T") -> list[str]:
    return [node.code for check in network[number, symbol].checks for node, _ in check.sources]


def test_neighbours_are_those_of_the_same_element_nearest_first() -> None:
    network = build_network([*(facts(n) for n in range(1, 6)), facts(6, "T", "K"), facts(7, lat=22.0)], [])
    assert sources(network, 1) == ["S2", "S3", "S4", "S5"]
    assert sources(network, 6) == []
    assert sources(network, 7) == []  # it asks for the test itself, and will say that it is not evaluated


def test_a_place_with_too_few_neighbours_has_no_spatial_test() -> None:
    elements = load_elements()
    assert build_network([facts(number, qc={}) for number in range(1, 4)], elements) == {}
    assert len(build_network([facts(number, qc={}) for number in range(1, 5)], elements)) == 4


def test_a_hill_is_not_compared_with_the_plain() -> None:
    network = build_network([*(facts(number) for number in range(1, 6)), facts(6, elevation_m=900.0)], [])
    assert sources(network, 6) == []
    assert sources(network, 5) == ["S4", "S3", "S2", "S1"]


def test_the_elements_default_holds_where_the_station_is_silent_and_false_turns_it_off() -> None:
    network = build_network([*(facts(n, qc={}) for n in range(1, 5)), facts(5, qc={"spatial": False})], load_elements())
    assert len(network[1, "T"].checks) == 1
    assert network[5, "T"].checks == []


def test_water_levels_have_named_pairs_instead_of_a_radius() -> None:
    pairs = {"spatial": {"pairs": ["S8", "S9"], "sigma_min": 0.2, "k_sus": 4}}
    series = [facts(7, "H", "m", qc=pairs), facts(8, "H", "m", lat=23.0, qc={}), facts(9, "H", "m", lat=10.0, qc={})]
    network = build_network(series, [])
    assert sources(network, 7, "H") == ["S8", "S9"]
    assert sources(network, 8, "H") == []


@pytest.mark.parametrize(("unit", "count"), [("cm", 1), ("mg/L", 0)])
def test_a_model_is_another_stations_series_in_a_unit_that_converts(unit: str, count: int) -> None:
    own = {"model": {"station": "S2", "parameter": "H", "sigma": 0.1}}
    network = build_network([facts(1, "H", "m", qc=own), facts(2, "H", unit, qc={})], [])
    checks = network[1, "H"].checks if network else []
    assert len(checks) == count


def test_both_sides_of_a_work_are_judged_in_one_unit() -> None:
    rule = WorkRule("lake", "htl_hhl", {"htl": ("S1", "HTL"), "hhl": ("S2", "HHL")})
    network = build_network([facts(1, "HTL", "cm", qc={}), facts(2, "HHL", "m", qc={})], [], [rule])
    (check,) = network[1, "HTL"].checks
    assert [(node.code, factor) for node, factor in check.sources] == [("S1", 1.0), ("S2", 100.0)]
    assert [each.rule for each in network[2, "HHL"].checks] == [("htl_hhl", "hhl")]


def test_a_work_with_a_series_that_nobody_registered_is_left_out() -> None:
    rule = WorkRule("lake", "htl_hhl", {"htl": ("S1", "HTL"), "hhl": ("S9", "HHL")})
    assert build_network([facts(1, "HTL", "cm", qc={})], [], [rule]) == {}


def test_the_nearest_are_known_four_times_as_many_as_may_vote() -> None:
    given = {"spatial": {**SPATIAL, "n_max": 3, "radius_m": 100_000}}
    network = build_network([facts(number, qc=given) for number in range(1, 31)], [])
    assert sources(network, 1) == [f"S{number}" for number in range(2, 14)]


def test_the_spatial_test_is_mandatory_where_it_has_the_neighbours_it_needs() -> None:
    alone = {"spatial": {**SPATIAL, "pairs": ["S1"], "n_min": 3}}
    network = build_network([*(facts(n) for n in range(1, 6)), facts(9, qc=alone)], [])
    assert (9, "T") in network, "its own table asks for the test: it says NOT_EVALUATED"
    assert neighboured_series(network) == {(n, "T") for n in range(1, 6)}
