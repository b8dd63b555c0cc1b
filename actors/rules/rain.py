"""Q15, rain sum of a window: an incomplete sum is a lower bound and says so; a resent record is not added twice."""

from collections.abc import Iterable
from math import fsum
from typing import NamedTuple

from actors.rules.averaging import COMPLETENESS, Member, expected_count, joint_flag, members_within, needed_count
from protocols.times import DAY_S, HOUR_S, ICT_OFFSET_S
from protocols.vocabulary import Flag

HYDROMET_DAY_START_HOUR = 19


class RainSum(NamedTuple):
    """Sum (None below the needed share), members, expected records, flag."""

    value: float | None
    members: int
    expected: int
    flag: Flag


def rain_sum(
    readings: Iterable[Member], start_s: float, end_s: float, interval_s: float, completeness: float = COMPLETENESS
) -> RainSum:
    """Add up the rain of (start_s, end_s]; readings stand in order of arrival."""
    members = members_within(readings, start_s, end_s)
    count = len(members)
    expected = expected_count(end_s - start_s, interval_s)
    if count < needed_count(expected, completeness):
        return RainSum(None, count, expected, Flag.MISSING)
    flag = joint_flag(members) if count >= expected else Flag.SUSPECT
    return RainSum(fsum(value for value, _ in members), count, expected, flag)


def day_window(time_s: int, day_start_hour: int = HYDROMET_DAY_START_HOUR) -> tuple[int, int]:
    """Give (start_s, end_s] of the day an instant belongs to: the hydrometeorological one, or with 0 the civil one."""
    shift_s = ICT_OFFSET_S - day_start_hour * HOUR_S
    end_s = -(-(time_s + shift_s) // DAY_S) * DAY_S - shift_s
    return end_s - DAY_S, end_s
