"""Limits in an inventory: one table or several, in the inventory's or the rule's own words."""

from datetime import date

import pytest

from actors.rules.limit_presets import load_presets
from actors.rules.limit_settling import limit_tables, settle_limits
from conf.faults import ConfigFault
from conf.inventory_limits import read_limits, settled_cmax
from conf.table_reader import TableReader


def read(**parameter: object) -> tuple[object, list[ConfigFault]]:
    faults: list[ConfigFault] = []
    table = TableReader("p", parameter, faults)
    return read_limits(table, table.table("qc")), faults


def test_the_words_of_the_inventory_and_of_the_rule_say_the_same() -> None:
    plain, faults = read(limit={"value": 75, "kq": 1.2, "kf": 1.2})
    assert (plain, faults) == ({"value": 75, "kq": 1.2, "kf": 1.2, "scaled": True}, [])
    assert read(limit={"hi": 75, "Kq": 1.2, "Kf": 1.2}) == (plain, [])
    assert read(qc={"limit": {"C": 75, "Kq": 1.2, "Kf": 1.2, "scaled": True}}) == (plain, [])


def test_several_tables_stay_several() -> None:
    found, faults = read(limit=[{"value": 100, "valid_to": date(2026, 1, 1)}, {"preset": "qcvn_40_2011:A"}])
    assert faults == []
    assert found == [{"value": 100, "scaled": True, "valid_to": "2026-01-01"}, {"preset": "qcvn_40_2011:A"}]


@pytest.mark.parametrize(
    ("limit", "where", "problem"),
    [
        ({}, "p.limit.value", "is missing"),
        ({"value": "much"}, "p.limit.value", "is not a number"),
        ({"value": 1, "hi": 2}, "p.limit.hi", "says value a second time"),
        ({"value": 1, "valid_to": "soon"}, "p.limit.valid_to", "is not a day"),
        ({"value": 1, "zone": 7}, "p.limit.zone", "is not a whole number in range"),
        ({"value": 1, "averaging": ["week"]}, "p.limit.averaging[0]", "is not one of the choices"),
        ({"value": 1, "o2ref": 7}, "p.limit.o2ref", "is an unknown key"),
        ({"value": 1, "o2_ref": 7, "o2_refused_from": 21}, "p.limit.o2_refused_from", "is out of range"),
        ({"value": 1, "tendency_s": 60}, "p.limit.tendency_s", "is out of range"),
    ],
)
def test_a_fault_says_where_it_is(limit: object, where: str, problem: str) -> None:
    _, faults = read(limit=limit)
    assert [(fault.where, fault.problem) for fault in faults] == [(where, problem)]


def test_settings_of_a_limit_reach_it() -> None:
    given = {"value": 1, "o2_ref": 7, "o2_refused_from": 20.5, "tendency_s": 3600}
    found, faults = read(limit=given)
    assert faults == []
    assert isinstance(found, dict)
    (settled,) = settle_limits(limit_tables(found), "SO2", "mg/Nm3", load_presets())
    assert (settled.limit.o2_refused_from, settled.limit.tendency_s) == (20.5, 3600)
    with pytest.raises(ValueError, match="o2_refused_from = 6 is not over o2_ref = 7; raise it"):
        settle_limits([{"value": 1, "o2_ref": 7, "o2_refused_from": 6}], "SO2", "mg/Nm3", load_presets())


def test_what_does_not_come_to_a_limit_is_a_fault_of_the_parameter() -> None:
    faults: list[ConfigFault] = []
    table = TableReader("p", {}, faults)
    assert settled_cmax(table, {"preset": "qcvn_40_2011:A", "kq": 1.2}, "COD", "mg/L") == pytest.approx(90)
    assert settled_cmax(table, {"preset": "qcvn_40_2011:A"}, "COD", "ppm") is None
    assert [fault.where for fault in faults] == ["p.limit"]
