"""Fills a form of TT 09/2015/TT-BGTVT for a period: one line per department, company, business type, vehicle, or day.

Numbers of vehicles do not add up over days, so the last line of a form by days leaves them out.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from actors.rules.annexes import Annex
from actors.rules.unit_sums import UnitSums, needed
from protocols.times import day_begin, iso
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
    async for rows in sums.vehicles(asked, wanted, named=by == "plate"):
        for row in rows:
            key = _key(by, row)
            unit = units.get(key)
            if unit is None:
                unit = units[key] = _whose(by, row), UnitSums()
            unit[1].add(row)
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
    rows, count = await sums.days(asked, f"{TRANSMISSION} > 0", limit, offset)
    lines = [
        Line(
            {**_whose("plate", row), "day": day_text(row["day"])},
            {name: row[name] for name in ("rare", "silences", "lacking", "disorder")}
            | {"silent_time": row["silent_s"]},
        )
        for row in rows
    ]
    units = await unit_sums(sums, "business", asked, needed(("rare", "silences", "lacking", "silent_time")))
    return Filled(annex, asked, lines, count, total_of(units).values())


async def _unit_days(sums: TrafficSums, annex: Annex, asked: Asked, limit: int, offset: int) -> Filled:
    by = UNIT_COLUMNS[annex.row]
    fleets = {tuple(row[name] for name in by): row["vehicles"] for row in await sums.fleets(asked, by)}
    rows = await sums.transmission(asked, by)
    lines: list[Line] = []
    for row in rows:
        whose = {name: row[name] for name in by}
        values = {column: row[name] for name, column in DAY_COLUMNS.items()}
        lines.append(
            Line({**whose, "day": day_text(row["day"])}, {"vehicles": fleets[tuple(whose.values())], **values})
        )
    lines.sort(key=lambda line: [(not name, name) for name in line.whose.values()])
    total = {"vehicles": sum(fleets.values()), "silent_total": sum(row["silent_s"] for row in rows)}
    return Filled(annex, asked, lines[offset : offset + limit], len(lines), total)


def day_text(day: int) -> str:
    """yyyy-MM-dd of a day by its number."""
    return iso(day_begin(day))[:10]
