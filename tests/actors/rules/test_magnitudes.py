"""Numbers that give another unit away."""

import pytest

from actors.rules.magnitudes import MAGNITUDES, magnitudes_of, other_unit
from protocols.symbols import canonical_symbol
from protocols.units import canonical_unit
from protocols.vocabulary import StationKind


@pytest.mark.parametrize(
    ("symbol", "unit", "value", "looks_like"),
    [("P", "hPa", 100.9, "kPa"), ("P", "hPa", 1009, ""), ("CO", "ug/m3", 0.8, "mg/m3"), ("CO", "ug/m3", 0.0, ""),
     ("Nhiệtđộ", "oC", 298.2, "K"), ("COD", "mg/L", 0.1, "")],
)  # fmt: skip
def test_a_number_is_held_against_its_units_span(symbol: str, unit: str, value: float, looks_like: str) -> None:
    assert other_unit(value, magnitudes_of(symbol, unit, StationKind.AIR)) == looks_like


def test_a_stack_may_be_hot() -> None:
    assert magnitudes_of("Temp", "oC", StationKind.EMISSION) == ()


def test_every_row_is_in_the_houses_spelling() -> None:
    assert all((canonical_symbol(row.symbol), canonical_unit(row.unit)) == row[:2] for row in MAGNITUDES)
