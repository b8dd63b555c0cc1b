"""Prepares small drawings for the station page: the day's line of a parameter, and its 24 hourly cells. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from protocols.times import HOUR_S
from protocols.vocabulary import Flag
from storage.models import HourlyRow, ParameterRow, ReadingRow

WIDTH, HEIGHT = 240, 36


@dataclass(frozen=True, slots=True)
class HourCell:
    """One hour of one parameter: `look` is `good, part, none` or `flagged`."""

    hour_s: int
    look: str
    row: HourlyRow | None


def latest_values(readings: Sequence[ReadingRow], parameters: Sequence[ParameterRow]) -> dict[str, ReadingRow | None]:
    """The last reading of each registered parameter, then of each that came unregistered."""
    latest: dict[str, ReadingRow | None] = {parameter.symbol: None for parameter in parameters}
    for row in readings:
        latest[row.parameter] = row
    return latest


def sparkline(readings: Sequence[ReadingRow], parameter: str, from_s: int, to_s: int) -> str:
    """SVG path of one parameter's values; a hole of over an hour lifts the pen."""
    points = [(row.time_s, row.value) for row in readings if row.parameter == parameter and row.value is not None]
    if not points or to_s <= from_s:
        return ""
    low, high = min(value for _, value in points), max(value for _, value in points)
    steps: list[str] = []
    before_s = -HOUR_S
    for time_s, value in points:
        x = (time_s - from_s) / (to_s - from_s) * WIDTH
        y = HEIGHT / 2 if high == low else HEIGHT - 3 - (value - low) / (high - low) * (HEIGHT - 6)
        steps.append(f"{'M' if time_s - before_s > HOUR_S else 'L'}{x:.1f} {y:.1f}")
        before_s = time_s
    return "".join(steps)


def short(value: float) -> str:
    """A number for a narrow cell: three digits that count, never an exponent."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def hour_cells(rows: Sequence[HourlyRow], last_hour_s: int) -> dict[str, list[HourCell]]:
    """The 24 hours up to `last_hour_s` of each parameter, oldest first."""
    by_place = {(row.parameter, row.hour_s): row for row in rows}
    hours = range(last_hour_s - 23 * HOUR_S, last_hour_s + 1, HOUR_S)
    return {
        parameter: [HourCell(hour_s, _look(by_place.get((parameter, hour_s))), by_place.get((parameter, hour_s)))
                    for hour_s in hours]
        for parameter in sorted({row.parameter for row in rows})
    }  # fmt: skip


def _look(row: HourlyRow | None) -> str:
    if row is None or row.value is None:
        return "none"
    if row.flag in (Flag.SUSPECT, Flag.FAIL):
        return "flagged"
    return "good" if row.count >= row.expected else "part"
