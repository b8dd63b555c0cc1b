"""Outer tests on the stream: whatever comes when, the verdicts are those of the whole."""

from itertools import chain
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.outer_board import AGAIN_S, WITHIN_S, OuterBoard
from actors.outer_checks import NEVER_S, Node
from actors.outer_network import Network, build_network
from protocols.vocabulary import Flag
from tests.actors.outer_kit import CADENCE_S, NOON_S, SPATIAL, Store, everything, facts, five, judged, revised, tick

HALF_S = CADENCE_S // 2


def nodes_of(network: Network) -> list[Node]:
    return [network[number, "T"] for number in range(1, 6)]


def test_a_value_is_judged_half_an_interval_after_its_slot() -> None:
    network = five()
    board, store, nodes = OuterBoard(network), Store(), nodes_of(network)
    for row, node in enumerate(nodes, 1):
        board.take(NOON_S + 20, [judged(row, node, NOON_S, 40.0 if row == 1 else 20.0 + row / 10)], [row])
    tick(board, store, NOON_S + HALF_S - 1)
    assert store.outer == {}
    tick(board, store, NOON_S + HALF_S + 1)
    assert store.outer == {1: {"spatial": 4}, **{row: {"spatial": 1} for row in range(2, 6)}}
    assert board.pending == 0
    assert board.done_row == 5


def test_a_value_of_a_slow_station_is_judged_within_twenty_minutes() -> None:
    """QĐ 338/QĐ-KTTV art. 6.2."""
    network = five(cadence_s=3600)
    board, store, nodes = OuterBoard(network), Store(), nodes_of(network)
    for row, node in enumerate(nodes, 1):
        board.take(NOON_S + 20, [judged(row, node, NOON_S, 20.0)], [row])
    tick(board, store, NOON_S + WITHIN_S - 1)
    assert store.outer == {}
    tick(board, store, NOON_S + 1199)
    assert store.outer == {row: {"spatial": 1} for row in range(1, 6)}


def test_what_late_neighbours_change_is_judged_again_after_twenty_minutes() -> None:
    network = five()
    board, store, nodes = OuterBoard(network), Store(), nodes_of(network)
    board.take(NOON_S + 20, [judged(1, nodes[0], NOON_S, 40.0)], [1])
    tick(board, store, NOON_S + HALF_S + 1)
    assert store.outer == {1: {"spatial": 2}}
    for row, node in enumerate(nodes[1:], 2):
        board.take(NOON_S + 600, [judged(row, node, NOON_S, 20.0)], [row])
    tick(board, store, NOON_S + 610)
    assert store.outer[1] == {"spatial": 2}
    assert board.done_row == 1
    tick(board, store, NOON_S + AGAIN_S + 1)
    assert store.outer[1] == {"spatial": 4}
    assert board.done_row == 5


def test_a_neighbour_that_proves_wrong_takes_its_vote_back() -> None:
    network = five()
    board, store, nodes = OuterBoard(network), Store(), nodes_of(network)
    for row, node in enumerate(nodes[:4], 1):
        board.take(NOON_S + 20, [judged(row, node, NOON_S, 20.0)], [row])
    tick(board, store, NOON_S + HALF_S + 1)
    assert store.outer[1] == {"spatial": 1}
    board.take(NOON_S + 320, [revised(nodes[1], NOON_S, Flag.SUSPECT)], [])
    tick(board, store, NOON_S + AGAIN_S + 1)
    assert store.outer[1] == {"spatial": 2}


def test_stations_of_a_disaster_area_are_judged_first() -> None:
    network = five()
    board, nodes = OuterBoard(network), nodes_of(network)
    board.first_stations = frozenset({5})
    for row, node in enumerate(nodes, 1):
        board.take(NOON_S + 20, [judged(row, node, NOON_S, 20.0)], [row])
    assert board.due(NOON_S + HALF_S + 1)[0].targets == [5]


def test_a_verdict_tells_whether_the_overall_flag_turns() -> None:
    network = five()
    board, nodes = OuterBoard(network), nodes_of(network)
    for row, node in enumerate(nodes, 1):
        board.take(NOON_S, [judged(row, node, NOON_S, 20.0 if row > 1 else 99.0, 1 if row > 2 else 2)], [row])
    told = {verdict.row: verdict for verdict in board.judge(board.due(NOON_S + HALF_S + 1))}
    assert [(told[row].turns, told[row].fails) for row in (1, 2, 3)] == [(True, True), (True, False), (False, False)]


def test_memory_holds_the_recent_past_only() -> None:
    network = five()
    board, store, nodes = OuterBoard(network), Store(), nodes_of(network)
    for slot in range(200):
        now_s = NOON_S + slot * CADENCE_S + 10
        for number, node in enumerate(nodes):
            board.take(now_s, [judged(slot * 5 + number, node, NOON_S + slot * CADENCE_S, 20.0)], [slot * 5 + number])
        tick(board, store, now_s)
    assert max(len(column.times) for column in board.columns.values()) * CADENCE_S <= 1.5 * board.keep_s


def test_what_waits_when_time_leaps_is_judged_from_the_store() -> None:
    """A replay of last month, and then a value of today."""
    network = five()
    board, store, nodes = OuterBoard(network), Store(), nodes_of(network)
    month_s, today_s = NOON_S - 30 * 86400, NOON_S + 10
    for row, node in enumerate(nodes, 1):
        store.keep(row, node, month_s, said := 40.0 if row == 1 else 20.0, 1)
        board.take(today_s, [judged(row, node, month_s, said)], [row])
    store.keep(6, nodes[0], NOON_S, 20.0, 1)
    board.take(today_s, [judged(6, nodes[0], NOON_S, 20.0)], [6])
    assert board.done_row == 0
    for second in range(200):
        tick(board, store, today_s + second)
    assert store.outer == store.batch()
    assert store.outer[1] == {"spatial": 4}
    assert (board.pending, board.done_row) == (0, 6)


@pytest.mark.parametrize("seed", range(11, 16))
def test_a_province_in_any_order_has_the_verdicts_of_the_whole(seed: int) -> None:
    """So many stations that they are judged together, some of them late, silent, uneven or wrong."""
    network = build_network([facts(number) for number in range(1, 41)], [])
    nodes, random = list(network.values()), Random(seed)
    came: list[tuple[int, int, Node, int, float | None, int]] = []
    for slot in range(4):
        for node in nodes:
            time_s = NOON_S + slot * CADENCE_S + random.choice([0] * 9 + [7])
            delay_s = random.choice([20, 140, 170, 280, 700, 1500])
            said = random.choice([20.0, 20.5, 21.0, 24.0, 60.0, None]), random.choice([1] * 8 + [3, 4])
            if random.random() < 0.9:
                came.append((time_s + delay_s, len(came) + 1, node, time_s, *said))
    random.shuffle(came)
    board, store, clock_s = OuterBoard(network), Store(), float(NOON_S)
    for at_s, row, node, time_s, value, flag in sorted(came, key=lambda each: each[0]):
        while clock_s + 10 < at_s:
            clock_s += 10
            tick(board, store, clock_s)
        store.keep(row, node, time_s, value, flag)
        board.take(at_s, [judged(row, node, time_s, value, flag)], [row])
        if row % 20 == 0:
            store.revise(node, time_s, turned := 4 if flag == 1 else 1)
            board.take(at_s, [revised(node, time_s, turned)], [])
    tick(board, store, clock_s + 9000)
    assert board.pending == 0
    assert store.outer == store.batch()
    assert {Flag.GOOD, Flag.FAIL, Flag.MISSING} <= {flag for tests in store.outer.values() for flag in tests.values()}


@pytest.mark.parametrize(("seed", "stations"), [(10, 6), (20, 6), (48, 6), (31, 24)])
def test_a_fast_replay_has_the_verdicts_of_the_whole(seed: int, stations: int) -> None:
    """Data of hours within seconds: what waits for its turn is at the edge of what is kept, or behind it."""
    network, random = build_network([facts(number) for number in range(1, stations + 1)], []), Random(seed)
    nodes, coming = list(network.values()), list[tuple[int, Node, int, float, int]]()
    shift_s = {node: random.choice([0, 0, 140, -140, 60]) for node in nodes}
    for slot in range(60):
        for node in nodes:
            look = slot + random.choice([0, 0, 0, 0, 1, 3, 6, 8, 9, 10, 11, 12])
            said = random.choice([20.0, 20.5, 21.0, 24.0, 60.0]), random.choice([1] * 6 + [3])
            coming.append((look, node, NOON_S + slot * CADENCE_S + shift_s[node], *said))
    board, store, clock_s, row = OuterBoard(network), Store(), NOON_S + 1e6, 0
    for now in range(72):
        for look, node, time_s, value, flag in coming:
            if look != now:
                continue
            row += 1
            store.keep(row, node, time_s, value, flag)
            board.take(clock_s, [judged(row, node, time_s, value, flag)], [row])
            if random.random() < 0.1:
                store.revise(node, time_s, turned := 4 if flag == 1 else 1)
                board.take(clock_s, [revised(node, time_s, turned)], [])
        clock_s += random.choice([0.2, 1, 3])
        tick(board, store, clock_s)
    for _ in range(3):
        tick(board, store, clock_s := clock_s + 20_000)
    assert board.pending == 0
    assert store.outer == store.batch()


def test_many_stations_without_a_neighbour_that_ask_for_the_test_are_not_evaluated() -> None:
    network = build_network([facts(number, qc={"spatial": {**SPATIAL, "radius_m": 10}}) for number in range(1, 41)], [])
    board, store = OuterBoard(network), Store()
    for row, node in enumerate(network.values(), 1):
        board.take(NOON_S + 20, [judged(row, node, NOON_S, 20.0)], [row])
    tick(board, store, NOON_S + HALF_S + 1)
    assert store.outer == {row: {"spatial": Flag.NOT_EVALUATED} for row in range(1, 41)}


NETWORK = everything()
SERIES = sorted(NETWORK.values(), key=lambda node: (node.station_id, node.symbol))
HOURLY = [node for node in SERIES if node.symbol == "R"]
value = st.sampled_from([0.0, 1.0, 20.0, 20.5, 21.0, 60.0, None])
flag = st.sampled_from([1, 1, 1, 1, 2, 3, 4])
delay_s = st.sampled_from([5, 100, 149, 200, 1000, 1300, 2500, 9000])
instant = st.one_of(
    st.sampled_from([NOON_S - 600, NOON_S - 300, NOON_S]), st.sampled_from([NOON_S - 310, NOON_S - 150, NOON_S + 20])
)
one = st.tuples(st.sampled_from(SERIES), instant, value, flag, delay_s)
hour = st.tuples(st.sampled_from(HOURLY), value, flag, delay_s).map(
    lambda drawn: [(drawn[0], NOON_S - at * CADENCE_S, *drawn[1:]) for at in range(10)]
)
came_lists = st.tuples(st.lists(one, min_size=8, max_size=40), st.lists(hour, max_size=5)).map(
    lambda drawn: list({(each[0], each[1]): each for each in [*drawn[0], *chain.from_iterable(drawn[1])]}.values())
)


@settings(max_examples=60)
@given(came_lists, st.lists(st.tuples(st.integers(0, 39), st.sampled_from([1, 3, 4])), max_size=6))
def test_any_order_of_arrival_gives_the_verdicts_of_the_whole(
    came: list[tuple[Node, int, float | None, int, int]], turned: list[tuple[int, int]]
) -> None:
    board, store = OuterBoard(NETWORK), Store()
    for node in SERIES:
        for check in node.checks:
            check.circle.last_key = NEVER_S
    arrivals = [
        (max(time_s + delay_s, NOON_S - 9000), row, node, time_s, value, flag)
        for row, (node, time_s, value, flag, delay_s) in enumerate(came, 1)
    ]
    clock_s = float(NOON_S - 9000)
    for at_s, row, node, time_s, value, flag in sorted(arrivals, key=lambda each: each[:2]):
        while clock_s + 60 < at_s:
            clock_s += 60
            tick(board, store, clock_s)
        store.keep(row, node, time_s, value, flag)
        board.take(at_s, [judged(row, node, time_s, value, flag)], [row])
    for at, flag in turned:
        if at < len(came):
            node, time_s, *_ = came[at]
            store.revise(node, time_s, flag)
            board.take(clock_s, [revised(node, time_s, flag)], [])
            tick(board, store, clock_s)
    for _ in range(3):
        clock_s += 20_000
        tick(board, store, clock_s)
    assert board.pending == 0
    assert {row: tests for row, tests in store.outer.items() if tests} == store.batch()
    assert board.done_row == len(came)
