"""How many items reached a destination too late, by day (Vietnamese time).

They are totals of the store, moved with the cursor or the file that they belong to: a restart forgets none, and what a
crash repeats is not counted twice.
"""

from collections.abc import Callable
from datetime import timedelta

from protocols.times import day_on
from storage.late_totals import late_total

SHOWN_DAYS = 7


def late_counter(destination: str, now_s: float) -> str:
    """The name of today's total."""
    return late_total(destination, day_on(int(now_s)))


def late_days(counters: Callable[[str], int], destination: str, now_s: float) -> dict[str, int]:
    """How many came too late on each of the last days (ISO 8601), today first."""
    today = day_on(int(now_s))
    days = [today - timedelta(days=back) for back in range(SHOWN_DAYS)]
    return {str(day): counters(late_total(destination, day)) for day in days}
