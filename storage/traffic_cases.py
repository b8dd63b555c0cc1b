"""The violations behind a cell of a report: those that its days counted, and no others.

The days narrow the search: only a day that counted such a violation is looked into.
"""

from collections.abc import Mapping
from typing import Any

from protocols.times import DAY_S, ICT_OFFSET_S
from protocols.vocabulary import ViolationKind
from storage.database import Database
from storage.postgres_engine import numbered
from storage.reading import reading
from storage.traffic_months import SPAN
from storage.traffic_sums import SPEEDING, Asked, TrafficSums

KIND_COLUMNS: Mapping[str, str] = {
    ViolationKind.SPEED: SPEEDING,
    ViolationKind.CONTINUOUS_DRIVING: "d.continuous",
    ViolationKind.DAILY_DRIVING: "d.daily",
    ViolationKind.WEEKLY_DRIVING: "d.weekly",
    ViolationKind.NO_TRANSMISSION: "d.silences",
    ViolationKind.FREQUENCY: "d.rare",
    ViolationKind.MISSING_FIELD: "d.lacking",
    ViolationKind.ORDER: "d.disorder",
}
BAND_COLUMNS: Mapping[str, str] = {
    "<5": "d.under_5", "5-10": "d.over_5", "10-20": "d.over_10", "20-35": "d.over_20", ">35": "d.over_35",
}  # fmt: skip
DAYS_TOGETHER = 1_500_000
"""Days of vehicles whose cases one question counts at most."""
ANY = " + ".join(KIND_COLUMNS.values())

_DAY_S = f"((d.id - CAST(o.vehicle_id AS BIGINT) * {SPAN}) * {DAY_S} - {ICT_OFFSET_S})"
# CROSS keeps SQLite's planner to this order: from the owner over the days that counted one to the violations.
_FROM = "FROM vehicle_owners o CROSS JOIN vehicles v CROSS JOIN traffic_days d CROSS JOIN violations c"
_JOINED = (
    f"v.id = o.vehicle_id AND c.vehicle_id = o.vehicle_id AND c.start_s >= {_DAY_S} AND c.start_s < {_DAY_S} + {DAY_S}"
)
_BAND = "(c.detail ->> 'band')"


class TrafficCases:
    """Questions about single violations."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sums = TrafficSums(database)

    @reading
    async def _ask(self, sql: str, values: list[Any]) -> list[dict[str, Any]]:
        text = sql if self._database.is_sqlite else numbered(sql)
        return [dict(row) for row in await self._database.connection().execute_query_dict(text, values)]

    async def cases(
        self, asked: Asked, kind: str, band: str, limit: int, offset: int
    ) -> tuple[list[dict[str, Any]], int]:
        """Closed violations by vehicle and time, and how many there are; `kind` and `band` may be empty.

        Without a band, speeding counts from 5 km/h on, as the annexes' columns do. Where there are more than are asked
        for, their number is that of the cell: what their days counted, which stands ready by month.
        """
        where, values = asked.where()
        column = BAND_COLUMNS[band] if band else KIND_COLUMNS[kind] if kind else ANY
        terms = [where, f"{column} > 0", "c.closed"]
        if kind or band:
            terms.append("c.kind = ?")
            values.append(kind or str(ViolationKind.SPEED))
        if band:
            terms.append(f"{_BAND} = ?")
            values.append(band)
        else:
            terms.append(f"NOT (c.kind = 'speed' AND {_BAND} = '<5')")
        of = f"{_FROM} WHERE {_JOINED} AND {asked.overlap()} AND {' AND '.join(terms)}"
        rows = await self._ask(
            "SELECT c.id, v.plate, o.department, o.company, o.business, c.kind, c.start_s, c.end_s, c.detail "
            f"{of} ORDER BY o.id, d.id, c.start_s LIMIT {limit} OFFSET {offset}",
            values,
        )
        if len(rows) < limit and (rows or not offset):
            return rows, offset + len(rows)
        return rows, await self._sums.counted(asked, column.replace("d.", "").split(" + "))

    async def hours_of_day(self, asked: Asked, kind: str) -> list[int]:
        """How many of a kind began in each hour of the day (UTC+7).

        Every vehicle's cases of the kind are walked through, some vehicles at a time: looking into its days first, as
        for single cases, costs more than it saves where all are wanted.
        """
        where, values = asked.where()
        vehicles = "JOIN vehicles v ON v.id = o.vehicle_id" if asked.plate else ""
        found = await self._ask(f"SELECT o.id FROM vehicle_owners o {vehicles} WHERE {where} ORDER BY o.id", values)
        owners, most = [int(row["id"]) for row in found], max(1, DAYS_TOGETHER // (asked.to_day - asked.from_day + 1))
        hour = f"((c.start_s + {ICT_OFFSET_S}) % {DAY_S}) / 3600"
        hours = [0] * 24
        for at in range(0, len(owners), most):
            part = owners[at : at + most]
            rows = await self._ask(
                f"SELECT {hour} AS hour, COUNT(*) AS cases FROM vehicle_owners o {vehicles} CROSS JOIN violations c "
                f"WHERE o.id BETWEEN ? AND ? AND {where} AND c.vehicle_id = o.vehicle_id AND {_begun(asked)} "
                f"AND c.kind = ? AND c.closed AND NOT (c.kind = 'speed' AND {_BAND} = '<5') GROUP BY {hour}",
                [part[0], part[-1], *values, kind],
            )
            for row in rows:
                hours[int(row["hour"])] += int(row["cases"])
        return hours


def _begun(asked: Asked) -> str:
    """Whether a case began on a day of the period that was its owner's."""
    first = f"CASE WHEN o.from_day > {asked.from_day} THEN o.from_day ELSE {asked.from_day} END"
    last = f"CASE WHEN o.to_day < {asked.to_day} THEN o.to_day ELSE {asked.to_day} END"
    return (
        f"c.start_s >= CAST({first} AS BIGINT) * {DAY_S} - {ICT_OFFSET_S} "
        f"AND c.start_s < CAST({last} AS BIGINT) * {DAY_S} + {DAY_S - ICT_OFFSET_S}"
    )
