"""The parts of the network: sources with their shifts, and the same as a table."""

from actors.outer_network import build_network
from tests.actors.outer_kit import SPATIAL, facts, five

UPHILL = {"spatial": {**SPATIAL, "gradient": -0.01}}


def test_a_source_stands_with_what_its_height_adds() -> None:
    heights_m = {1: 100.0, 2: 0.0, 3: 50.0, 4: 200.0}
    network = build_network([facts(n, qc=UPHILL, elevation_m=height) for n, height in heights_m.items()], [])
    (check,) = network[1, "T"].checks
    assert [(node.code, shift) for node, shift in check.sources] == [("S2", -1.0), ("S3", -0.5), ("S4", 1.0)]


def test_the_table_of_a_circle_holds_the_neighbours_of_each_check() -> None:
    given = {"spatial": {**SPATIAL, "radius_m": 2_500, "n_min": 1}}
    network = build_network([facts(n, qc=given, elevation_m=n * 10.0) for n in (1, 2, 3, 4)], [])
    (circle,) = network[1, "T"].group.circles.values()
    table = circle.table
    assert table.near.tolist() == [[1, 2, 4], [0, 2, 3], [1, 3, 0], [2, 1, 4]]
    assert table.own_heights_m.tolist() == [10.0, 20.0, 30.0, 40.0]
    assert table.heights_m.tolist() == [10.0, 20.0, 30.0, 40.0, 0.0]


def test_checks_with_thresholds_of_their_own_stand_in_another_circle() -> None:
    other = {"spatial": {**SPATIAL, "k_sus": 3}}
    network = build_network([*(facts(n) for n in range(1, 5)), facts(5, qc=other)], [])
    circles = {node.checks[0].circle for node in network.values()}
    assert sorted(len(circle.checks) for circle in circles) == [1, 4]
    assert set(network[1, "T"].fed_circles) == circles


def test_every_source_knows_what_it_feeds() -> None:
    for node in five(qc={"spatial": SPATIAL}).values():
        assert {check.target.code for check in node.feeds} == {"S1", "S2", "S3", "S4", "S5"} - {node.code}
