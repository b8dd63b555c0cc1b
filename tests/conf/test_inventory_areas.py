"""Areas and works of an inventory."""

from collections.abc import Callable
from typing import Any

import pytest

from conf.faults import ConfigFault
from conf.inventory_areas import read_area, read_work
from conf.table_reader import TableReader
from storage.entries import AreaEntry, WorkEntry

RULE = {"rule": "htl_hhl", "htl": "A/HTL", "hhl": "B/HHL"}


def read(reader: Callable[[TableReader], Any], **table: Any) -> tuple[Any, list[ConfigFault]]:
    faults: list[ConfigFault] = []
    return reader(TableReader("it", table, faults)), faults


def test_an_area_names_its_stations() -> None:
    assert read(read_area, name="coast", title="Ven biển", stations=["A", "B"]) == (
        AreaEntry("coast", "Ven biển", ("A", "B")),
        [],
    )


def test_a_work_has_rules_between_stations() -> None:
    assert read(read_work, name="lake", rules=[RULE]) == (WorkEntry("lake", "", (RULE,)), [])


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ({"rule": "htl"}, "it.rules[0].rule"),
        ({"rule": "htl_hhl", "htl": "A/HTL"}, "it.rules[0].hhl"),
        ({**RULE, "hhl": "HHL"}, "it.rules[0].hhl"),
        ({**RULE, "tolerance": 3}, "it.rules[0].rule"),
    ],
)
def test_a_rule_that_cannot_be_used_is_told_with_its_place(rule: object, where: str) -> None:
    _, (fault,) = read(read_work, name="lake", rules=[rule])
    assert fault.where == where
    assert fault.mend


def test_a_name_is_of_letters_and_digits() -> None:
    assert [fault.where for fault in read(read_area, name="ven biển")[1]] == ["it.name"]
