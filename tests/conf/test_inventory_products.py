"""What an inventory says of products, and what it may not say."""

from typing import Any

from conf.faults import ConfigFault
from conf.inventory_stations import StationReader
from conf.table_reader import TableReader
from storage.entries import StationEntry


def read(parameters: list[dict[str, Any]], **station: Any) -> tuple[StationEntry, list[str]]:
    faults: list[ConfigFault] = []
    table = {"code": "TB_A", "kind": "air", "parameters": parameters, **station}
    entry = StationReader((), ()).read(TableReader("stations[0]", table, faults))
    return entry, [f"{fault.where}: {fault.problem}" for fault in faults]


def test_what_is_said_is_kept() -> None:
    entry, faults = read(
        [
            {"symbol": "dd", "product": "vector", "speed": "WindSpeed", "qc": {"wind_dir": {"calm": 1}}},
            {"symbol": "WindSpeed", "unit": "m/s"},
        ],
        products={"aqi_mode": "epa", "day_start_hour": 7, "freeze_after_h": 48},
    )  # fmt: skip
    assert faults == []
    assert entry.products == {"aqi_mode": "epa", "day_start_hour": 7, "freeze_after_h": 48.0}
    assert entry.parameters is not None
    assert [(each.product, each.speed) for each in entry.parameters] == [("vector", "WindSpeed"), ("", "")]


def test_every_fault_is_told_where_it_stands() -> None:
    _, faults = read(
        [
            {"symbol": "A", "product": "median"},
            {"symbol": "B", "speed": "nobody"},
            {"symbol": "C", "product": "sum", "speed": "A"},
            {"symbol": "D", "qc": {"hourly_mean": {"completeness": 2}}},
        ],
        products={"aqi_mode": "quick", "day_start_hour": 24},
    )
    assert [fault.partition(":")[0] for fault in faults] == [
        "stations[0].products.day_start_hour",
        "stations[0].products.aqi_mode",
        "stations[0].parameters[0].product",
        "stations[0].parameters[3].qc.hourly_mean",
        "stations[0].parameters[1].speed",
        "stations[0].parameters[2].speed",
    ]
