"""What the columns say of a value: golden vectors of the spatial test, rain by the hour, model and work."""

from typing import Any

import pytest

from actors.outer_columns import Column, Entry, judge, key_of, keys_fed
from actors.outer_network import Network, SeriesFacts, WorkRule, build_network
from protocols.vocabulary import Flag
from tests.actors.outer_kit import CADENCE_S, NOON_S, RAIN, SPATIAL, facts
from tests.actors.rules.vector_files import Case, cases


def place(number: int, row: Any, params: dict[str, Any]) -> SeriesFacts:
    return SeriesFacts(
        number, f"S{number}", "hydromet", row["lat"], row["lon"], row["z"], CADENCE_S, "T", "°C", {"spatial": params}
    )


@cases("spatial")
def test_the_stream_gives_the_vectors_verdict(case: Case) -> None:
    target, rows = case["input"]["target"], case["input"]["neighbours"]
    series = [place(number, row, case["params"]) for number, row in enumerate([target, *rows])]
    network = build_network(series, [])
    expected = case["expected"]["flag"]
    columns = {node: Column() for node in network.values()}
    columns[network[0, "T"]].add(Entry(1, NOON_S, target["v"], 1))
    for number, row in enumerate(rows, 1):
        if (node := network.get((number, "T"))) is not None:
            columns[node].add(Entry(number + 1, int(NOON_S - row["dt"]), row["v"], row["flag"]))
    (check,) = network[0, "T"].checks
    ((_, flag),) = judge(check, NOON_S, columns)
    assert flag == expected


def rain(hours: dict[int, list[float | None]], flag: int = 1) -> tuple[Network, dict[Any, Column]]:
    network = build_network([facts(number, "R", "mm", qc={"spatial": RAIN}) for number in range(1, 6)], [])
    columns = {node: Column() for node in network.values()}
    for number, values in hours.items():
        for at, value in enumerate(values):
            columns[network[number, "R"]].add(Entry(number * 100 + at, NOON_S - at * CADENCE_S, value, flag))
    return network, columns


def test_rain_is_compared_as_the_sum_of_its_hour() -> None:
    network, columns = rain({1: [10.0] * 12, **{n: [0.1] * 12 for n in (2, 3, 4, 5)}})
    (check,) = network[1, "R"].checks
    assert key_of(check, NOON_S - 3599) == NOON_S
    told = judge(check, NOON_S, columns)
    assert [flag for _, flag in told] == [Flag.FAIL] * 12  # sqrt(120) - sqrt(1.2) is over 8 sigmas
    (other,) = network[2, "R"].checks
    assert {flag for _, flag in judge(other, NOON_S, columns)} == {Flag.GOOD}


def test_an_hour_of_rain_with_too_few_values_is_not_evaluated() -> None:
    network, columns = rain({1: [10.0] * 8, **{n: [0.1] * 12 for n in (2, 3, 4, 5)}})
    (check,) = network[1, "R"].checks
    assert {flag for _, flag in judge(check, NOON_S, columns)} == {Flag.NOT_EVALUATED}


@pytest.mark.parametrize(("value", "flag"), [(1.0, 1), (1.5, 3), (None, 9)])
def test_a_value_is_held_against_its_model(value: float | None, flag: int) -> None:
    own = {"model": {"station": "S2", "sigma": 0.1, "k_sus": 2}}
    network = build_network([facts(1, "H", "m", qc=own), facts(2, "H", "cm", qc={})], [])
    columns = {node: Column() for node in network.values()}
    columns[network[1, "H"]].add(Entry(1, NOON_S, value, 1))
    columns[network[2, "H"]].add(Entry(2, NOON_S, 100.0, 1))
    (check,) = network[1, "H"].checks
    assert [said for _, said in judge(check, NOON_S, columns)] == [flag]


@pytest.mark.parametrize(("htl", "hhl", "flag"), [(300.0, 2.0, 1), (200.0, 2.0, 3), (2.0, 2.0, 4), (300.0, None, 2)])
def test_the_levels_of_a_work_are_compared_in_one_unit(htl: float, hhl: float | None, flag: int) -> None:
    rule = WorkRule("lake", "htl_hhl", {"htl": ("S1", "HTL"), "hhl": ("S2", "HHL")})
    network = build_network([facts(1, "HTL", "cm", qc={}), facts(2, "HHL", "m", qc={})], [], [rule])
    columns = {node: Column() for node in network.values()}
    columns[network[1, "HTL"]].add(Entry(1, NOON_S, htl, 1))
    columns[network[2, "HHL"]].add(Entry(2, NOON_S + 60, hhl, 1))
    (check,) = network[1, "HTL"].checks
    assert [said for _, said in judge(check, NOON_S, columns)] == [flag]


def test_of_two_equally_near_values_the_older_speaks() -> None:
    column = Column()
    assert column.add(Entry(1, 100, 1.0, 1))
    assert column.add(Entry(2, 200, 2.0, 1))
    assert not column.add(Entry(3, 200, 3.0, 1))
    found = [column.nearest(at, 60) for at in (150, 151, 39, 261)]
    assert [None if entry is None else entry.row for entry in found] == [1, 2, None, None]


def test_a_value_concerns_the_keys_it_is_nearest_to() -> None:
    network = build_network([facts(number, qc={"spatial": SPATIAL}) for number in range(1, 6)], [])
    columns = {node: Column() for node in network.values()}
    source, target = network[2, "T"], network[1, "T"]
    for time_s in (0, 300, 600):
        columns[target].add(Entry(time_s + 1, time_s, 1.0, 1))
    columns[source].add(Entry(9, 300, 1.0, 1))
    (check,) = target.checks
    assert [key for fed, key in keys_fed(columns, source, 300) if fed is check] == [0, 300, 600]
    columns[source].add(Entry(10, 0, 1.0, 1))
    assert [key for fed, key in keys_fed(columns, source, 300) if fed is check] == [300, 600]
