"""Names inside one station, and its limits."""

from actors.rules.defaults import load_elements
from conf.faults import ConfigFault
from conf.inventory_stations import StationReader
from conf.table_reader import TableReader
from storage.entries import StationEntry


def read(*parameters: dict[str, object]) -> tuple[StationEntry, list[ConfigFault]]:
    faults: list[ConfigFault] = []
    table: dict[str, object] = {"code": "A", "kind": "air", "parameters": list(parameters)}
    return StationReader({"33"}, load_elements()).read(TableReader("stations[0]", table, faults)), faults


def test_an_alias_may_not_be_the_name_of_another_parameter() -> None:
    _, faults = read({"symbol": "COD"}, {"symbol": "BOD", "aliases": ["COD"]})
    assert [str(fault) for fault in faults] == [
        "stations[0].parameters[1].aliases = 'COD': is a name of stations[0].parameters[0] already; keep one"
    ]


def test_a_limit_keeps_the_factors_that_are_given() -> None:
    station, faults = read({"symbol": "pH", "limit": {"value": 9, "low": 6, "kp": 0.8}})
    assert faults == []
    assert station.parameters is not None
    assert station.parameters[0].limit == {"value": 9, "low": 6, "kp": 0.8, "scaled": True}


def test_a_table_that_contradicts_the_measuring_range_is_a_fault() -> None:
    _, faults = read({"symbol": "X", "measuring_range": [0, 10], "qc": {"detection_limit": {"instr_lo": 20}}})
    assert [fault.where for fault in faults] == ["stations[0].parameters[0].qc"]


def test_a_test_that_is_turned_off_is_kept_as_false() -> None:
    station, _ = read({"symbol": "TSS", "qc": {"spike": False}})
    assert station.parameters is not None
    assert station.parameters[0].qc == {"spike": False}


def test_a_grace_of_zero_is_kept() -> None:
    table: dict[str, object] = {"code": "A", "kind": "air", "grace_s": 0}
    assert StationReader((), ()).read(TableReader("s", table, [])).grace_s == 0
