"""Q15, rain sum of a window: an incomplete sum is a lower bound and says so; a resent record is not added twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple, Self

from actors.rules.averaging import (
    COMPLETENESS,
    Member,
    expected_count,
    joint_flag,
    members_within,
    needed_count,
    require_share,
)
from actors.rules.thresholds import cadences, read_table, require_positive
from protocols.times import DAY_S, HOUR_S, ICT_OFFSET_S
from protocols.vocabulary import Flag

HYDROMET_DAY_START_HOUR = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class RainSumThresholds:
    """The interval of the readings, and the least share of them that makes a sum."""

    interval_s: float = cadences(1)
    completeness: float = COMPLETENESS

    def __post_init__(self) -> None:
        require_positive(interval_s=self.interval_s)
        require_share(self.completeness)

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.rain_sum`; raises ValueError."""
        return read_table(cls, "qc.rain_sum", table, cadence_s)


class RainSum(NamedTuple):
    """Sum (None below the needed share), members, expected records, flag; what the members came to in any case."""

    value: float | None
    members: int
    expected: int
    flag: Flag
    total: float = 0.0
    is_suspect: bool = False


def rain_sum(
    readings: Iterable[Member], start_s: float, end_s: float, interval_s: float, completeness: float = COMPLETENESS
) -> RainSum:
    """Add up the rain of (start_s, end_s]; readings stand in order of arrival."""
    members = members_within(readings, start_s, end_s)
    is_suspect = joint_flag(members) is Flag.SUSPECT
    total = fsum(value for value, _ in members)
    return settle_sum(total, len(members), expected_count(end_s - start_s, interval_s), completeness, is_suspect)


def settle_sum(total: float, count: int, expected: int, completeness: float, is_suspect: bool) -> RainSum:
    """Say what so many members that came to `total` make."""
    if count < needed_count(expected, completeness):
        return RainSum(None, count, expected, Flag.MISSING, total, is_suspect)
    flag = Flag.SUSPECT if is_suspect or count < expected else Flag.GOOD
    return RainSum(total, count, expected, flag, total, is_suspect)


def day_window(time_s: int, day_start_hour: int = HYDROMET_DAY_START_HOUR) -> tuple[int, int]:
    """Give (start_s, end_s] of the day an instant belongs to: the hydrometeorological one, or with 0 the civil one."""
    shift_s = ICT_OFFSET_S - day_start_hour * HOUR_S
    end_s = -(-(time_s + shift_s) // DAY_S) * DAY_S - shift_s
    return end_s - DAY_S, end_s
