"""Hands out journal row numbers: ascending per table, continued after a restart from the highest one stored."""

from itertools import count

from storage.archive import FLOOR
from storage.database import Database
from storage.models import CounterRow

NUMBERED = (
    "files",
    "waypoints",
    "asides",
    "readings",
    "hourly",
    "dirty_hours",
    "gaps",
    "flips",
    "violations",
    "stretches",
    "crashes",
    "outfiles",
    "audit_log",
    "spans",
    "longer_products",
    "aqi",
    "dirty_days",
    "exceedances",
    "exceedance_work",
    "station_days",
    "notices",
    "pulled",
    "samples",
    "notice_items",
    "letters",
    "notice_replies",
    "drift_days",
    "drift_tickets",
    "registrations",
    "episodes",
    "archive_parts",
    "dirty_traffic_days",
)
RARE = ("control_changes", "corrections", "disasters", "review_journal", "shifts", "tickets")
"""Written through Tortoise, by what people do."""


class Ids:
    """Row numbers of the tables that the writer fills, and of those that people fill."""

    def __init__(self, newest: dict[str, int]) -> None:
        self._next = {table: count(newest.get(table, 0) + 1) for table in (*NUMBERED, *RARE)}

    def take(self, table: str) -> int:
        """Take the next number of a table."""
        return next(self._next[table])

    def reserve(self, table: str, many: int) -> int:
        """Take so many numbers in a row; gives the first."""
        first = next(self._next[table])
        self._next[table] = count(first + many)
        return first

    def source(self, table: str) -> "count[int]":
        """The counter itself, for a loop that takes many."""
        return self._next[table]


async def load_ids(database: Database) -> Ids:
    """Continue after the highest numbers stored, the archive's among them."""
    newest = {}
    for table in (*NUMBERED, *RARE):
        rows = await database.connection().execute_query_dict(f'SELECT MAX(id) AS newest FROM "{table}"')
        newest[table] = int(rows[0]["newest"] or 0)
    floor = await CounterRow.get_or_none(name=FLOOR)
    newest["waypoints"] = max(newest["waypoints"], 0 if floor is None else floor.value)
    return Ids(newest)
