"""What waits, until when, and for which reading."""

from actors.outer_agenda import Agenda, Old
from actors.outer_checks import Check, Node
from actors.outer_columns import Column, Columns, Entry, key_of
from actors.outer_network import Network
from actors.outer_slots import Slots
from actors.outer_together import divided, members_at
from tests.actors.outer_kit import NOON_S, everything, five


class Waiting:
    """An agenda, and all series with one value each at noon."""

    def __init__(self, network: Network) -> None:
        self.network, self.agenda, self.slots = network, Agenda(), Slots()
        self.columns: Columns = {node: Column() for node in network.values()}
        for row, (node, column) in enumerate(self.columns.items(), 1):
            column.add(Entry(row, NOON_S, 20.0, 1))
            if (circle := node.alike.circle) is not None:
                self.slots.at(circle, NOON_S).extend([node.row], [column.entries[NOON_S]])

    def own(self, due_s: int, row: int, check: Check) -> None:
        """The value of noon waits for its own test."""
        due, circle, node = self.agenda.at(due_s, row), check.circle, check.target
        if circle.together:
            place = self.slots.at(circle, NOON_S).place_of[node.row]
            due.places.setdefault((circle, NOON_S), []).append(range(place, place + 1))
        else:
            entry = self.columns[node].entries[NOON_S]
            members_at(due.own, key_of(check, NOON_S), circle)[check] = entry

    def touched(self, due_s: int, row: int, node: Node, serial: int = 1) -> None:
        self.agenda.at(due_s, row).touched.setdefault(NOON_S, {})[node] = serial


def test_what_is_due_comes_by_key_and_circle() -> None:
    waiting = Waiting(five())
    checks = [check for node in waiting.network.values() for check in node.checks]
    for row, check in enumerate(checks, 1):
        waiting.own(100, row, check)
    waiting.own(101, 7, checks[0])
    agenda = waiting.agenda
    assert (len(agenda), agenda.oldest_row(99)) == (6, 1)
    (batch,) = agenda.due(100, waiting.columns, waiting.slots)
    assert (batch.key, sorted(batch.targets), batch.size) == (NOON_S, [1, 2, 3, 4, 5], 5)
    assert (len(agenda), agenda.oldest_row(99)) == (1, 7)


def test_a_value_that_waits_twice_is_judged_once() -> None:
    waiting = Waiting(five())
    (check,) = waiting.network[2, "T"].checks
    waiting.own(99, 1, check)
    waiting.own(100, 2, check)
    waiting.touched(100, 3, waiting.network[1, "T"])
    (batch,) = waiting.agenda.due(100, waiting.columns, waiting.slots)
    assert sorted(batch.targets) == [2, 3, 4, 5]


def test_a_touched_source_brings_whom_it_feeds() -> None:
    waiting = Waiting(five())
    waiting.touched(100, 3, waiting.network[1, "T"])
    (batch,) = waiting.agenda.due(100, waiting.columns, waiting.slots)
    assert sorted(batch.targets) == [2, 3, 4, 5]
    assert waiting.agenda.oldest_row(99) == 99


def test_batches_are_divided_into_first_stations_and_others() -> None:
    waiting = Waiting(everything())
    for node in waiting.network.values():
        for check in node.checks:
            waiting.own(100, 1, check)
    batches = waiting.agenda.due(100, waiting.columns, waiting.slots)
    parts = divided(batches, frozenset({2, 4}))
    at = max(at for at, part in enumerate(parts) if set(part.targets) <= {2, 4})
    assert all(set(part.targets) <= {2, 4} for part in parts[: at + 1])
    assert not any(set(part.targets) & {2, 4} for part in parts[at + 1 :])
    assert sum(part.size for part in parts) == sum(batch.size for batch in batches)


def test_what_waits_for_a_past_that_is_forgotten_is_handed_back() -> None:
    waiting = Waiting(everything())
    (spatial,) = waiting.network[2, "T"].checks
    (rain,) = waiting.network[3, "R"].checks
    waiting.own(100, 4, spatial)
    waiting.own(100, 5, rain)
    waiting.touched(100, 6, waiting.network[1, "T"])
    assert list(waiting.agenda.take_before(NOON_S, waiting.slots)) == []
    rows = {node: column.entries[NOON_S].row for node, column in waiting.columns.items()}
    nodes = spatial.target, rain.target
    assert list(waiting.agenda.take_before(NOON_S + 3601, waiting.slots)) == [
        *(Old(node, NOON_S, rows[node]) for node in nodes),
        Old(waiting.network[1, "T"], NOON_S, 4),
    ]
    assert waiting.agenda.due(100, waiting.columns, waiting.slots) == []
