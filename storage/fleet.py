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
    seq: int | None = None
    head: int | None = None
    newest_s: int | None = None
    seen: bytes | None = None
    state: bytes | None = None


REGISTERED = FleetRow._fields.index("seq")
"""So many columns are what the registry says; the others are the snapshot's."""
_VEHICLE, _STATE = FleetRow._fields[:REGISTERED], FleetRow._fields[REGISTERED:]
_REGISTERED = (
    f"SELECT {', '.join(_VEHICLE)}, {', '.join(f'NULL AS {name}' for name in _STATE)} "
    "FROM vehicles WHERE id > ? ORDER BY id LIMIT ?"
)
_NEXT = (
    f"SELECT {', '.join(f'v.{name}' for name in _VEHICLE)}, {', '.join(f's.{name}' for name in _STATE)} "
    "FROM vehicles v LEFT JOIN vehicle_states s ON s.id = v.id WHERE v.id > ? ORDER BY v.id LIMIT ?"
)


def fleet(database: Database) -> AsyncIterator[list[FleetRow]]:
    """All vehicles by id, some thousands at a time."""
    return _in_parts(database, _NEXT)


def registered(database: Database) -> AsyncIterator[list[FleetRow]]:
    """The same without their snapshots."""
    return _in_parts(database, _REGISTERED)


async def _in_parts(database: Database, sql: str) -> AsyncIterator[list[FleetRow]]:
    last = BEFORE_ALL
    while rows := await _after(database, sql, last):
        yield rows
        last = rows[-1].id


@reading
async def _after(database: Database, sql: str, last: int) -> list[FleetRow]:
    text = sql if database.is_sqlite else numbered(sql)
    _, rows = await database.connection().execute_query(text, [last, TOGETHER])
    if not rows:
        return []
    make = FleetRow._make
    return [make(row.values()) for row in rows] if hasattr(rows[0], "values") else list(map(make, rows))
