"""Reads the whole fleet at a start: every vehicle with its snapshot, row by row, without a model object for each.

There may be a million; what is read of each is what its actor and its track at the intake need.
"""

from collections.abc import AsyncIterator
from typing import NamedTuple

from storage.database import Database
from storage.postgres_engine import numbered
from storage.reading import reading

TOGETHER = 20_000
BEFORE_ALL = -(2**31)


class FleetRow(NamedTuple):
    """A vehicle and its snapshot; `seq` None where it has none."""

    id: int
    plate: str
    business: str
    seats: int | None
    payload_kg: int | None
    speed_limit_kmh: float | None
    seq: int | None
    head: int | None
    newest_s: int | None
    seen: bytes | None
    state: bytes | None


_VEHICLE, _STATE = FleetRow._fields[:6], FleetRow._fields[6:]
_NEXT = (
    f"SELECT {', '.join(f'v.{name}' for name in _VEHICLE)}, {', '.join(f's.{name}' for name in _STATE)} "
    "FROM vehicles v LEFT JOIN vehicle_states s ON s.id = v.id WHERE v.id > ? ORDER BY v.id LIMIT ?"
)


async def fleet(database: Database) -> AsyncIterator[list[FleetRow]]:
    """All vehicles by id, some thousands at a time."""
    last = BEFORE_ALL
    while rows := await _after(database, last):
        yield rows
        last = rows[-1].id


@reading
async def _after(database: Database, last: int) -> list[FleetRow]:
    sql = _NEXT if database.is_sqlite else numbered(_NEXT)
    _, rows = await database.connection().execute_query(sql, [last, TOGETHER])
    if not rows:
        return []
    return (
        [FleetRow._make(row.values()) for row in rows]
        if hasattr(rows[0], "values")
        else list(map(FleetRow._make, rows))
    )
