"""Q14, mean wind direction of an hour: a sum of vectors, never of degrees.

Calm samples have no direction; more calm than wind makes the hour calm. Vectors that cancel out make it variable.
The mean of the speed is the scalar one of `averaging`. North is 360, zero is calm.
"""

from collections.abc import Iterable
from enum import StrEnum
from math import atan2, cos, degrees, fsum, hypot, isfinite, radians, sin
from typing import Literal, NamedTuple

from actors.rules.averaging import COMPLETENESS, MEMBER_FLAGS, needed_count
from actors.rules.flags import exceeds
from protocols.times import HOUR_S
from protocols.vocabulary import Flag

CALM_MS = 0.5
LEAST_RESULTANT = 0.1
NORTH_TOLERANCE_DEG = 1e-6


class WindKind(StrEnum):
    """What an hour's direction is."""

    MEAN = "mean"
    CALM = "calm"
    VARIABLE = "variable"
    INSUFFICIENT = "insufficient"


class WindSample(NamedTuple):
    """Direction and speed of one instant; the flag is the worse of the two."""

    time_s: float
    direction_deg: float | None
    speed_ms: float | None
    flag: Flag


class WindMean(NamedTuple):
    """Direction in (0, 360], 0 for calm, None where there is none; its kind, members and flag."""

    direction_deg: float | None
    kind: WindKind
    members: int
    flag: Flag


def wind_direction(
    samples: Iterable[WindSample],
    hour_end_s: float,
    interval_s: float,
    *,
    completeness: float = COMPLETENESS,
    calm_ms: float = CALM_MS,
    least_resultant: float = LEAST_RESULTANT,
    weight: Literal["unit", "speed"] = "unit",
) -> WindMean:
    """Average the direction of the hour that ends at `hour_end_s`; samples stand in order of arrival."""
    members = _members(samples, hour_end_s)
    count = len(members)
    if count < needed_count(HOUR_S / interval_s, completeness):
        return WindMean(None, WindKind.INSUFFICIENT, count, Flag.MISSING)
    flag = Flag.SUSPECT if any(member[2] == Flag.SUSPECT for member in members) else Flag.GOOD
    moving = [(radians(direction), speed) for direction, speed, _ in members if not exceeds(calm_ms, speed)]
    if (count - len(moving)) * 2 > count:
        return WindMean(0.0, WindKind.CALM, count, flag)
    weights = [speed if weight == "speed" else 1.0 for _, speed in moving]
    east = fsum(w * sin(angle) for w, (angle, _) in zip(weights, moving, strict=True))
    north = fsum(w * cos(angle) for w, (angle, _) in zip(weights, moving, strict=True))
    if exceeds(least_resultant, hypot(east, north) / fsum(weights)):
        return WindMean(None, WindKind.VARIABLE, count, Flag.SUSPECT)
    return WindMean(_compass(degrees(atan2(east, north))), WindKind.MEAN, count, flag)


def _members(samples: Iterable[WindSample], hour_end_s: float) -> list[tuple[float, float, Flag]]:
    seen: set[float] = set()
    members: list[tuple[float, float, Flag]] = []
    for time_s, direction_deg, speed_ms, flag in samples:
        if not hour_end_s - HOUR_S < time_s <= hour_end_s or time_s in seen:
            continue
        seen.add(time_s)
        if flag not in MEMBER_FLAGS or direction_deg is None or speed_ms is None:
            continue
        if isfinite(direction_deg) and isfinite(speed_ms):
            members.append((direction_deg, speed_ms, flag))
    return members


def _compass(angle_deg: float) -> float:
    turned = angle_deg % 360
    return 360.0 if min(turned, 360 - turned) <= NORTH_TOLERANCE_DEG else turned
