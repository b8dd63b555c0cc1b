"""Adds up vehicles' days over a period, for whom they were then: sums by vehicle, sums by day, and what lies behind.

Every question walks from the owners to their vehicles' days, one range of numbers each; nothing reads waypoints.
A large answer is read in slices, so that other readers have their turn between them.
"""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from storage.database import Database
from storage.postgres_engine import numbered
from storage.reading import reading
from storage.traffic_months import OF_A_DAY, SPAN, SUMS, days_of, months_made, whole_months

SLICE, LINES = 150_000, 2_500
"""Rows of vehicles that one question reads at most, and gives: a tenth of a second or two."""
FILTERS = ("department", "company", "business", "terminal", "provider")
SPEEDING = "d.over_5 + d.over_10 + d.over_20 + d.over_35"
DAY_NAMES = tuple(name for name in SUMS if name not in OF_A_DAY)
TRANSMISSION = "d.rare + d.silences + d.lacking + d.disorder"

_VEHICLE = f"CAST(o.vehicle_id AS BIGINT) * {SPAN}"
_DAY = f"(d.id - {_VEHICLE})"
_OVERLAP = (
    "d.id BETWEEN {vehicle} + CASE WHEN {o}.from_day > {from_day} THEN {o}.from_day ELSE {from_day} END "
    "AND {vehicle} + CASE WHEN {o}.to_day < {to_day} THEN {o}.to_day ELSE {to_day} END"
)
_VEHICLES = "JOIN vehicles v ON v.id = o.vehicle_id"
_WHOSE = "o.department, o.company, o.business, o.provider"


@dataclass(frozen=True, slots=True)
class Asked:
    """Days since 1970 (UTC+7), both inclusive, and what the vehicles must belong to: (column, name) pairs."""

    from_day: int
    to_day: int
    filters: tuple[tuple[str, str], ...] = ()
    plate: str = ""

    def where(self) -> tuple[str, list[Any]]:
        """The condition on owners and vehicles; only whole numbers and known columns stand in its text."""
        assert {column for column, _ in self.filters} <= set(FILTERS)
        terms = [f"o.from_day <= {self.to_day}", f"o.to_day >= {self.from_day}"]
        terms += [f"o.{column} = ?" for column, _ in self.filters]
        values = [name for _, name in self.filters]
        if self.plate:
            return " AND ".join([*terms, "v.plate = ?"]), [*values, self.plate]
        return " AND ".join(terms), values

    def overlap(self, owner: str = "o") -> str:
        """The days of an owner within the period; `owner` is what its rows are called."""
        vehicle = _VEHICLE.replace("o.", f"{owner}.", 1)
        return _OVERLAP.format(o=owner, vehicle=vehicle, from_day=self.from_day, to_day=self.to_day)


def _parts(asked: Asked, months: range, names: Collection[str], of: str) -> Iterator[str]:
    """What a period is added up from: days, or whole months and the days at its edges where the owner stayed."""
    if not months:
        yield _rows("traffic_days", asked.overlap(), names, of, OF_A_DAY)
        return
    first, last = days_of(months[0])[0], days_of(months[-1])[1]
    steady = f"o.from_day <= {first} AND o.to_day >= {last}"
    within = f"d.id BETWEEN {_VEHICLE} + {months[0]} AND {_VEHICLE} + {months[-1]}"
    yield _rows("traffic_months", f"{within} AND {steady}", names, of)
    for edge in (replace(asked, to_day=first - 1), replace(asked, from_day=last + 1)):
        if edge.from_day <= edge.to_day:
            yield _rows("traffic_days", f"{edge.overlap()} AND {steady}", names, of, OF_A_DAY)
    yield _rows("traffic_days", f"{asked.overlap()} AND NOT ({steady})", names, of, OF_A_DAY)


def _rows(
    table: str, condition: str, names: Collection[str], of: str, made: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Sums of some owners, in the order of their numbers, so that nothing is sorted.

    CROSS keeps SQLite's planner to the way from an owner to its rows.
    """
    columns = ", ".join(_added(name, made.get(name, f"d.{name}")) for name in names)
    return (
        f"SELECT o.id AS owner, {columns} FROM vehicle_owners o CROSS JOIN {table} d "
        f"WHERE {of} AND {condition} GROUP BY o.id"
    )


def _added(name: str, text: str) -> str:
    return f"{'MAX' if name == 'worst_kmh' else 'SUM'}({text}) AS {name}"


class TrafficSums:
    """Questions about vehicles' days."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @reading
    async def ask(self, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        """Ask in the engine's own marks."""
        text = sql if self._database.is_sqlite else numbered(sql)
        return list(await self._database.connection().execute_query_dict(text, list(values)))

    async def vehicles(
        self, asked: Asked, wanted: Collection[str], *, named: bool
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Each vehicle's sums with whose it was, a slice at a time; one without data has zeros.

        Args:
            wanted: names of SUMS; each costs time.
            named: with the plate of each.
        """
        months = whole_months(asked.from_day, asked.to_day, await months_made())
        names = [name for name in SUMS if name in wanted] or ["messages"]
        where, values = asked.where()
        most = max(1, min(LINES, SLICE // (len(months) or asked.to_day - asked.from_day + 1)))
        plate, registered = ("v.plate, ", _VEHICLES) if named or asked.plate else ("", "")
        found = f"vehicle_owners o {_VEHICLES if asked.plate else ''} WHERE o.id > ? AND {where}"
        of = "o.id IN (SELECT p.id FROM p)" if asked.plate else f"o.id > ? AND o.id <= (SELECT last FROM e) AND {where}"
        parts = list(_parts(asked, months, names, of))
        added = ", ".join(_added(name, f"s.{name}") for name in names)
        shown = ", ".join(f"COALESCE(t.{name}, 0) AS {name}" for name in names)
        sql = (
            f"WITH p AS (SELECT o.id FROM {found} ORDER BY o.id LIMIT {most}), "
            f"e AS MATERIALIZED (SELECT MAX(p.id) AS last FROM p), s AS ({' UNION ALL '.join(parts)}), "
            f"t AS (SELECT s.owner, {added} FROM s GROUP BY s.owner) "
            f"SELECT o.id AS owner, o.vehicle_id, {plate}{_WHOSE}, {shown} FROM vehicle_owners o {registered} "
            f"LEFT JOIN t ON t.owner = o.id WHERE o.id > ? AND o.id <= (SELECT last FROM e) AND {where} ORDER BY o.id"
        )
        asks = 2 if asked.plate else 2 + len(parts)
        after = -(1 << 62)
        while rows := await self.ask(sql, [after, *values] * asks):
            yield rows
            after = rows[-1]["owner"]

    async def counted(self, asked: Asked, names: Collection[str]) -> int:
        """How much these columns come to in all."""
        slices = self.vehicles(asked, names, named=False)
        return sum([sum(int(row[name]) for row in rows for name in names) async for rows in slices])

    async def fleets(self, asked: Asked, by: Sequence[str]) -> list[dict[str, Any]]:
        """How many vehicles there were, by these columns of the owner."""
        assert set(by) <= set(FILTERS)
        where, values = asked.where()
        groups = ", ".join(f"o.{column}" for column in by)
        return await self.ask(
            f"SELECT {groups}, COUNT(DISTINCT o.vehicle_id) AS vehicles FROM vehicle_owners o "
            f"JOIN vehicles v ON v.id = o.vehicle_id WHERE {where} GROUP BY {groups} ORDER BY {groups}",
            values,
        )

    async def days(
        self, asked: Asked, condition: str, limit: int, offset: int, names: Collection[str] = DAY_NAMES
    ) -> tuple[list[dict[str, Any]], int]:
        """Single days of vehicles, by plate and day, and how many there are. `condition` is a text of this house."""
        where, values = asked.where()
        of = f"WHERE o.vehicle_id = v.id AND {asked.overlap()} AND {where} AND {condition}"
        columns = ", ".join(f"d.{name}" for name in names)
        rows = await self.ask(
            f"SELECT v.plate, {_WHOSE}, {_DAY} AS day, {columns} FROM vehicles v CROSS JOIN vehicle_owners o "
            f"CROSS JOIN traffic_days d {of} ORDER BY v.plate, d.id LIMIT {limit} OFFSET {offset}",
            values,
        )
        counted = await self.ask(
            f"SELECT COUNT(*) AS rows_there FROM vehicle_owners o CROSS JOIN vehicles v CROSS JOIN traffic_days d {of}",
            values,
        )
        return rows, int(counted[0]["rows_there"])
