"""Reads for the files a station owes: which came, how late, and what the values of each instant were worth."""

from typing import NamedTuple

from tortoise.connection import get_connection

from storage.models import FileRow, FlipRow

CLOCK_SLACK_S = 3600
"""A logger's clock may run ahead of the receipt by this much before its files fall out."""

FIELDS = ("id", "name", "received_ms", "fate", "reason", "layout", "records", "faults", "time_s")

# Only whole numbers go into the text, since the two engines write placeholders differently.
WORTH = """
SELECT time_s, COUNT(*), SUM(CASE WHEN flag IN (3, 4) THEN 1 ELSE 0 END) FROM readings
WHERE station_id = {station_id} AND time_s >= {from_s} AND time_s < {to_s} GROUP BY time_s
"""


class Worth(NamedTuple):
    """Values of one instant, and how many of them are suspect or failed."""

    values: int
    bad: int


async def first_received_s(station_id: int) -> float | None:
    """When the station's first file came."""
    first = await FileRow.filter(station_id=station_id).order_by("received_ms").only("received_ms").first()
    return None if first is None else first.received_ms / 1000


async def files_told(station_id: int, from_s: int, to_s: int) -> list[FileRow]:
    """Files whose observation is in [from_s, to_s), by receipt, without their bytes."""
    rows = FileRow.filter(
        station_id=station_id, received_ms__gte=(from_s - CLOCK_SLACK_S) * 1000, time_s__gte=from_s, time_s__lt=to_s
    )
    return await rows.order_by("received_ms", "id").only(*FIELDS)


async def files_since(station_id: int, from_s: int) -> list[FileRow]:
    """Files received since `from_s`, whatever they tell of, by receipt, without their bytes."""
    rows = FileRow.filter(station_id=station_id, received_ms__gte=from_s * 1000)
    return await rows.order_by("received_ms", "id").only(*FIELDS)


async def worth_by_time(station_id: int, from_s: int, to_s: int) -> dict[int, Worth]:
    """What the values of each instant in [from_s, to_s) are worth."""
    sql = WORTH.format(station_id=int(station_id), from_s=int(from_s), to_s=int(to_s))
    _, rows = await get_connection("default").execute_query(sql)
    return {time_s: Worth(values, bad) for time_s, values, bad in (tuple(dict(row).values()) for row in rows)}


async def flips_since(source_id: str, from_s: float) -> list[FlipRow]:
    """Changes of freshness since `from_s`, newest first."""
    return await FlipRow.filter(source=source_id, at_s__gte=from_s).order_by("-id")
