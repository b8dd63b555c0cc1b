"""Reads for the daily look at slow drift: hours of several stations, days as they stand, states, tickets."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from tortoise.functions import Min

from protocols.times import hour_end
from protocols.vocabulary import Flag
from storage.layers import effective_span
from storage.models import DriftDayRow, DriftStateRow, DriftTicketRow, HourlyRow
from storage.reading import reading

MEMBERS = (Flag.GOOD, Flag.NOT_EVALUATED, Flag.SUSPECT)
"""Flags whose values enter means."""
WITHDRAWN = "withdrawn"

Hours = dict[int, dict[int, float]]
"""Valid hourly means by station and end of hour."""


class DriftReport(NamedTuple):
    """One series as it stands: days, alarms that stand, and the days on which PELT sees a new level begin."""

    parameter: str
    neighbours: int
    days: list[DriftDayRow]
    tickets: list[DriftTicketRow]
    changes: list[int]


@reading
async def first_hour(station_id: int, parameter: str) -> int | None:
    """End of the first hour a series has a mean for."""
    row = await HourlyRow.filter(station_id=station_id, parameter=parameter).order_by("hour_s").first()
    return None if row is None else row.hour_s


@reading
async def hours_made(station_ids: Collection[int], parameter: str, after_s: int, to_s: int) -> Hours:
    """Hourly means in use whose hour ends in (after_s, to_s]; those without a number are left out."""
    rows = (
        await HourlyRow.filter(
            station_id__in=list(station_ids), parameter=parameter, hour_s__gt=after_s, hour_s__lte=to_s
        )
        .order_by("version")
        .values_list("station_id", "hour_s", "value", "flag")
    )
    newest = {(station_id, hour_s): (value, flag) for station_id, hour_s, value, flag in rows}
    found: Hours = defaultdict(dict)
    for (station_id, hour_s), (value, flag) in newest.items():
        if value is not None and flag in MEMBERS:
            found[station_id][hour_s] = value
    return found


async def values_by_hour(
    station_ids: Collection[int], parameter: str, after_s: int, to_s: int
) -> dict[int, dict[int, list[float]]]:
    """Effective readings of (after_s, to_s] that enter means, by station and end of hour."""
    found: dict[int, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for station_id, layer in (await effective_span(station_ids, after_s, to_s, parameter)).items():
        for value in layer.readings.get(parameter, ()):
            if value.value is not None and value.flag in MEMBERS:
                found[station_id][hour_end(value.time_s)].append(value.value)
    return found


@reading
async def touched_since(hourly_id: int, station_ids: Collection[int] = ()) -> dict[tuple[int, str], int]:
    """The earliest hour of each series that got a mean since; of all stations, or of some."""
    rows = HourlyRow.filter(id__gt=hourly_id)
    if station_ids:
        rows = rows.filter(station_id__in=list(station_ids))
    found = (
        await rows.annotate(first_s=Min("hour_s"))
        .group_by("station_id", "parameter")
        .values("station_id", "parameter", "first_s")
    )
    return {(row["station_id"], row["parameter"]): row["first_s"] for row in found}


@reading
async def newest_hourly_id() -> int:
    """The newest mean stored."""
    row = await HourlyRow.all().order_by("-id").first()
    return 0 if row is None else row.id


@reading
async def state_of(station_id: int, parameter: str) -> DriftStateRow | None:
    """Where the CUSUM of a series stands."""
    return await DriftStateRow.get_or_none(id=state_key(station_id, parameter))


def state_key(station_id: int, parameter: str) -> str:
    """The key of a series' state."""
    return f"{station_id}:{parameter}"


@reading
async def drift_days(station_id: int, parameter: str, from_s: int, to_s: int) -> list[DriftDayRow]:
    """Days as they stand that begin in [from_s, to_s]."""
    return await DriftDayRow.filter(
        station_id=station_id, parameter=parameter, day_s__gte=from_s, day_s__lte=to_s
    ).order_by("day_s")


@reading
async def drift_tickets(
    station_id: int, parameter: str = "", from_s: int = 0, to_s: int = 1 << 40
) -> list[DriftTicketRow]:
    """Alarms of days in [from_s, to_s] that still stand."""
    rows = DriftTicketRow.filter(station_id=station_id, day_s__gte=from_s, day_s__lte=to_s).exclude(state=WITHDRAWN)
    return await (rows.filter(parameter=parameter) if parameter else rows).order_by("day_s")
