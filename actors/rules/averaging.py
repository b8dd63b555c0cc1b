"""Q13, hourly mean: what enters an average, how much of it must be there, and how sure it is.

An hour is right-closed, (E - 3600, E], and labelled by its end. Members are the first record of each instant, flagged
1, 2 or 3, with a value; nothing is substituted for negatives or values below the detection limit.
Invariant: below the needed share there is no number at all, only MISSING.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor, fsum, isfinite
from typing import NamedTuple, Self

from actors.rules.flags import EPS
from actors.rules.thresholds import cadences, read_table, require_positive
from protocols.times import HOUR_S
from protocols.vocabulary import Flag

COMPLETENESS = 0.75

MEMBER_FLAGS = (Flag.GOOD, Flag.NOT_EVALUATED, Flag.SUSPECT)


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyMeanThresholds:
    """The interval of the readings, and the least share of them that makes a mean."""

    interval_s: float = cadences(1)
    completeness: float = COMPLETENESS

    def __post_init__(self) -> None:
        require_positive(interval_s=self.interval_s)
        require_share(self.completeness)

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.hourly_mean`; raises ValueError."""
        return read_table(cls, "qc.hourly_mean", table, cadence_s)


def require_share(completeness: float) -> None:
    """Refuse a share that is none."""
    if not 0 < completeness <= 1:
        raise ValueError(f"completeness = {completeness:g} is no share; give a number above 0, at most 1")


class Member(NamedTuple):
    """One judged reading as an average sees it."""

    time_s: float
    value: float | None
    flag: Flag


class HourlyMean(NamedTuple):
    """Mean (None below the needed share), members, expected readings, flag."""

    value: float | None
    members: int
    expected: int
    flag: Flag


def hourly_mean(
    readings: Iterable[Member], hour_end_s: float, interval_s: float, completeness: float = COMPLETENESS
) -> HourlyMean:
    """Average the readings of the hour that ends at `hour_end_s`.

    Args:
        readings: one parameter in one unit, any order of time, in order of arrival; other hours' are ignored.
        completeness: least share of the expected readings, 0..1.
    Returns:
        SUSPECT with any suspect member; MISSING, and no number, below the share.
    """
    members = members_within(readings, hour_end_s - HOUR_S, hour_end_s)
    count = len(members)
    expected = expected_count(HOUR_S, interval_s)
    if count < needed_count(HOUR_S / interval_s, completeness):
        return HourlyMean(None, count, expected, Flag.MISSING)
    return HourlyMean(fsum(value for value, _ in members) / count, count, expected, joint_flag(members))


def members_within(readings: Iterable[Member], start_s: float, end_s: float) -> list[tuple[float, Flag]]:
    """Pick value and flag of the members of (start_s, end_s]."""
    seen: set[float] = set()
    members: list[tuple[float, Flag]] = []
    for time_s, value, flag in readings:
        if not start_s < time_s <= end_s or time_s in seen:
            continue
        seen.add(time_s)
        if flag in MEMBER_FLAGS and value is not None and isfinite(value):
            members.append((value, flag))
    return members


def expected_count(window_s: float, interval_s: float) -> int:
    """Count the slots of a window; a window shorter than the interval still awaits one."""
    return max(1, floor(window_s / interval_s + EPS))


def needed_count(slots: float, completeness: float) -> int:
    """Count the members an average of so many slots needs, at least one."""
    return max(1, ceil(completeness * slots - EPS))


def joint_flag(members: Iterable[tuple[float, Flag]]) -> Flag:
    """Flag an average: SUSPECT with any suspect member, else GOOD."""
    return Flag.SUSPECT if any(flag == Flag.SUSPECT for _, flag in members) else Flag.GOOD
