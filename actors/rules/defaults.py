"""Starting thresholds per element (defaults.toml): what element a symbol, unit and kind of station mean; its tests.

They are starting points for every station until its own are known, so step, spike and spatial may be asked to mark no
more than SUSPECT.
Invariant: a symbol in an unknown unit has no element; a threshold in the wrong unit would judge wrong by a thousand.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from actors.rules.detection import DetectionThresholds
from actors.rules.flat_line import FlatLineThresholds
from actors.rules.range_check import RangeThresholds
from actors.rules.spatial import SpatialThresholds
from actors.rules.spike import SpikeThresholds
from actors.rules.step import StepThresholds
from protocols.vocabulary import StationKind

Table = Mapping[str, object]

NOMINAL_CADENCE_S = 600.0

_READERS: Mapping[str, Callable[[Table, float], object]] = MappingProxyType(
    {
        "range": RangeThresholds.from_table,
        "detection_limit": DetectionThresholds.from_table,
        "step": StepThresholds.from_table,
        "spike": SpikeThresholds.from_table,
        "flat_line": FlatLineThresholds.from_table,
        "spatial": SpatialThresholds.from_table,
    }
)

_FAIL_TIERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "step": ("f10", "f60"),
        "spike": ("fail",),
        "spatial": ("k_fail",),
    }
)

_PLAIN_LETTERS = str.maketrans({"µ": "u", "μ": "u", "°": "o", "º": "o", "²": "2", "³": "3", " ": None})


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """One row: what it is called, in which units and on which stations (none = any), and its tests' tables."""

    name: str
    symbols: tuple[str, ...]
    units: tuple[str, ...]
    tests: Mapping[str, Table]
    kinds: tuple[StationKind, ...] = ()
    relative_to_limit: tuple[str, ...] = ()
    coarser: tuple[tuple[float, Mapping[str, Table | None]], ...] = ()
    """From which cadence on other tables hold, or none, ascending: a total of an hour is not one of ten minutes."""

    def matches(self, symbol: str, unit: str, kind: StationKind) -> bool:
        """Say whether a station's parameter is this element."""
        if self.kinds and kind not in self.kinds:
            return False
        return any(_is_symbol(symbol, own) for own in self.symbols) and plain_unit(unit) in self.units

    def tables(self, cadence_s: float, limit: float | None = None, *, only_suspect: bool = False) -> dict[str, Table]:
        """Give the tables of this element's tests.

        Args:
            cadence_s: a flat line lasts at least 3 cadences to be suspect, 6 to fail.
            limit: the permitted value (Cmax) that some tests are multiples of; without it those are off.
            only_suspect: leave out the fail tiers of step, spike and spatial (thresholds not yet calibrated).
        """
        given: dict[str, Table] = {}
        for test, table in self._tests_at(cadence_s).items():
            settled = dict(table)
            if test in self.relative_to_limit:
                if limit is None:
                    continue
                settled = {key: value * limit for key, value in settled.items() if isinstance(value, int | float)}
            if only_suspect:
                settled = {key: value for key, value in settled.items() if key not in _FAIL_TIERS.get(test, ())}
            if test == "flat_line":
                settled |= _at_least(settled, sus_s=3 * cadence_s, fail_s=6 * cadence_s)
            given[test] = settled
        return given

    def _tests_at(self, cadence_s: float) -> Mapping[str, Table]:
        tests: dict[str, Table | None] = dict(self.tests)
        for from_s, others in self.coarser:
            if cadence_s >= from_s:
                tests |= others
        return {test: table for test, table in tests.items() if table is not None}


def find_element(elements: Iterable[Element], symbol: str, unit: str, kind: StationKind) -> Element | None:
    """Find the element that a station's parameter is."""
    return _find(tuple(elements), symbol, unit, kind)


@lru_cache(4096)
def _find(elements: tuple[Element, ...], symbol: str, unit: str, kind: StationKind) -> Element | None:
    """A thousand stations have the same few parameters."""
    return next((element for element in elements if element.matches(symbol, unit, kind)), None)


def parse_elements(text: str) -> tuple[Element, ...]:
    """Read the rows of a defaults.toml.

    Raises:
        ValueError: the text is not TOML, a row lacks a field, or a table is not one of its test.
    """
    try:
        return tuple(_build(row) for row in tomllib.loads(text)["element"])
    except (KeyError, TypeError) as fault:
        raise ValueError(f"defaults: {fault} is missing or unknown") from fault


def load_elements() -> tuple[Element, ...]:
    """Read the shipped rows."""
    return parse_elements(files("actors.rules").joinpath("defaults.toml").read_text("utf-8"))


def plain_unit(unit: str) -> str:
    """Write a unit without case, spaces and the many letters for micro and degree."""
    return unit.translate(_PLAIN_LETTERS).casefold()


def _is_symbol(symbol: str, own: str) -> bool:
    """Compare symbols: one letter exactly (H is level, h is wave height), longer ones without case."""
    return symbol == own if len(own) == 1 else symbol.casefold() == own.casefold()


def _at_least(table: Table, **least_s: float) -> dict[str, float]:
    given = {key: table.get(key) for key in least_s}
    return {key: max(value, least_s[key]) for key, value in given.items() if isinstance(value, int | float)}


def _build(row: dict[str, Any]) -> Element:
    coarser = tuple(_coarser(each) for each in row.get("coarser", ()))
    for tests in (row["tests"], *(others for _, others in coarser)):
        for test, table in tests.items():
            try:
                if table is not None:
                    _READERS[test](table, NOMINAL_CADENCE_S)
            except ValueError as fault:
                raise ValueError(f"defaults: {row['name']}: {fault}") from None
    return Element(
        row["name"],
        tuple(row["symbols"]),
        tuple(map(plain_unit, row["units"])),
        row["tests"],
        tuple(map(StationKind, row.get("kinds", ()))),
        tuple(row.get("relative_to_limit", ())),
        coarser,
    )


def _coarser(row: Mapping[str, Any]) -> tuple[float, Mapping[str, Table | None]]:
    tests = {test: None if table is False else table for test, table in row.items() if test != "from_s"}
    return float(row["from_s"]), tests
