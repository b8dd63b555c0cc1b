"""Q14, mean wind direction of an hour: a sum of vectors, never of degrees.

Calm samples have no direction; more calm than wind makes the hour calm. Vectors that cancel out make it variable.
The mean of the speed is the scalar one of `averaging`. North is 360, zero is calm.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import atan2, cos, degrees, fsum, hypot, isfinite, radians, sin
from typing import Literal, NamedTuple, Self

from actors.rules.averaging import COMPLETENESS, MEMBER_FLAGS, needed_count, require_share
from actors.rules.flags import exceeds
from actors.rules.thresholds import cadences, read_table, require_positive
from protocols.times import HOUR_S
from protocols.vocabulary import Flag

CALM_MS = 0.5
LEAST_RESULTANT = 0.1
NORTH_TOLERANCE_DEG = 1e-6


Weight = Literal["unit", "speed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindDirThresholds:
    """Interval and share as for a mean; below `calm` m/s there is no direction, below `r_min` it is variable."""

    interval_s: float = cadences(1)
    completeness: float = COMPLETENESS
    calm: float = CALM_MS
    r_min: float = LEAST_RESULTANT
    weight: Weight = "unit"

    def __post_init__(self) -> None:
        require_positive(interval_s=self.interval_s)
        require_share(self.completeness)
        if self.calm < 0 or not 0 <= self.r_min <= 1:
            raise ValueError("calm is a speed from 0 m/s, r_min a share from 0 to 1; mend the one that is not")

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.wind_dir`; raises ValueError."""
        return read_table(cls, "qc.wind_dir", table, cadence_s)


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


class WindParts(NamedTuple):
    """What a window's samples add up to; parts of neighbouring windows may be added up again."""

    members: int
    calm: int
    east: float
    north: float
    weight: float
    is_suspect: bool


def wind_direction(
    samples: Iterable[WindSample],
    hour_end_s: float,
    interval_s: float,
    *,
    completeness: float = COMPLETENESS,
    calm_ms: float = CALM_MS,
    least_resultant: float = LEAST_RESULTANT,
    weight: Weight = "unit",
) -> WindMean:
    """Average the direction of the hour that ends at `hour_end_s`; samples stand in order of arrival."""
    parts = wind_parts(samples, hour_end_s, calm_ms, weight)
    return settle_direction(parts, needed_count(HOUR_S / interval_s, completeness), least_resultant)


def wind_parts(samples: Iterable[WindSample], hour_end_s: float, calm_ms: float, weight: Weight) -> WindParts:
    """Add up the vectors of an hour."""
    members = _members(samples, hour_end_s)
    moving = [(radians(direction), speed) for direction, speed, _ in members if not exceeds(calm_ms, speed)]
    weights = [speed if weight == "speed" else 1.0 for _, speed in moving]
    return WindParts(
        len(members),
        len(members) - len(moving),
        fsum(w * sin(angle) for w, (angle, _) in zip(weights, moving, strict=True)),
        fsum(w * cos(angle) for w, (angle, _) in zip(weights, moving, strict=True)),
        fsum(weights),
        any(flag == Flag.SUSPECT for _, _, flag in members),
    )


def join_parts(parts: Sequence[WindParts]) -> WindParts:
    """Add up the parts of several hours."""
    return WindParts(
        sum(each.members for each in parts),
        sum(each.calm for each in parts),
        fsum(each.east for each in parts),
        fsum(each.north for each in parts),
        fsum(each.weight for each in parts),
        any(each.is_suspect for each in parts),
    )


def settle_direction(parts: WindParts, needed: int, least_resultant: float) -> WindMean:
    """Say what direction the parts make, where at least `needed` members are among them."""
    count = parts.members
    if count < needed:
        return WindMean(None, WindKind.INSUFFICIENT, count, Flag.MISSING)
    flag = Flag.SUSPECT if parts.is_suspect else Flag.GOOD
    if parts.calm * 2 > count:
        return WindMean(0.0, WindKind.CALM, count, flag)
    if not parts.weight or exceeds(least_resultant, hypot(parts.east, parts.north) / parts.weight):
        return WindMean(None, WindKind.VARIABLE, count, Flag.SUSPECT)
    return WindMean(_compass(degrees(atan2(parts.east, parts.north))), WindKind.MEAN, count, flag)


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
