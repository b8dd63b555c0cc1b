"""Reads what the inventory says of products: `products` of a station, `product` and `speed` of a parameter."""

from collections.abc import Sequence

from actors.rules.rain import HYDROMET_DAY_START_HOUR
from conf.table_reader import TableReader
from protocols.vocabulary import ProductKind
from storage.entries import ParameterEntry

AQI_MODES = ("law_norm", "law", "epa")
YEAR_H = 366 * 24


def read_products(table: TableReader | None) -> dict[str, object] | None:
    """Read `products = { aqi_mode, day_start_hour, freeze_after_h }`; kept is what differs from the defaults."""
    if table is None:
        return None
    hour = table.integer("day_start_hour", low=0, high=23)
    said: dict[str, object] = {
        "aqi_mode": table.choice("aqi_mode", AQI_MODES, AQI_MODES[0]),
        "day_start_hour": HYDROMET_DAY_START_HOUR if hour is None else hour,
        "freeze_after_h": table.number("freeze_after_h", low=0, high=20 * YEAR_H),
    }
    table.finish()
    return said


def read_product(table: TableReader) -> str:
    """Read `product = "mean" | "vector" | "sum"`; empty where the element decides."""
    return table.choice("product", ProductKind, "mean") if table.has("product") else ""


def check_speeds(tables: Sequence[TableReader], entries: Sequence[ParameterEntry]) -> None:
    """Note a direction whose wind speed is no parameter of the station, and a speed that no direction asks for."""
    symbols = {entry.symbol for entry in entries}
    for table, entry in zip(tables, entries, strict=True):
        if entry.speed and entry.speed not in symbols:
            mend = f"name one of {', '.join(sorted(symbols - {entry.symbol})) or 'its parameters'}"
            table.fault("speed", entry.speed, "is no parameter of this station", mend)
        elif entry.speed and entry.product not in ("", ProductKind.VECTOR):
            table.fault("speed", entry.speed, f"means nothing to a {entry.product}", 'write product = "vector"')
