"""Reads the whole fleet at a start: every vehicle with its snapshot, row by row, without a model object for each.

There may be a million; what is read of each is what its actor and its track at the intake need.
"""

from collections.abc import AsyncIterator
from typing import NamedTuple, TypeVar

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


class RegisteredRow(NamedTuple):
    """What the registry says of a vehicle; a FleetRow begins with it."""

    id: int
    plate: str
    business: str
    seats: int | None
    payload_kg: int | None
    speed_limit_kmh: float | None


Row = TypeVar("Row", FleetRow, RegisteredRow)
_VEHICLE, _STATE = RegisteredRow._fields, FleetRow._fields[len(RegisteredRow._fields) :]
_REGISTERED = f"SELECT {', '.join(_VEHICLE)} FROM vehicles WHERE id > ? ORDER BY id LIMIT ?"
_NEXT = (
    f"SELECT {', '.join(f'v.{name}' for name in _VEHICLE)}, {', '.join(f's.{name}' for name in _STATE)} "
    "FROM vehicles v LEFT JOIN vehicle_states s ON s.id = v.id WHERE v.id > ? ORDER BY v.id LIMIT ?"
)


async def fleet(database: Database) -> AsyncIterator[list[FleetRow]]:
    """All vehicles by id, some thousands at a time."""
    async for rows in _in_parts(database, _NEXT, FleetRow):
        yield rows


async def registered(database: Database) -> AsyncIterator[list[RegisteredRow]]:
    """The same without their snapshots."""
    async for rows in _in_parts(database, _REGISTERED, RegisteredRow):
        yield rows


async def _in_parts(database: Database, sql: str, kind: type[Row]) -> AsyncIterator[list[Row]]:
    last = BEFORE_ALL
    while rows := await _after(database, sql, kind, last):
        yield rows
        last = rows[-1].id


@reading
async def _after(database: Database, sql: str, kind: type[Row], last: int) -> list[Row]:
    text = sql if database.is_sqlite else numbered(sql)
    _, rows = await database.connection().execute_query(text, [last, TOGETHER])
    if not rows:
        return []
    return [kind._make(row.values()) for row in rows] if hasattr(rows[0], "values") else list(map(kind._make, rows))
