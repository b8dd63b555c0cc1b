"""Q16, the Vietnamese air quality index: NowCast of particles, sub-index, index of an hour and of a day.

Concentrations are hourly means in µg/m3, None where there is none; series of hours stand newest first.
Invariant: without PM10 and PM2.5 there is no index; a negative mean counts as zero.
Source: QĐ 1459/QĐ-TCMT of 12/11/2019. Its example prints NO2 60 where its formula gives 59.35: the formula rules.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from math import floor, fsum
from typing import Literal, NamedTuple

from actors.rules.aqi_table import AqiTable
from actors.rules.averaging import COMPLETENESS, needed_count
from actors.rules.flags import EPS

NOWCAST_HOURS = 12
LEAST_WEIGHT = 0.5
PARTICLES = ("pm10", "pm25")
GASES = ("o3_1h", "co", "so2", "no2")

Mode = Literal["law", "law_norm", "epa"]
"""`law` literal; `law_norm` literal where all 12 hours are present, else normalised; `epa` always normalised."""


class Aqi(NamedTuple):
    """Sub-indexes by pollutant, the index (their largest), and the pollutant that gives it."""

    sub: dict[str, int | None]
    value: int | None
    main: str | None


def nowcast(hours: Sequence[float | None], mode: Mode = "law_norm") -> float | None:
    """Weigh the last 12 hourly means, newest first; None where two of the newest three are missing."""
    present = [(age, max(mean, 0.0)) for age, mean in enumerate(hours[:NOWCAST_HOURS]) if mean is not None]
    if sum(age < 3 for age, _ in present) < 2:
        return None
    highest = max(mean for _, mean in present)
    if highest == 0:
        return 0.0
    weight = max(min(mean for _, mean in present) / highest, LEAST_WEIGHT)
    is_literal = mode == "law" or (mode == "law_norm" and len(present) == NOWCAST_HOURS)
    if weight <= LEAST_WEIGHT and is_literal:
        return fsum(LEAST_WEIGHT ** (age + 1) * mean for age, mean in present)
    return fsum(weight**age * mean for age, mean in present) / fsum(weight**age for age, _ in present)


def sub_index(pollutant: str, concentration: float | None, table: AqiTable) -> int | None:
    """Turn a concentration into the index of its pollutant; None where it is missing or not defined that high.

    Raises:
        KeyError: the table has no such pollutant.
    """
    points = table.breakpoints[pollutant]
    if concentration is None:
        return None
    amount = max(concentration, 0.0)
    if amount >= points[-1] - EPS:
        if len(points) == len(table.levels):
            return table.levels[-1]
        return table.levels[len(points) - 1] if amount - points[-1] <= EPS else None
    above = bisect_right(points, amount)
    low, high = points[above - 1], points[above]
    base, top = table.levels[above - 1], table.levels[above]
    return floor(base + (top - base) / (high - low) * (amount - low) + 0.5 + EPS)


def aqi_of_hour(
    hour: Mapping[str, float | None],
    particles: Mapping[str, Sequence[float | None]],
    table: AqiTable,
    mode: Mode = "law_norm",
) -> Aqi:
    """Give the index of one hour.

    Args:
        hour: this hour's means of `o3_1h, co, so2, no2`; absent pollutants are not measured here.
        particles: the last 12 hourly means of `pm10, pm25`, newest first.
    """
    sub = {gas: sub_index(gas, hour[gas], table) for gas in GASES if gas in hour}
    sub |= {pm: sub_index(pm, nowcast(particles[pm], mode), table) for pm in PARTICLES if pm in particles}
    return _largest(sub)


def aqi_of_day(day: Mapping[str, Sequence[float | None]], table: AqiTable, completeness: float = COMPLETENESS) -> Aqi:
    """Give the index of one day from its 24 hourly means per pollutant, oldest first.

    Args:
        day: keys `o3_1h, co, so2, no2, pm10, pm25`; particles by their 24 h mean, gases by their largest hour, ozone
            also by its largest 8 h mean: of those given as `o3_8h` (windows that end within the day and may begin
            before it), else of the windows within the day. A mean of many hours needs the share `completeness`.
    """
    sub: dict[str, int | None] = {}
    for gas in GASES:
        if gas in day:
            sub[gas] = sub_index(gas, max((mean for mean in day[gas] if mean is not None), default=None), table)
    if "o3_8h" in day:
        sub["o3_8h"] = sub_index("o3_8h", max((mean for mean in day["o3_8h"] if mean is not None), default=None), table)
    elif "o3_1h" in day:
        sub["o3_8h"] = sub_index("o3_8h", _largest_eight_hours(day["o3_1h"], completeness), table)
    for pm in PARTICLES:
        if pm in day:
            sub[pm] = sub_index(pm, _mean_of(day[pm], 24, completeness), table)
    return _largest(sub)


def _mean_of(hours: Sequence[float | None], expected: int, completeness: float) -> float | None:
    present = [mean for mean in hours if mean is not None]
    return fsum(present) / len(present) if len(present) >= needed_count(expected, completeness) else None


def _largest_eight_hours(hours: Sequence[float | None], completeness: float) -> float | None:
    means = [_mean_of(hours[end - 8 : end], 8, completeness) for end in range(8, len(hours) + 1)]
    return max((mean for mean in means if mean is not None), default=None)


def _largest(sub: dict[str, int | None]) -> Aqi:
    known = {pollutant: index for pollutant, index in sub.items() if index is not None}
    if not any(pm in known for pm in PARTICLES):
        return Aqi(sub, None, None)
    main = max(known, key=known.__getitem__)
    return Aqi(sub, known[main], main)
