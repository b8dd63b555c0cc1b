"""Adds up vehicles' days over a period, for whom they were then: sums by vehicle, sums by day, and what lies behind.

Every question walks from the owners to their vehicles' days, one range of numbers each; nothing reads waypoints.
A large answer is read in slices, so that other readers have their turn between them.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from storage.database import Database
from storage.postgres_engine import numbered
from storage.reading import reading
from storage.traffic_months import MONTH_SUMS, OF_DAYS, SPAN, SUMS, days_of, months_made, whole_months

SLICE, LINES = 150_000, 2_500
"""Rows of vehicles that one question reads at most, and gives: a tenth of a second or two."""
FILTERS = ("department", "company", "business", "terminal", "provider")
SPEEDING = "d.over_5 + d.over_10 + d.over_20 + d.over_35"
TRANSMISSION = "d.rare + d.silences + d.lacking + d.disorder"

_VEHICLE = f"CAST(o.vehicle_id AS BIGINT) * {SPAN}"
_DAY = f"(d.id - {_VEHICLE})"
_OVERLAP = (
    f"d.id BETWEEN {_VEHICLE} + CASE WHEN o.from_day > {{from_day}} THEN o.from_day ELSE {{from_day}} END "
    f"AND {_VEHICLE} + CASE WHEN o.to_day < {{to_day}} THEN o.to_day ELSE {{to_day}} END"
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

    def overlap(self) -> str:
        """The days of an owner within the period."""
        return _OVERLAP.format(from_day=self.from_day, to_day=self.to_day)


class TrafficSums:
    """Questions about vehicles' days."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @reading
    async def _ask(self, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        text = sql if self._database.is_sqlite else numbered(sql)
        return [dict(row) for row in await self._database.connection().execute_query_dict(text, list(values))]

    async def vehicles(
        self, asked: Asked, wanted: Collection[str], *, named: bool
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Each vehicle's sums with whose it was, a slice at a time; one without data has zeros.

        A vehicle may come several times: its months, and the days at the edges of the period.

        Args:
            wanted: names of SUMS; each costs time.
            named: with the plate of each.
        """
        months = whole_months(asked.from_day, asked.to_day, await months_made())
        if not months:
            async for rows in self._vehicles(asked, wanted, named, f"LEFT JOIN traffic_days d ON {asked.overlap()}"):
                yield rows
            return
        first, last = days_of(months[0])[0], days_of(months[-1])[1]
        steady = f"o.from_day <= {first} AND o.to_day >= {last}"
        of_months = f"LEFT JOIN traffic_months d ON d.id BETWEEN {_VEHICLE} + {months[0]} AND {_VEHICLE} + {months[-1]}"
        async for rows in self._vehicles(asked, wanted, named, of_months, steady, MONTH_SUMS, len(months)):
            yield rows
        for edge in (replace(asked, to_day=first - 1), replace(asked, from_day=last + 1)):
            if edge.from_day <= edge.to_day:
                of_days = f"JOIN traffic_days d ON {edge.overlap()}"
                async for rows in self._vehicles(edge, wanted, named, of_days, steady):
                    yield rows
        of_days = f"LEFT JOIN traffic_days d ON {asked.overlap()}"
        async for rows in self._vehicles(asked, wanted, named, of_days, f"NOT ({steady})"):
            yield rows

    async def _vehicles(
        self,
        asked: Asked,
        wanted: Collection[str],
        named: bool,
        joined: str,
        term: str = "1 = 1",
        made: Mapping[str, str] = SUMS,
        rows_each: int = 0,
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """The sums over one join; `term` is a text of this house."""
        where, values = asked.where()
        sums = [f"COALESCE({text}, 0) AS {name}" for name, text in made.items() if name in wanted]
        plate = "MIN(v.plate) AS plate, " if named else ""
        vehicles = _VEHICLES if named or asked.plate else ""
        most = max(1, min(LINES, SLICE // (rows_each or asked.to_day - asked.from_day + 1)))
        sql = (
            f"SELECT o.id AS owner, o.vehicle_id, {plate}{', '.join((_WHOSE, *sums))} FROM vehicle_owners o {vehicles} "
            f"{joined} WHERE o.id > ? AND {where} AND {term} GROUP BY o.id ORDER BY o.id LIMIT {most}"
        )
        after = -(1 << 62)
        while rows := await self._ask(sql, [after, *values]):
            yield rows
            after = rows[-1]["owner"]

    async def transmission(self, asked: Asked, by: Sequence[str]) -> list[dict[str, Any]]:
        """Vehicles with each kind of fault in transmission, by day and these columns of the owner."""
        assert set(by) <= set(FILTERS)
        where, values = asked.where()
        groups = ", ".join(f"o.{column}" for column in by)
        counts = ", ".join(
            f"SUM(CASE WHEN d.{name} > 0 THEN 1 ELSE 0 END) AS {name}"
            for name in ("rare", "silences", "lacking", "disorder")
        )
        return await self._ask(
            f"SELECT {groups}, {_DAY} AS day, {counts}, SUM(d.silent_s) AS silent_s FROM vehicle_owners o "
            f"JOIN vehicles v ON v.id = o.vehicle_id JOIN traffic_days d ON {asked.overlap()} "
            f"WHERE {where} AND {TRANSMISSION} > 0 GROUP BY {groups}, {_DAY} ORDER BY {groups}, {_DAY}",
            values,
        )

    async def fleets(self, asked: Asked, by: Sequence[str]) -> list[dict[str, Any]]:
        """How many vehicles there were, by these columns of the owner."""
        assert set(by) <= set(FILTERS)
        where, values = asked.where()
        groups = ", ".join(f"o.{column}" for column in by)
        return await self._ask(
            f"SELECT {groups}, COUNT(DISTINCT o.vehicle_id) AS vehicles FROM vehicle_owners o "
            f"JOIN vehicles v ON v.id = o.vehicle_id WHERE {where} GROUP BY {groups} ORDER BY {groups}",
            values,
        )

    async def days(self, asked: Asked, condition: str, limit: int, offset: int) -> tuple[list[dict[str, Any]], int]:
        """Single days of vehicles, by plate and day, and how many there are. `condition` is a text of this house."""
        where, values = asked.where()
        of = (
            f"FROM vehicle_owners o JOIN vehicles v ON v.id = o.vehicle_id JOIN traffic_days d ON {asked.overlap()} "
            f"WHERE {where} AND {condition}"
        )
        columns = ", ".join(f"d.{name}" for name in SUMS if name not in OF_DAYS)
        rows = await self._ask(
            f"SELECT v.plate, {_WHOSE}, {_DAY} AS day, {columns} {of} ORDER BY v.plate, d.id LIMIT {limit} "
            f"OFFSET {offset}",
            values,
        )
        counted = await self._ask(f"SELECT COUNT(*) AS rows_there {of}", values)
        return rows, int(counted[0]["rows_there"])
