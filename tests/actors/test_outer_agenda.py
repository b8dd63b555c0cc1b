"""What waits, until when, and for which reading."""

from actors.outer_agenda import Agenda, divided
from actors.outer_checks import Check
from actors.outer_columns import Column, Entry
from actors.outer_together import members_at
from tests.actors.outer_kit import NOON_S, five

ENTRY = Entry(1, NOON_S, 20.0, 1)


def wait(agenda: Agenda, due_s: int, row: int, check: Check, key: int) -> None:
    members_at(agenda.at(due_s, row).own, key, check.circle)[check] = ENTRY


def test_what_is_due_comes_by_key_and_circle() -> None:
    network, agenda = five(), Agenda()
    columns = {node: Column() for node in network.values()}
    checks = [check for node in network.values() for check in node.checks]
    for row, check in enumerate(checks, 1):
        wait(agenda, 100, row, check, NOON_S)
        wait(agenda, 100, row, check, NOON_S)
    wait(agenda, 101, 7, checks[0], NOON_S + 300)
    assert (len(agenda), agenda.oldest_row(99)) == (6, 1)
    (batch,) = agenda.due(100, columns)
    assert (batch.key, set(batch.members), len(batch.members)) == (NOON_S, set(checks), 5)
    assert (len(agenda), agenda.oldest_row(99)) == (1, 7)


def test_a_touched_source_brings_whom_it_feeds() -> None:
    network, agenda = five(), Agenda()
    columns = {node: Column() for node in network.values()}
    for column in columns.values():
        column.add(Entry(1, NOON_S, 1.0, 1))
    agenda.at(100, 3).touched.setdefault(NOON_S, set()).add(network[1, "T"])
    (batch,) = agenda.due(100, columns)
    assert {check.target.station_id for check in batch.members} == {2, 3, 4, 5}
    assert agenda.oldest_row(99) == 99


def test_batches_are_divided_into_first_stations_and_others() -> None:
    network, agenda = five(), Agenda()
    for node in network.values():
        wait(agenda, 100, 1, node.checks[0], NOON_S)
    batches = divided(agenda.due(100, {}), frozenset({2, 4}))
    assert [sorted(check.target.station_id for check in batch.members) for batch in batches] == [[2, 4], [1, 3, 5]]
