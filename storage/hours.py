"""The durable worklist of hours to average (docs/decisions/0008-hourly-worklist.md)."""

from collections.abc import Iterable

from storage.ids import Ids
from storage.models import DirtyHourRow
from storage.reading import reading
from storage.tables import tables

ROWS_AT_ONCE = 500


@reading
async def dirty_hours(up_to_hour_s: int, limit: int = 500) -> list[DirtyHourRow]:
    """Hours waiting that ended at or before `up_to_hour_s`; the newest first, so that fresh data go out first."""
    return await DirtyHourRow.filter(hour_s__lte=up_to_hour_s).order_by("-hour_s", "id").limit(limit)


@reading
async def stations_waiting(hour_s: int) -> set[int]:
    """The stations whose hour that ended then waits to be made."""
    return {row.station_id for row in await DirtyHourRow.filter(hour_s=hour_s)}


def touches(ids: Ids, hours: Iterable[tuple[int, int]], since_ms: int) -> list[str]:
    """Statements that put hours (station, end) on the worklist; whole numbers only, so they stand in the text."""
    table = tables()["dirty_hours"]
    rows = [f"({ids.take(table.name)}, {int(station)}, {int(end_s)}, {int(since_ms)})" for station, end_s in hours]
    return [
        f"{table.insert}{', '.join(rows[at : at + ROWS_AT_ONCE])} {table.conflict}"
        for at in range(0, len(rows), ROWS_AT_ONCE)
    ]
