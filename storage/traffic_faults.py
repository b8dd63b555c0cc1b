"""Days with faults in transmission, by day and unit: how many lines each unit has, and the lines themselves.

They are walked through an index of such days alone (`storage/models/traffic.py`), some units at a time, so that other
readers have their turn between them, and so that a page is added up from its own units only.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from storage.models.traffic import FAULTS
from storage.traffic_months import SPAN
from storage.traffic_sums import FILTERS, TRANSMISSION, Asked, TrafficSums

DAYS_TOGETHER, UNITS_TOGETHER = 1_500_000, 500
"""Days of vehicles that one question looks among at most, and units that it names."""
Fleet = tuple[tuple[str, ...], int]
"""A unit by its names, and how many vehicles it has."""

_DAY = f"(d.id - CAST(g.vehicle_id AS BIGINT) * {SPAN})"
_COUNTS = ", ".join(f"SUM(CASE WHEN d.{name} > 0 THEN 1 ELSE 0 END) AS {name}" for name in FAULTS)


def parts_of(fleets: Sequence[Fleet], days: int) -> Iterator[Sequence[Fleet]]:
    """Units that are asked of together, in their order."""
    begin, among = 0, 0
    for at, (_, vehicles) in enumerate(fleets):
        if at > begin and (among + vehicles * days > DAYS_TOGETHER or at - begin == UNITS_TOGETHER):
            yield fleets[begin:at]
            begin, among = at, 0
        among += vehicles * days
    if begin < len(fleets):
        yield fleets[begin:]


class TrafficFaults:
    """Questions about faults in transmission.

    Args:
        by: the columns of an owner that name a unit.
    """

    def __init__(self, sums: TrafficSums, asked: Asked, by: Sequence[str]) -> None:
        assert by
        assert set(by) <= set(FILTERS)
        self._sums = sums
        self._asked = asked
        self._by = by

    async def counts(self, fleets: Sequence[Fleet]) -> list[tuple[int, int]]:
        """Of each unit the days on which there was something, and for how long it was silent in all, in seconds."""
        counts: list[tuple[int, int]] = []
        async for part, rows in self._ask(fleets, f"COUNT(DISTINCT {_DAY}) AS days, SUM(d.silent_s) AS silent_s", ""):
            found = {row["unit"]: (int(row["days"]), int(row["silent_s"])) for row in rows}
            counts += [found.get(number, (0, 0)) for number in range(len(part))]
        return counts

    async def lines(self, fleets: Sequence[Fleet]) -> list[tuple[Fleet, dict[str, Any]]]:
        """Vehicles with each kind of fault, by unit and day, in this order."""
        lines: list[tuple[Fleet, dict[str, Any]]] = []
        columns = f"{_DAY} AS day, {_COUNTS}, SUM(d.silent_s) AS silent_s"
        async for part, rows in self._ask(fleets, columns, f", {_DAY}"):
            lines += [(part[row["unit"]], row) for row in rows]
        return lines

    async def _ask(
        self, fleets: Sequence[Fleet], columns: str, grouped: str
    ) -> AsyncIterator[tuple[Sequence[Fleet], list[dict[str, Any]]]]:
        """Rows by unit; a unit is its place in the part that is given with them."""
        asked, by = self._asked, self._by
        where, values = asked.where()
        vehicles = "JOIN vehicles v ON v.id = o.vehicle_id" if asked.plate else ""
        same = " AND ".join(f"o.{column} = u.{column}" for column in by)
        marks = ", ".join("?" * len(by))
        for part in parts_of(fleets, asked.to_day - asked.from_day + 1):
            units = ", ".join(f"({number}, {marks})" for number in range(len(part)))
            rows = await self._sums.ask(
                f"WITH u (unit, {', '.join(by)}) AS (VALUES {units}), g AS MATERIALIZED ("
                f"SELECT u.unit, o.vehicle_id, o.from_day, o.to_day FROM vehicle_owners o JOIN u ON {same} {vehicles} "
                f"WHERE {where}) SELECT g.unit, {columns} FROM g CROSS JOIN traffic_days d "
                f"WHERE {asked.overlap('g')} AND {TRANSMISSION} > 0 GROUP BY g.unit{grouped} ORDER BY g.unit{grouped}",
                [*(name for names, _ in part for name in names), *values],
            )
            yield part, rows
