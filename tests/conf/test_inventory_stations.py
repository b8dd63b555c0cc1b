"""Names inside one station, and its limits."""

from conf.faults import ConfigFault
from conf.inventory_stations import StationReader
from conf.table_reader import TableReader
from storage.entries import StationEntry


def read(*parameters: dict[str, object]) -> tuple[StationEntry, list[ConfigFault]]:
    faults: list[ConfigFault] = []
    table: dict[str, object] = {"code": "A", "kind": "air", "parameters": list(parameters)}
    return StationReader({"33"}).read(TableReader("stations[0]", table, faults)), faults


def test_an_alias_may_not_be_the_name_of_another_parameter() -> None:
    _, faults = read({"symbol": "COD"}, {"symbol": "BOD", "aliases": ["COD"]})
    assert [str(fault) for fault in faults] == [
        "stations[0].parameters[1].aliases = 'COD': is a name of stations[0].parameters[0] already; keep one"
    ]


def test_a_limit_without_factors_is_not_scaled() -> None:
    station, faults = read({"symbol": "pH", "limit": {"value": 9}})
    assert faults == []
    assert station.parameters is not None
    assert station.parameters[0].limit == {"value": 9, "kq": 1, "kf": 1, "scaled": False}


def test_a_test_that_is_turned_off_is_kept_as_false() -> None:
    station, _ = read({"symbol": "TSS", "qc": {"spike": False}})
    assert station.parameters is not None
    assert station.parameters[0].qc == {"spike": False}


def test_a_grace_of_zero_is_kept() -> None:
    table: dict[str, object] = {"code": "A", "kind": "air", "grace_s": 0}
    assert StationReader(()).read(TableReader("s", table, [])).grace_s == 0
