"""The durable worklist of hours to average (docs/decisions/0008-hourly-worklist.md)."""

from storage.models import DirtyHourRow
from storage.reading import reading


@reading
async def dirty_hours(up_to_hour_s: int, limit: int = 500) -> list[DirtyHourRow]:
    """Hours waiting that ended at or before `up_to_hour_s`; the newest first, so that fresh data go out first."""
    return await DirtyHourRow.filter(hour_s__lte=up_to_hour_s).order_by("-hour_s", "id").limit(limit)
