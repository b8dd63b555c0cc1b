"""The running totals of how many items reached a destination too late: one a day (Vietnamese time), named by it."""

from datetime import date

from storage.models import CounterRow
from storage.reading import reading

_LATE = ".late."
DROP_LATE = "DELETE FROM counters WHERE name = ?"


def late_total(destination: str, day: date) -> str:
    """The name of a day's total."""
    return f"destination.{destination}{_LATE}{day}"


@reading
async def late_totals_before(day: date) -> list[str]:
    """The names of the totals of earlier days, by their day."""
    names = await CounterRow.filter(name__startswith="destination.", name__contains=_LATE).values_list(
        "name", flat=True
    )
    days = {name: name.rpartition(_LATE)[2] for name in map(str, names)}
    return sorted((name for name, told in days.items() if _is_before(told, day)), key=days.__getitem__)


def _is_before(told: str, day: date) -> bool:
    try:
        return date.fromisoformat(told) < day
    except ValueError:
        return False
