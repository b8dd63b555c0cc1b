"""A reader goes on after a fault and finds the next one."""

import math

import pytest

from conf.faults import ConfigFault
from conf.table_reader import TableReader


def reader(**table: object) -> tuple[TableReader, list[ConfigFault]]:
    faults: list[ConfigFault] = []
    return TableReader("t", table, faults), faults


def test_a_key_nobody_asked_for_is_a_fault() -> None:
    table, faults = reader(naem="x")
    table.text("name")
    table.finish()
    assert [fault.where for fault in faults] == ["t.naem"]


def test_an_absent_key_gives_the_default_without_a_fault() -> None:
    table, faults = reader()
    assert (table.text("a"), table.number("b"), table.flag("c", True), table.texts("d")) == ("", None, True, None)
    assert faults == []


@pytest.mark.parametrize("value", [True, "1", math.nan, math.inf, [1]])
def test_what_is_no_number_is_a_fault(value: object) -> None:
    table, faults = reader(a=value)
    assert table.number("a") is None
    assert [fault.problem for fault in faults] == ["is not a number"]


@pytest.mark.parametrize("value", [True, 1.0, "1", -1, 11])
def test_what_is_no_whole_number_in_range_is_a_fault(value: object) -> None:
    table, faults = reader(a=value)
    assert table.integer("a", low=0, high=10) is None
    assert len(faults) == 1


@pytest.mark.parametrize("value", ["a\x00b", "a\nb", "x" * 300, 5])
def test_a_text_is_one_printable_line(value: object) -> None:
    table, faults = reader(a=value)
    assert table.text("a") == ""
    assert len(faults) == 1


@pytest.mark.parametrize("value", [[1, 1], [2, 1], [1], "0-5", [True, 2], [1, math.inf]])
def test_a_span_ascends(value: object) -> None:
    table, faults = reader(a=value)
    assert table.span("a") is None
    assert len(faults) == 1


def test_a_table_inside_knows_its_place() -> None:
    table, faults = reader(limit={"x": "y"})
    inner = table.table("limit")
    assert inner is not None
    inner.number("x")
    assert faults[0].where == "t.limit.x"
