"""The durable worklist of hours to average, and the readings and versions that an hour's means are made from."""

from collections.abc import Sequence

from storage.layers import Effective, effective_hours
from storage.models import DirtyHourRow, HourlyRow
from storage.reading import reading


@reading
async def dirty_hours(up_to_hour_s: int, limit: int = 500) -> list[DirtyHourRow]:
    """Hours waiting that ended at or before `up_to_hour_s`; the newest first, so that fresh data go out first."""
    return await DirtyHourRow.filter(hour_s__lte=up_to_hour_s).order_by("-hour_s", "id").limit(limit)


HourReading = Effective
"""A reading as an average sees it: with the decisions of people laid over it."""


async def readings_of_hour(station_id: int, hour_s: int) -> dict[str, list[HourReading]]:
    """Effective readings of (hour_s - 3600, hour_s], by parameter, in order of time."""
    layer = (await effective_hours([station_id], hour_s)).get(station_id)
    return {} if layer is None else layer.readings


@reading
async def newest_versions(station_id: int, hour_s: int) -> dict[str, HourlyRow]:
    """The means in use of one hour, by parameter."""
    rows: Sequence[HourlyRow] = await HourlyRow.filter(station_id=station_id, hour_s=hour_s).order_by("version")
    return {row.parameter: row for row in rows}
