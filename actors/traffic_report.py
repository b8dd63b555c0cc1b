"""Fills a form of TT 09/2015/TT-BGTVT for a period: one line per department, company, business type, vehicle, or day.

Numbers of vehicles do not add up over days, so the last line of a form by days leaves them out.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from actors.rules.annexes import Annex
from actors.rules.unit_sums import COUNTS, UnitSums, needed
from protocols.times import day_begin, iso
from storage.models.traffic import FAULTS
from storage.traffic_faults import TrafficFaults
from storage.traffic_sums import TRANSMISSION, Asked, TrafficSums

Values = dict[str, Any]
Unit = tuple[dict[str, str], UnitSums]
"""Whose line, and its sums."""
UNIT_COLUMNS = {"department": ("department",), "company": ("department", "company"), "business": ("business",)}
DAY_COLUMNS = {
    "rare": "rare_vehicles", "silences": "silent_vehicles", "lacking": "lacking_vehicles",
    "disorder": "disorder_vehicles", "silent_s": "silent_total",
}  # fmt: skip


@dataclass(slots=True)
class Line:
    """A row of a form: which department, company, business, vehicle or day it is, and its numbers by column."""

    whose: dict[str, str]
    values: Values


@dataclass(slots=True)
class Filled:
    """A filled form; `count` says how many lines there are beyond those of this page."""

    annex: Annex
    asked: Asked
    lines: list[Line]
    count: int
    total: Values = field(default_factory=dict[str, Any])


async def fill(sums: TrafficSums, annex: Annex, asked: Asked, limit: int, offset: int) -> Filled:
    """Fill a form; `limit` and `offset` choose among its lines, the last line is of all of them."""
    if not annex.is_of_transmission:
        units = await unit_sums(sums, annex.row, asked, needed(column.key for column in annex.columns))
        page = units[offset : offset + limit]
        lines = [Line(whose, unit.values()) for whose, unit in page]
        return Filled(annex, asked, lines, len(units), total_of(units).values())
    if annex.row == "plate":
        return await _vehicle_days(sums, annex, asked, limit, offset)
    return await _unit_days(sums, annex, asked, limit, offset)


async def unit_sums(sums: TrafficSums, by: str, asked: Asked, wanted: Collection[str]) -> list[Unit]:
    """The sums of each unit with vehicles in the period, by name, nameless ones last."""
    units: dict[tuple[str, ...], Unit] = {}
    names = [name for name in COUNTS if name in wanted]
    async for rows in sums.vehicles(asked, wanted, named=by == "plate"):
        for row in rows:
            key = _key(by, row)
            unit = units.get(key)
            if unit is None:
                unit = units[key] = _whose(by, row), UnitSums()
            unit[1].add(row, names)
    return [unit for _, unit in sorted(units.items(), key=lambda item: [(not name, name) for name in item[0]])]


def total_of(units: Iterable[Unit]) -> UnitSums:
    """The sums of all."""
    total = UnitSums()
    for _, unit in units:
        total.merge(unit)
    return total


def _key(by: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    return (row["plate"],) if by == "plate" else tuple(row[column] for column in UNIT_COLUMNS[by])


def _whose(by: str, row: Mapping[str, Any]) -> dict[str, str]:
    columns = ("plate", "department", "company", "business", "provider") if by == "plate" else UNIT_COLUMNS[by]
    return {column: row[column] for column in columns}


async def _vehicle_days(sums: TrafficSums, annex: Annex, asked: Asked, limit: int, offset: int) -> Filled:
    rows, count = await sums.days(asked, f"{TRANSMISSION} > 0", limit, offset, (*FAULTS, "silent_s"))
    lines = [
        Line(
            {**_whose("plate", row), "day": day_text(row["day"])},
            {**{name: row[name] for name in FAULTS}, "silent_time": row["silent_s"]},
        )
        for row in rows
    ]
    units = await unit_sums(sums, "business", asked, needed(("rare", "silences", "lacking", "silent_time")))
    return Filled(annex, asked, lines, count, total_of(units).values())


async def _unit_days(sums: TrafficSums, annex: Annex, asked: Asked, limit: int, offset: int) -> Filled:
    by = UNIT_COLUMNS[annex.row]
    rows = await sums.fleets(asked, by)
    fleets = sorted(
        ((tuple(row[name] for name in by), int(row["vehicles"])) for row in rows),
        key=lambda fleet: [(not name, name) for name in fleet[0]],
    )
    faults = TrafficFaults(sums, asked, by)
    counts = await faults.counts(fleets)
    shown, skipped = _shown_units([days for days, _ in counts], limit, offset)
    lines = [
        Line(
            {**dict(zip(by, names, strict=True)), "day": day_text(row["day"])},
            {"vehicles": vehicles, **{column: row[name] for name, column in DAY_COLUMNS.items()}},
        )
        for (names, vehicles), row in await faults.lines(fleets[shown])
    ]
    total = {
        "vehicles": sum(vehicles for _, vehicles in fleets),
        "silent_total": sum(silent_s for _, silent_s in counts),
    }
    return Filled(annex, asked, lines[skipped : skipped + limit], sum(days for days, _ in counts), total)


def _shown_units(lines: Sequence[int], limit: int, offset: int) -> tuple[slice, int]:
    """Which units the lines of a page belong to, and how many lines of these units stand before it."""
    ends = list(accumulate(lines))
    first, last = bisect_right(ends, offset), bisect_left(ends, offset + limit)
    return slice(first, last + 1), offset - (ends[first - 1] if first else 0)


def day_text(day: int) -> str:
    """yyyy-MM-dd of a day by its number."""
    return iso(day_begin(day))[:10]
