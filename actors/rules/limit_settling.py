"""Settles what a permit says of one parameter into limits: preset rows, factors by flow or zone, units, days in force.

A table's own numbers win over its preset's, its own factors over those that its flow or zone give. With a `permit` (or
days of its own) a limit holds as long as the permit does; a preset alone holds as long as its document.
Invariant: a limit always tells where it comes from; what contradicts itself is refused with the mend.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf, isfinite
from typing import Any

from actors.rules.limit_presets import PresetBook, PresetRow
from actors.rules.limits import APPROACH_SHARE, WATCHED, Averaging, Limit
from actors.rules.oxygen import REFUSED_FROM_O2
from protocols.times import day_start_of
from protocols.units import convert

NUMBERS = ("value", "low", "o2_ref", "o2_refused_from", "approach", "tendency_s")
FACTORS = ("kq", "kf", "kp", "kv")
SITE = ("river_m3_s", "lake_m3", "receiver", "discharge_m3_day", "gas_m3_h", "zone")
DAYS = ("valid_from", "valid_to")
OTHERS = ("scaled", "averaging", "preset", "permit")
KEYS = (*NUMBERS, *FACTORS, *SITE, *DAYS, *OTHERS)

Table = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SettledLimit:
    """A limit and how it came about; days as dates of Vietnam, `valid_to` the first on which it holds no more."""

    limit: Limit
    unit: str
    preset: str = ""
    permit: str = ""
    document: str = ""
    article: str = ""
    confidence: str = ""
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def has_factors(self) -> bool:
        """Whether the limit is a product, so that `how` tells more than the limit itself."""
        return " x " in self.how

    @property
    def how(self) -> str:
        """The product in words, such as `75 x Kq 1.2 x Kf 1.2 = 108`."""
        limit = self.limit
        if not isfinite(limit.value):
            return f">= {limit.low:g}"
        factors = [(name, getattr(limit, name)) for name in FACTORS] if limit.scaled else []
        used = [f"{name.capitalize()} {value:g}" for name, value in factors if value != 1 or name in self.reasons]
        text = " x ".join((f"{limit.value:g}", *used)) + (f" = {limit.cmax:.6g}" if used else "")
        return text if limit.low is None else f"{limit.low:g} .. {text}"


def settle_limits(tables: Sequence[Table], symbol: str, unit: str, book: PresetBook) -> tuple[SettledLimit, ...]:
    """Settle all of a parameter's tables in their order; raises ValueError as `problem; mend`."""
    return tuple(settled for table in tables for settled in _settle(table, symbol, unit, book))


def limit_tables(stored: object) -> tuple[Table, ...]:
    """The tables of a stored limit: one, several, or none."""
    if stored is None:
        return ()
    return (stored,) if isinstance(stored, Mapping) else tuple(stored)  # type: ignore[arg-type]


def limit_in_force(limits: Iterable[SettledLimit], averaging: Averaging, time_s: float) -> SettledLimit | None:
    """The settled limit in force for values of that averaging at that time; of several the last one that is named."""
    found = None
    for settled in limits:
        if settled.limit.holds(averaging, time_s):
            found = settled
    return found


def _settle(table: Table, symbol: str, unit: str, book: PresetBook) -> Iterable[SettledLimit]:
    factors, reasons = _factors(table, book)
    permit = str(table.get("permit", ""))
    first, last = (_day(table.get(key)) for key in DAYS)
    has_days = first is not None or last is not None
    name = str(table.get("preset", ""))
    if not name:
        limit = _limit(table, {}, factors, (first, last))
        yield SettledLimit(limit, unit, permit=permit, valid_from=first, valid_to=last, reasons=reasons)
        return
    preset, rows = book.rows(name, symbol)
    for factor in factors:
        if preset.factors and factor not in preset.factors:
            raise ValueError(f"{factor} is no factor of {preset.document}; it has {' and '.join(preset.factors)}")
    wanted = _words(table.get("averaging"))
    for row in rows:
        if wanted and row.averaging and not set(wanted) & set(row.averaging):
            continue
        document = (None, None) if permit or has_days else (preset.valid_from, preset.valid_to)
        days = _narrow((first, last), document, (row.valid_from, row.valid_to))
        if days is None:
            continue
        source = SettledLimit(
            _limit(table, _row_numbers(row, name, unit), factors, days), unit, name, permit, preset.document,
            preset.article, row.confidence, row.note or preset.note, *days, reasons,
        )  # fmt: skip
        yield source


def _row_numbers(row: PresetRow, name: str, unit: str) -> dict[str, object]:
    """A row's numbers in the parameter's own unit."""
    numbers: dict[str, object] = {"scaled": row.scaled}
    if row.averaging:
        numbers["averaging"] = row.averaging
    for key, number in (("value", row.hi), ("low", row.lo)):
        if number is None:
            continue
        own = number if _same_unit(row.unit, unit) else convert(number, row.unit, unit)
        if own is None:
            raise ValueError(
                f"{name} gives {row.parameter} in {row.unit or 'no unit'}, the parameter is in {unit or 'no unit'}; "
                "give the parameter's unit, or the permit's own value"
            )
        numbers[key] = own
    return numbers


def _same_unit(one: str, other: str) -> bool:
    return one.replace(" ", "").casefold() == other.replace(" ", "").casefold()


def _limit(table: Table, preset: Table, factors: Mapping[str, float], days: tuple[date | None, date | None]) -> Limit:
    said: dict[str, Any] = {**preset, **table}
    words = preset.get("averaging") or said.get("averaging") or WATCHED
    first, last = days
    return Limit(
        float(said.get("value", inf)),
        scaled=bool(said.get("scaled", True)),
        low=None if said.get("low") is None else float(said["low"]),
        o2_ref=None if said.get("o2_ref") is None else float(said["o2_ref"]),
        averaging=_words(words),
        valid_from_s=-inf if first is None else day_start_of(first),
        valid_to_s=inf if last is None else day_start_of(last),
        approach=float(said.get("approach", APPROACH_SHARE)),
        o2_refused_from=float(said.get("o2_refused_from", REFUSED_FROM_O2)),
        tendency_s=None if said.get("tendency_s") is None else float(said["tendency_s"]),
        **factors,
    )


def _factors(table: Table, book: PresetBook) -> tuple[dict[str, float], dict[str, str]]:
    """Factors that the table gives, and those that follow from what it says of the site."""
    found: dict[str, float] = {}
    reasons: dict[str, str] = {}
    for factor in book.factors:
        if (given := table.get(factor.basis)) is not None and factor.name not in table:
            if factor.name in found:
                raise ValueError(f"{factor.name} follows from two things; keep one of {', '.join(SITE[:3])}")
            found[factor.name] = factor.of(given)
            reasons[factor.name] = f"{factor.basis} = {given}: {factor.document} {factor.article}"
    for name in FACTORS:
        if (own := table.get(name)) is not None:
            found[name] = float(str(own))
            reasons[name] = "permit"
    return found, reasons


def _words(given: object) -> tuple[Averaging, ...]:
    words = given if isinstance(given, list | tuple) else ()
    return tuple(Averaging(str(word)) for word in words)


def _day(value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is no day; write it as 2026-01-31") from None


def _narrow(*spans: tuple[date | None, date | None]) -> tuple[date | None, date | None] | None:
    """The days that all spans share; None where there are none."""
    first = max((start for start, _ in spans if start is not None), default=None)
    last = min((end for _, end in spans if end is not None), default=None)
    return None if first is not None and last is not None and first >= last else (first, last)
