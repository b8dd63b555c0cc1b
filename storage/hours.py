"""The durable worklist of hours to average, and the readings and versions that an hour's means are made from."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from protocols.times import HOUR_S
from storage.models import DirtyHourRow, HourlyRow, ReadingRow
from storage.reading import reading


@reading
async def dirty_hours(up_to_hour_s: int, limit: int = 500) -> list[DirtyHourRow]:
    """Hours waiting that ended at or before `up_to_hour_s`; the newest first, so that fresh data go out first."""
    return await DirtyHourRow.filter(hour_s__lte=up_to_hour_s).order_by("-hour_s", "id").limit(limit)


class HourReading(NamedTuple):
    """A stored reading as an average sees it."""

    time_s: int
    value: float | None
    flag: int
    unit: str


@reading
async def readings_of_hour(station_id: int, hour_s: int) -> dict[str, list[HourReading]]:
    """Readings of (hour_s - 3600, hour_s], by parameter, in order of arrival."""
    rows = (
        await ReadingRow.filter(station_id=station_id, time_s__gt=hour_s - HOUR_S, time_s__lte=hour_s)
        .order_by("id")
        .values_list("parameter", "time_s", "value", "flag", "unit")
    )
    found: dict[str, list[HourReading]] = defaultdict(list)
    for parameter, *fields in rows:
        found[parameter].append(HourReading(*fields))
    return found


@reading
async def newest_versions(station_id: int, hour_s: int) -> dict[str, HourlyRow]:
    """The means in use of one hour, by parameter."""
    rows: Sequence[HourlyRow] = await HourlyRow.filter(station_id=station_id, hour_s=hour_s).order_by("version")
    return {row.parameter: row for row in rows}
