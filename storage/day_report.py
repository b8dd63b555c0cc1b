"""Reads for the report of a day: what came of every station, and what people did, each in one query."""

from typing import NamedTuple

from tortoise.functions import Count, Min

from protocols.times import DAY_S
from storage.models import AreaRow, AuditRow, DisasterRow, ParameterRow, ReadingRow, StationDayRow, StationRow


class StationDay(NamedTuple):
    """A station, how many parameters it has, since when it is known, and what came of the asked day.

    `first_s` is its oldest counted day; where that is the asked day, its oldest value of it.
    """

    station: StationRow
    parameters: int
    first_s: int | None
    row: StationDayRow | None


async def station_days(day_s: int) -> list[StationDay]:
    """Every station, by name."""
    counted = (
        await ParameterRow.all().annotate(many=Count("id")).group_by("station_id").values_list("station_id", "many")
    )
    first = await StationDayRow.all().annotate(day=Min("day_s")).group_by("station_id").values_list("station_id", "day")
    parameters = {int(str(station_id)): int(str(many)) for station_id, many in counted}
    firsts = {int(str(station_id)): int(str(day)) for station_id, day in first}
    rows = {row.station_id: row for row in await StationDayRow.filter(day_s=day_s)}
    new = [station_id for station_id, first_s in firsts.items() if first_s == day_s]
    firsts |= await _first_values(new, day_s)
    return [
        StationDay(station, parameters.get(station.id, 0), firsts.get(station.id), rows.get(station.id))
        for station in await StationRow.all().order_by("name", "code")
    ]


async def _first_values(station_ids: list[int], day_s: int) -> dict[int, int]:
    """The times of the stations' oldest values of a day."""
    rows = ReadingRow.filter(station_id__in=station_ids, time_s__gte=day_s, time_s__lt=day_s + DAY_S)
    found = await rows.annotate(first=Min("time_s")).group_by("station_id").values_list("station_id", "first")
    return {int(str(station_id)): int(str(time_s)) for station_id, time_s in found}


async def raised_stretches() -> dict[str, list[tuple[int, int | None, int]]]:
    """By station code: increased frequencies as (from, to, cadence)."""
    found: dict[str, list[tuple[int, int | None, int]]] = {}
    members = {row.name: row.stations for row in await AreaRow.all()}
    for row in await DisasterRow.all().order_by("from_s"):
        for code in members.get(row.area, ()):
            found.setdefault(code, []).append((row.from_s, row.to_s, row.cadence_s))
    return found


async def deeds(day_s: int) -> list[AuditRow]:
    """What people did on a day, in order."""
    return await AuditRow.filter(at_ms__gte=day_s * 1000, at_ms__lt=(day_s + DAY_S) * 1000).order_by("id")
