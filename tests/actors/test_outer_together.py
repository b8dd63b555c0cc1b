"""Many keys at once: the flags, and the keys to judge again, are those of one by one."""

from collections.abc import Collection
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.outer_checks import Circle, Node
from actors.outer_columns import Column, Columns, Entry, judge, keys_fed
from actors.outer_gathering import Gathering
from actors.outer_network import Network, WorkRule, build_network
from actors.outer_slots import SPATIAL_AT, Slots
from actors.outer_together import MANY, AnyBatch, Batch, SlotBatch
from actors.outer_voices import Voices
from actors.rules.spatial import SpatialThresholds
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


def slots_of(columns: Columns) -> Slots:
    """The slots of these columns."""
    slots = Slots()
    for node, column in columns.items():
        if (circle := node.alike.circle) is not None:
            for entry in column.entries.values():
                slots.at(circle, entry.time_s).extend([node.row], [entry])
    return slots


def batch_of(circle: Circle, key: int, slots: Slots, random: Random) -> AnyBatch:
    """Some of a circle's checks."""
    some = random.sample(circle.checks, random.randint(1, len(circle.checks)))
    if not circle.together:
        return Batch(circle, key, dict.fromkeys(some))
    slot = slots.at(circle, key)
    return SlotBatch(
        slot, np.array([slot.place_of[check.at] for check in some if check.at in slot.place_of], dtype=int)
    )


def one_by_one(circle: Circle, key: int, targets: Collection[int], columns: Columns) -> dict[tuple[int, int], int]:
    """What the scalar rule says of some stations, where it is not what they stand with."""
    return {
        (check.target.station_id, entry.time_s): int(flag)
        for check in circle.checks
        if check.target.station_id in targets
        for entry, flag in judge(check, key, columns)
        if entry.outer >> SPATIAL_AT & 0xF != flag
    }


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=40)
@given(seed=st.integers(0, 1 << 30))
def test_flags_are_those_of_one_by_one(name: str, seed: int) -> None:
    random, network = Random(seed), NETWORKS[name]
    columns = columns_of(network, random)
    (circle,) = network[9, "T"].group.circles.values()
    key = random.choice([NOON_S, NOON_S - 300])
    batch = batch_of(circle, key, slots_of(columns), random)
    expected = one_by_one(circle, key, batch.targets, columns)
    told = batch.judge(columns, Voices(columns), 1)
    assert {(verdict.station_id, verdict.time_s): int(verdict.flag) for verdict in told} == expected


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=40)
@given(seed=st.integers(0, 1 << 30))
def test_values_to_judge_again_are_all_that_any_source_feeds(name: str, seed: int) -> None:
    """As long as nothing was judged; afterwards, those are left out that were judged since, or whose votes suffice."""
    random, network = Random(seed), NETWORKS[name]
    columns = columns_of(network, random)
    nodes = list(network.values())
    sources = [node for node in random.sample(nodes, random.randint(1, len(nodes))) if NOON_S in columns[node].entries]
    gathering = Gathering(columns, slots_of(columns))
    gathering.touched(dict.fromkeys(sources, 1), NOON_S)
    found = {(batch.circle, batch.key, station_id) for batch in gathering.batches() for station_id in batch.targets}
    fed = {pair for node in sources for pair in keys_fed(columns, node, NOON_S)}
    assert found == {(check.circle, key, check.target.station_id) for check, key in fed}


@pytest.mark.parametrize("name", ["identity", "sqrt", "log1p"])
@settings(max_examples=60)
@given(seed=st.integers(0, 1 << 30))
def test_whoever_is_not_judged_again_would_be_judged_as_he_stands(name: str, seed: int) -> None:
    """Round by round some values change; what is gathered is judged: then all stand with the scalar rule's verdicts."""
    random, network = Random(seed), NETWORKS[name]
    columns = columns_of(network, random)
    slots, voices = slots_of(columns), Voices(columns)
    (circle,) = network[9, "T"].group.circles.values()
    slot, everybody = slots.at(circle, NOON_S), [check.target.station_id for check in circle.checks]
    SlotBatch(slot, np.arange(len(slot.rows))).judge(columns, voices, 1)
    skipped = 0
    for serial in range(2, 6):
        with_noon = [node for node, column in columns.items() if NOON_S in column.entries and node.row >= 0]
        some = random.sample(with_noon, min(len(with_noon), random.choice([1, 2, 20])))
        for node in some:
            entry = columns[node].entries[NOON_S]
            entry.revise(random.choice([1, 3]))
            voices.came(node.group, NOON_S, (node,), (entry,))
        gathering = Gathering(columns, slots)
        gathering.touched(dict.fromkeys(some, serial), NOON_S)
        for batch in gathering.batches():
            list(batch.judge(columns, voices, serial))
        again = Gathering(columns, slots)
        again.touched(dict.fromkeys(some, serial), NOON_S)
        skipped += sum(batch.size for batch in again.batches() if batch.size >= MANY)
        assert one_by_one(circle, NOON_S, everybody, columns) == {}
    assert skipped == 0  # nothing changed after it was judged


def test_a_row_whose_nearest_say_nothing_asks_the_farther_ones() -> None:
    network = NETWORKS["sqrt"]
    columns = {node: Column() for node in network.values()}
    (circle,) = network[9, "T"].group.circles.values()
    for node, column in columns.items():
        column.add(Entry(1, NOON_S, 20.0, 1 if node.station_id % 8 == 0 else 3))
    slot = slots_of(columns).at(circle, NOON_S)
    told = SlotBatch(slot, np.arange(len(slot.rows))).judge(columns, Voices(columns), 1)
    assert {int(verdict.flag) for verdict in told} == {1}
    assert len(slot.rows) >= MANY


def test_of_a_full_neighbourhood_only_a_near_change_is_judged_again() -> None:
    network = NETWORKS["sqrt"]
    columns = {node: Column() for node in network.values()}
    (circle,) = network[9, "T"].group.circles.values()
    for column in columns.values():
        column.add(Entry(1, NOON_S, 20.0, 1))
    slots, voices = slots_of(columns), Voices(columns)
    slot = slots.at(circle, NOON_S)
    SlotBatch(slot, np.arange(len(slot.rows))).judge(columns, voices, 1)
    gathering, first = Gathering(columns, slots), network[30, "T"]
    gathering.touched({first: 2}, NOON_S)
    (batch,) = gathering.batches()
    most = SpatialThresholds.from_table(TABLES["sqrt"] | {"k_fail": 9}, 300).n_max
    assert len(first.feeds) > batch.size
    assert set(batch.targets) == {check.target.station_id for check in first.feeds if first.at in check.near[:most]}
