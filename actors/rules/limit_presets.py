"""Dated limit values of the QCVN and their factors (limit_presets.toml): rows with document, article and confidence.

`qcvn_40_2011:A` names a preset and its column. Presets only help: what a site may do stands in its permit, and a
number that was NOT FOUND has no row (docs/decisions/0010).
Invariant: for one preset, column, parameter and averaging no two rows hold on the same day.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any

from actors.rules.limits import Averaging
from protocols.symbols import canonical_symbol


@dataclass(frozen=True, slots=True)
class PresetRow:
    """One value of a document; `lo` and `hi` in `unit`. No averaging: held against whatever the permit says."""

    column: str
    parameter: str
    unit: str
    confidence: str
    lo: float | None = None
    hi: float | None = None
    scaled: bool = True
    averaging: tuple[Averaging, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    def overlaps(self, other: "PresetRow") -> bool:
        """Whether both speak of the same thing on some day."""
        return (
            (self.column, self.parameter, self.averaging) == (other.column, other.parameter, other.averaging)
            and (self.valid_from or date.min) < (other.valid_to or date.max)
            and (other.valid_from or date.min) < (self.valid_to or date.max)
        )


@dataclass(frozen=True, slots=True)
class Preset:
    """One document's table; `factors` are what its scaled values are multiplied by."""

    name: str
    document: str
    article: str
    kinds: tuple[str, ...]
    valid_from: date
    rows: tuple[PresetRow, ...]
    valid_to: date | None = None
    factors: tuple[str, ...] = ()
    note: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in the document's order."""
        return tuple(dict.fromkeys(row.column for row in self.rows))


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a factor's table."""

    value: float
    up_to: float | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor's table: which number (or word) of the site it goes by, and its steps, both ends of which belong below.

    Source: each row names its document and article.
    """

    name: str
    basis: str
    document: str
    article: str
    confidence: str
    steps: tuple[Step, ...]
    note: str = ""

    def of(self, given: object) -> float:
        """The factor for what the site says of itself; raises ValueError."""
        words = [step.word for step in self.steps if step.word]
        if words:
            for step in self.steps:
                if step.word == given:
                    return step.value
            raise ValueError(f"{self.basis} = {given!r} is unknown; use one of {', '.join(words)}")
        if isinstance(given, bool) or not isinstance(given, int | float) or not given >= 0:
            raise ValueError(f"{self.basis} = {given!r} is not an amount; write a number of 0 or more")
        for step in self.steps:
            if step.up_to is None or given <= step.up_to:
                return step.value
        raise ValueError(f"{self.basis} = {given:g} is beyond the table; {self.document} {self.article} ends before it")


@dataclass(frozen=True, slots=True)
class PresetBook:
    """All presets and factors."""

    presets: Mapping[str, Preset]
    factors: tuple[Factor, ...] = field(default=())

    def find(self, name: str) -> tuple[Preset, str]:
        """The preset and column of `name:column`; raises ValueError with the mend."""
        wanted, _, column = name.partition(":")
        preset = self.presets.get(wanted)
        if preset is None:
            near = get_close_matches(wanted, self.presets, n=1, cutoff=0.4)
            mend = f"write {near[0]!r}" if near else f"use one of {', '.join(self.presets)}"
            raise ValueError(f"preset {wanted!r} is unknown; {mend}, or give the permit's own value")
        if not column and len(preset.columns) == 1:
            return preset, preset.columns[0]
        if column not in preset.columns:
            have = ", ".join(f"{wanted}:{each}" for each in preset.columns)
            raise ValueError(f"preset {name!r} has no such column; write one of {have}")
        return preset, column

    def rows(self, name: str, symbol: str) -> tuple[Preset, tuple[PresetRow, ...]]:
        """The rows of one parameter; raises ValueError where the document says nothing of it."""
        preset, column = self.find(name)
        wanted = canonical_symbol(symbol)
        rows = tuple(row for row in preset.rows if row.column == column and canonical_symbol(row.parameter) == wanted)
        if not rows:
            have = ", ".join(dict.fromkeys(row.parameter for row in preset.rows if row.column == column))
            raise ValueError(f"{name} has no value for {symbol}; it has {have}; else give the permit's own value")
        return preset, rows


NO_PRESETS = PresetBook({})
"""For whoever has no limits to settle."""


@cache
def load_presets() -> PresetBook:
    """The rows that come with the program, read once."""
    return parse_presets((files("actors.rules") / "limit_presets.toml").read_text(encoding="utf-8"))


def parse_presets(text: str) -> PresetBook:
    """Read rows; raises ValueError where one lacks a field, has one too many, or two hold on the same day."""
    document: dict[str, list[dict[str, Any]]] = tomllib.loads(text)
    try:
        presets = {entry["name"]: _preset(entry) for entry in document.get("preset", [])}
        factors = tuple(_factor(entry) for entry in document.get("factor", []))
    except (KeyError, TypeError) as error:
        raise ValueError(f"limit presets: {error}") from error
    for preset in presets.values():
        _refuse_overlaps(preset.name, preset.rows)
    return PresetBook(presets, factors)


def _preset(entry: Mapping[str, Any]) -> Preset:
    rows = tuple(
        PresetRow(**_without(row, "averaging"), averaging=tuple(Averaging(word) for word in row.get("averaging", ())))
        for row in entry["rows"]
    )
    return Preset(
        **_without(entry, "rows", "kinds", "factors"),
        rows=rows,
        kinds=tuple(entry["kinds"]),
        factors=tuple(entry.get("factors", ())),
    )


def _factor(entry: Mapping[str, Any]) -> Factor:
    return Factor(**_without(entry, "steps"), steps=tuple(Step(**step) for step in entry["steps"]))


def _without(entry: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in keys}


def _refuse_overlaps(name: str, rows: Iterable[PresetRow]) -> None:
    for one, other in combinations(rows, 2):
        if one.overlaps(other):
            raise ValueError(f"limit presets: {name}:{one.column} {one.parameter} has two rows on the same day")
