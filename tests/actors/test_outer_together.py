"""Many keys at once: the flags, and the keys to judge again, are those of one by one."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.outer_checks import Node
from actors.outer_columns import Column, Columns, Entry, judge, keys_fed
from actors.outer_network import Network, WorkRule, build_network
from actors.outer_together import MANY, Batch, Keys, gather_touched, judge_batch
from actors.outer_voices import Voices
from tests.actors.outer_kit import NOON_S, RAIN, SPATIAL, facts

STATIONS = range(1, 4 * MANY)
TABLES: dict[str, dict[str, Any]] = {
    "identity": {**SPATIAL, "radius_m": 9_000, "gradient": -0.0065},
    "sqrt": {**SPATIAL, "radius_m": 60_000, "transform": "sqrt", "gradient": 0.001, "k_fail": None},
    "log1p": {**SPATIAL, "n_max": 4, "transform": "log1p", "sigma_min": 0.1},
    "hour": RAIN,
}


def network_of(table: dict[str, Any]) -> Network:
    heights = Random(5)
    given = {key: value for key, value in table.items() if value is not None}
    model = {"model": {"station": "S1", "parameter": "T", "sigma": 1.0}}
    rule = WorkRule("lake", "htl_hhl", {"htl": ("S2", "T"), "hhl": ("S3", "T")})
    series = [facts(n, qc={"spatial": given}, elevation_m=heights.uniform(0, 200)) for n in STATIONS]
    return build_network([*series, facts(99, lat=None, qc=model)], [], [rule])


NETWORKS = {name: network_of(table) for name, table in TABLES.items()}


def columns_of(network: Network, random: Random) -> dict[Node, Column]:
    """Some series are silent, some uneven; values repeat, miss, and stand with every flag."""
    columns = {node: Column() for node in network.values()}
    times = [NOON_S - 600, NOON_S - 300, NOON_S]
    silent, uneven = random.choice([0.0, 0.2, 0.8]), random.choice([0.0, 0.0, 0.3])
    for column in columns.values():
        for time_s in times:
            if random.random() < silent:
                continue
            moved_s = random.choice([-150, -149, 20]) if random.random() < uneven else 0
            value = random.choice([None, 0.0, 1.0, 1.5, 2.0, random.uniform(-5, 60)])
            column.add(Entry(1, time_s + moved_s, value, random.choice([1, 1, 1, 1, 2, 3, 4, 9])))
    return columns


def one_by_one(batch: Batch, columns: Columns) -> list[tuple[int, int, int]]:
    found = [(check.target.station_id, *said) for check in batch.members for said in judge(check, batch.key, columns)]
    return sorted((station_id, entry.time_s, int(flag)) for station_id, entry, flag in found)


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=40)
@given(seed=st.integers(0, 1 << 30))
def test_flags_are_those_of_one_by_one(name: str, seed: int) -> None:
    random, network = Random(seed), NETWORKS[name]
    columns = columns_of(network, random)
    (circle,) = network[9, "T"].group.circles.values()
    some = random.sample(circle.checks, random.randint(1, len(circle.checks)))
    batch = Batch(circle, random.choice([NOON_S, NOON_S - 300]), dict.fromkeys(some))
    together = [
        (check.target.station_id, entry.time_s, int(flag))
        for check, entry, flag in judge_batch(batch, columns, Voices(columns))
    ]
    assert sorted(together) == one_by_one(batch, columns)


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=40)
@given(seed=st.integers(0, 1 << 30))
def test_keys_to_judge_again_are_all_that_any_source_feeds(name: str, seed: int) -> None:
    random, network = Random(seed), NETWORKS[name]
    columns = columns_of(network, random)
    nodes = list(network.values())
    sources = [node for node in random.sample(nodes, random.randint(1, len(nodes))) if NOON_S in columns[node].entries]
    keys: Keys = {}
    gather_touched(keys, columns, sources, NOON_S)
    found = [
        (check, key, entry)
        for key, circles in keys.items()
        for members in circles.values()
        for check, entry in members.items()
    ]
    fed = {pair for node in sources for pair in keys_fed(columns, node, NOON_S)}
    assert {(check, key) for check, key, _ in found} == fed
    assert all(entry in (None, columns[check.target].entries[key]) for check, key, entry in found if not check.sum_s)


def test_a_row_whose_nearest_say_nothing_asks_the_farther_ones() -> None:
    network = NETWORKS["sqrt"]
    columns = {node: Column() for node in network.values()}
    (circle,) = network[9, "T"].group.circles.values()
    for node, column in columns.items():
        column.add(Entry(1, NOON_S, 20.0, 1 if node.station_id % 8 == 0 else 3))
    batch = Batch(circle, NOON_S, dict.fromkeys(circle.checks))
    assert {int(flag) for _, _, flag in judge_batch(batch, columns, Voices(columns))} == {1}
