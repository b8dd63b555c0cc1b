"""What came of a station, and when: for completeness windows and history bars. Reads only."""

from collections.abc import Iterable
from typing import NamedTuple

from tortoise.functions import Min

from storage.models import AreaRow, DisasterRow, FileRow, ReadingRow, StationDayRow

FUTURE_S = 300
"""A record further ahead of its receipt than this is not active (the order test's `future_s`)."""
IDS_AT_ONCE = 5000


class Arrival(NamedTuple):
    """A stored value: whose, of when, its flags, and when its file was received."""

    parameter: str
    time_s: int
    flag: int
    outer_flags: int
    received_ms: int


async def arrivals(station_id: int, from_s: float, to_s: float, parameter: str = "") -> list[Arrival]:
    """The active values in [from_s, to_s], in order of arrival."""
    rows = ReadingRow.filter(station_id=station_id, time_s__gte=int(from_s), time_s__lte=int(to_s))
    if parameter:
        rows = rows.filter(parameter=parameter)
    found = await rows.order_by("id").values_list("parameter", "time_s", "flag", "outer_flags", "file_id")
    received = await _received({row[4] for row in found})
    known = (
        Arrival(name, time_s, flag, outer, received[file_id] if file_id in received else time_s * 1000)
        for name, time_s, flag, outer, file_id in found
    )
    return [row for row in known if row.time_s - row.received_ms / 1000 <= FUTURE_S]


async def _received(file_ids: Iterable[int]) -> dict[int, int]:
    ids, found = sorted(file_ids), dict[int, int]()
    for at in range(0, len(ids), IDS_AT_ONCE):
        rows = await FileRow.filter(id__in=ids[at : at + IDS_AT_ONCE]).values_list("id", "received_ms")
        found |= {int(str(number)): int(str(received_ms)) for number, received_ms in rows}
    return found


async def first_time(station_id: int) -> int | None:
    """The time of a station's oldest record; None before the first one."""
    rows = await ReadingRow.filter(station_id=station_id).annotate(first=Min("time_s")).values_list("first", flat=True)
    return int(rows[0]) if rows and rows[0] is not None else None  # type: ignore[call-overload]


async def recent_parameters(station_id: int, limit: int = 200) -> set[str]:
    """The parameters of a station's newest values, for a station that registered none."""
    rows = ReadingRow.filter(station_id=station_id).order_by("-time_s").limit(limit)
    return {str(name) for name in await rows.values_list("parameter", flat=True)}


async def day_rows(station_id: int, from_day_s: int, to_day_s: int) -> list[StationDayRow]:
    """The running counts of the days that begin in [from_day_s, to_day_s]."""
    return await StationDayRow.filter(station_id=station_id, day_s__gte=from_day_s, day_s__lte=to_day_s)


async def count_failed(station_id: int, from_s: int, to_s: int, fail: int) -> int:
    """How many values of (from_s, to_s] have a flag."""
    rows = ReadingRow.filter(station_id=station_id, time_s__gt=from_s, time_s__lte=to_s, flag=fail)
    return await rows.count()


async def disasters_of(code: str) -> list[DisasterRow]:
    """The increased frequencies of all areas that a station lies in, oldest first."""
    areas = [row.name for row in await AreaRow.all() if code in row.stations]
    return await DisasterRow.filter(area__in=areas).order_by("from_s") if areas else []
