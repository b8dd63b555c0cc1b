"""What tells how a stored reading was judged: versions of thresholds, counts of its hour, changes of its state."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from protocols.times import DAY_S
from storage.models import ControlChangeRow, HourlyRow, ReadingRow, ThresholdVersionRow

WINDOW_S = DAY_S
"""A long period is read so much at a time."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A version as a reading needs it: its hash, and the detection limit it was judged with."""

    params_hash: str
    mdl: float | None


NO_JUDGEMENT = Judgement("", None)


@dataclass(slots=True)
class HourCounts:
    """Members and expected values of the hours made, by parameter and hour."""

    by_hour: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)

    def of(self, parameter: str, hour_s: int) -> tuple[int, int] | None:
        """Count of one hour; None while it is not made."""
        return self.by_hour.get((parameter, hour_s))


async def judgements(station_id: int) -> Mapping[int, Judgement]:
    """Each version of a station's thresholds, by id."""
    rows = await ThresholdVersionRow.filter(station_id=station_id)
    return {row.id: Judgement(row.params_hash, _mdl(row)) for row in rows}


def _mdl(row: ThresholdVersionRow) -> float | None:
    table = row.tables.get("detection_limit")
    value = table.get("mdl") if isinstance(table, dict) else None
    return float(value) if isinstance(value, int | float) else None


async def hour_counts(station_id: int, from_s: int, to_s: int) -> HourCounts:
    """Counts of the hours that end in [from_s, to_s]."""
    rows = (
        await HourlyRow.filter(station_id=station_id, hour_s__gte=from_s, hour_s__lte=to_s)
        .order_by("version")
        .values_list("parameter", "hour_s", "count", "expected")
    )
    return HourCounts({(str(parameter), hour_s): (count, expected) for parameter, hour_s, count, expected in rows})


async def readings_by_window(
    station_id: int, from_s: int, to_s: int, parameter: str = ""
) -> AsyncIterator[tuple[int, int, list[ReadingRow]]]:
    """Readings of [from_s, to_s] in windows of a day by time; windows without any are passed over."""
    rows = ReadingRow.filter(station_id=station_id)
    if parameter:
        rows = rows.filter(parameter=parameter)
    while from_s <= to_s:
        first = await rows.filter(time_s__gte=from_s, time_s__lte=to_s).order_by("time_s").first()
        if first is None:
            return
        from_s = first.time_s
        until_s = min(from_s + WINDOW_S - 1, to_s)
        found = await rows.filter(time_s__gte=from_s, time_s__lte=until_s).order_by("time_s", "parameter", "id")
        yield from_s, until_s, found
        from_s = until_s + 1


async def control_changes(station_id: int, from_s: int, to_s: int) -> list[ControlChangeRow]:
    """Changes of published states of readings in [from_s, to_s]."""
    return await ControlChangeRow.filter(station_id=station_id, time_s__gte=from_s, time_s__lte=to_s).order_by("id")
