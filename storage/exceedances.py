"""Reads of exceedances, and of the values that are held against limits."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

from tortoise.expressions import Q

from protocols.vocabulary import ExceedanceState, Flag, Period
from storage.layers import effective_span
from storage.models import ExceedanceRow, ExceedanceWorkRow, HourlyRow, LongerProductRow, ReadingRow, StationRow
from storage.products import longer_in_use
from storage.reading import reading

ENDED = (ExceedanceState.ENDED.value, ExceedanceState.WITHDRAWN.value)
BATCH = 200


class Point(NamedTuple):
    """A value as a limit sees it; a mean has no device status."""

    time_s: int
    value: float | None
    flag: Flag
    status: str = ""


Points = dict[str, list[Point]]
"""By parameter, ascending by time."""


@reading
async def waiting_work() -> list[ExceedanceWorkRow]:
    """Stretches that wait, the newest first."""
    return await ExceedanceWorkRow.all().order_by("-end_s", "id").limit(BATCH)


TOUCHING = (
    "SELECT * FROM exceedances WHERE station_id = {station_id} AND averaging = '{averaging}' AND {ends} "
    "AND start_s + 0 <= {to_s} AND state <> '{withdrawn}'"
)
"""Found by its end in the index: what ended long ago is not looked at. No index is asked for a column in a sum."""


@reading
async def exceedances_touching(station_id: int, averaging: str, from_s: int, to_s: int) -> list[ExceedanceRow]:
    """What stands between two instants, both included, and was not withdrawn; an end is never before the last value."""
    assert averaging.isalnum()
    given = {"station_id": int(station_id), "averaging": averaging, "to_s": int(to_s)}
    found = [
        TOUCHING.format(**given, ends=ends, withdrawn=ExceedanceState.WITHDRAWN.value)
        for ends in ("end_s IS NULL", f"end_s >= {int(from_s)}")
    ]
    rows: Any = await ExceedanceRow.raw(" UNION ALL ".join(found) + " ORDER BY id")
    return list(rows)


@reading
async def open_exceedances(averaging: str = "") -> list[ExceedanceRow]:
    """Those that go on."""
    rows = ExceedanceRow.filter(end_s__isnull=True)
    return await (rows.filter(averaging=averaging) if averaging else rows).order_by("id")


@reading
async def instants(station_id: int, after_s: int, to_s: int) -> Points:
    """Effective readings of (after_s, to_s]."""
    layers = await effective_span([station_id], after_s, to_s)
    if station_id not in layers:
        return {}
    return {
        parameter: [Point(each.time_s, each.value, each.flag, each.device_status) for each in values]
        for parameter, values in layers[station_id].readings.items()
    }


@reading
async def hours(station_id: int, after_s: int, to_s: int) -> Points:
    """Hourly means in use whose hour ends in (after_s, to_s]."""
    rows = (
        await HourlyRow.filter(station_id=station_id, hour_s__gt=after_s, hour_s__lte=to_s)
        .order_by("version")
        .values_list("parameter", "hour_s", "value", "flag")
    )
    newest = {(parameter, hour_s): Point(hour_s, value, Flag(flag)) for parameter, hour_s, value, flag in rows}
    found: Points = defaultdict(list)
    for (parameter, _), point in sorted(newest.items()):
        found[parameter].append(point)
    return found


async def running_eight_hours(station_id: int, after_s: int, to_s: int) -> Points:
    """Running means of eight hours that end in (after_s, to_s]."""
    return await _longer(station_id, Period.EIGHT_HOURS, after_s, to_s)


async def days(station_id: int, after_s: int, to_s: int) -> Points:
    """Daily means that end in (after_s, to_s]."""
    return await _longer(station_id, Period.DAY, after_s, to_s)


async def _longer(station_id: int, period: Period, after_s: int, to_s: int) -> Points:
    found: Points = defaultdict(list)
    in_use = await longer_in_use([station_id], period, after_s + 1, to_s)
    for end_s, products in sorted(in_use.get(station_id, {}).items()):
        for parameter, product in products.items():
            found[parameter].append(Point(end_s, product.value, Flag(product.flag)))
    return found


async def has_later_eight_hours(station_id: int, parameter: str, after_s: int) -> bool:
    """Whether a later running mean is there."""
    return await _has_longer(station_id, Period.EIGHT_HOURS, parameter, after_s)


async def has_later_day(station_id: int, parameter: str, after_s: int) -> bool:
    """Whether a later daily mean is there."""
    return await _has_longer(station_id, Period.DAY, parameter, after_s)


@reading
async def _has_longer(station_id: int, period: Period, parameter: str, after_s: int) -> bool:
    return await LongerProductRow.filter(
        station_id=station_id, period=period, end_s__gt=after_s, parameter=parameter, value__isnull=False
    ).exists()


@reading
async def has_later_instant(station_id: int, parameter: str, after_s: int) -> bool:
    """Whether a value that is not failed (one from the future is) came for a later time."""
    return await ReadingRow.filter(
        station_id=station_id, time_s__gt=after_s, parameter=parameter, flag__not=Flag.FAIL
    ).exists()


@reading
async def has_later_hour(station_id: int, parameter: str, after_s: int) -> bool:
    """Whether a later hour has a mean."""
    return await HourlyRow.filter(
        station_id=station_id, hour_s__gt=after_s, parameter=parameter, value__isnull=False
    ).exists()


@reading
async def reaches() -> dict[tuple[int, str], tuple[int, bool]]:
    """Of each series with exceedances of single values: the newest instant one of them knows, and if it goes on."""
    found: dict[tuple[int, str], tuple[int, bool]] = {}
    rows = (
        await ExceedanceRow.filter(averaging="instant")
        .exclude(state=ExceedanceState.WITHDRAWN)
        .order_by("start_s")
        .values_list("station_id", "parameter", "last_s", "end_s")
    )
    for station_id, parameter, last_s, end_s in rows:
        newest, is_open = found.get((station_id, parameter), (0, False))
        found[station_id, parameter] = (max(newest, last_s, end_s or 0), is_open or end_s is None)
    return found


async def station_exceedances(station_id: int, from_s: int, to_s: int) -> list[ExceedanceRow]:
    """A station's exceedances that overlap [from_s, to_s], withdrawn ones too, by start."""
    return await ExceedanceRow.filter(
        Q(end_s__isnull=True) | Q(end_s__gte=from_s), station_id=station_id, start_s__lte=to_s
    ).order_by("start_s", "parameter", "averaging")


async def all_exceedances(state: str, limit: int, offset: int) -> tuple[list[ExceedanceRow], int]:
    """Exceedances of one state (empty: those that go on), the newest first, and how many there are."""
    rows = ExceedanceRow.filter(state=state) if state else ExceedanceRow.filter(end_s__isnull=True)
    return await rows.order_by("-start_s", "-id").offset(offset).limit(limit), await rows.count()


async def station_codes(station_ids: Collection[int]) -> dict[int, str]:
    """The codes of some stations."""
    rows = await StationRow.filter(id__in=list(station_ids)).values_list("id", "code") if station_ids else []
    return {int(station_id): str(code) for station_id, code in rows}


async def station_names(station_ids: Collection[int]) -> dict[str, str]:
    """The names of some stations by their codes."""
    rows = await StationRow.filter(id__in=list(station_ids)).values_list("code", "name") if station_ids else []
    return {str(code): str(name) for code, name in rows}
