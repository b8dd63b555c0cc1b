"""Where a day's histogram of delivery times stands: totals of a destination that are set, not counted up.

They are always as many, whatever the day: its number stands beside them, so there is nothing to expire.
"""

from storage.models import CounterRow
from storage.reading import reading


def latency_totals(destination: str, steps: int) -> list[str]:
    """The names: one for each step of the histogram, and the day's last."""
    return [f"destination.{destination}.took.{step}" for step in (*range(steps), "day")]


@reading
async def kept_latencies(destination: str, steps: int) -> dict[str, int]:
    """What stands there, by name."""
    names = latency_totals(destination, steps)
    return {row.name: row.value for row in await CounterRow.filter(name__in=names)}
