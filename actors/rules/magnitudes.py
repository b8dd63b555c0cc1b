"""Whether a number claims one unit and looks like another: a CO of 0.8 under the heading µg/m3.

Only spans that no true value reaches are in the table (`magnitudes.toml`); what falls into one is suspect, not mended.
Source: WMO-No. 8 (plausible values); QĐ 1459/QĐ-TCMT 2019 (breakpoints); `why` of each row.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from protocols.symbols import canonical_symbol
from protocols.units import canonical_unit
from protocols.vocabulary import StationKind

_TABLE = Path(__file__).with_name("magnitudes.toml")


class Magnitude(NamedTuple):
    """A row: values strictly between `above` and `below` look like `looks_like`."""

    symbol: str
    unit: str
    kinds: tuple[StationKind, ...]
    above: float
    below: float
    looks_like: str
    why: str


def load_magnitudes() -> tuple[Magnitude, ...]:
    """Read the table."""
    with _TABLE.open("rb") as file:
        rows = tomllib.load(file)["magnitudes"]
    return tuple(
        Magnitude(
            row["symbol"],
            row["unit"],
            tuple(map(StationKind, row.get("kinds", ()))),
            float(row["above"]),
            float(row["below"]),
            row["looks_like"],
            row["why"],
        )
        for row in rows
    )


MAGNITUDES = load_magnitudes()


def magnitudes_of(
    symbol: str, unit: str, kind: StationKind, rows: Iterable[Magnitude] = MAGNITUDES
) -> tuple[Magnitude, ...]:
    """The rows for one parameter; most have none."""
    wanted = canonical_symbol(symbol), canonical_unit(unit)
    return tuple(row for row in rows if (row.symbol, row.unit) == wanted and (not row.kinds or kind in row.kinds))


def other_unit(value: float, rows: Iterable[Magnitude]) -> str:
    """The unit that a value looks like; empty where it looks like its own."""
    return next((row.looks_like for row in rows if row.above < value < row.below), "")
