"""The mean of many hours: of the hourly means that are there, if enough of them are.

Source: QĐ 1459/QĐ-TCMT takes the means of 8 and 24 hours from hourly means; the 75 % (6 of 8, 18 of 24) is practice.
Invariant: an hour without a number is no member, whatever it was flagged.
"""

from collections.abc import Iterable
from math import fsum

from actors.rules.averaging import HourlyMean, joint_flag, needed_count
from protocols.vocabulary import Flag


def mean_of_hours(hours: Iterable[tuple[float | None, Flag]], expected: int, completeness: float) -> HourlyMean:
    """Average value and flag of a window's hours; MISSING, and no number, below the share."""
    members = [(value, flag) for value, flag in hours if value is not None]
    count = len(members)
    if count < needed_count(expected, completeness):
        return HourlyMean(None, count, expected, Flag.MISSING)
    return HourlyMean(fsum(value for value, _ in members) / count, count, expected, joint_flag(members))
