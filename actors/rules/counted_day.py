"""Counts the closed violations that began on one vehicle's day, in the columns of the annexes.

Way and time in violation are those of the speed cases in the columns, from 5 km/h above the limit on.
Source: TT 09/2015/TT-BGTVT Phụ lục 3 to 21; an excess under 5 km/h has no column there.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import NamedTuple

from actors.rules.bands import Band
from protocols.vocabulary import ViolationKind


@dataclass(slots=True)
class CountedDay:
    """What one day's violations come to."""

    under_5: int = 0
    over_5: int = 0
    over_10: int = 0
    over_20: int = 0
    over_35: int = 0
    over_m: float = 0.0
    over_s: int = 0
    worst_kmh: float = 0.0
    """The largest excess over the limit."""
    continuous: int = 0
    daily: int = 0
    weekly: int = 0
    silences: int = 0
    silent_s: int = 0
    rare: int = 0
    """Intervals longer than the frequency allows."""
    lacking: int = 0
    """Messages that lack a field."""
    disorder: int = 0

    def values(self) -> tuple[int | float, ...]:
        """The columns in their order."""
        return astuple(self)


_BANDS = {
    Band.UNDER_5: "under_5",
    Band.FROM_5: "over_5",
    Band.FROM_10: "over_10",
    Band.FROM_20: "over_20",
    Band.OVER_35: "over_35",
}
_PLAIN: dict[str, str] = {
    ViolationKind.CONTINUOUS_DRIVING: "continuous",
    ViolationKind.DAILY_DRIVING: "daily",
    ViolationKind.WEEKLY_DRIVING: "weekly",
    ViolationKind.FREQUENCY: "rare",
    ViolationKind.ORDER: "disorder",
}


class Cases(NamedTuple):
    """Closed violations of one kind, and of one band where the kind has bands, that began on a day."""

    kind: str
    band: str
    cases: int
    lasted_s: int
    distance_m: float
    worst_kmh: float
    messages: int


def count_day(groups: Iterable[Cases]) -> CountedDay:
    """Put a day's violations into their columns; those of a kind without a column nowhere."""
    day = CountedDay()
    for group in groups:
        if group.kind == ViolationKind.SPEED:
            band = Band(group.band)
            _add(day, _BANDS[band], group.cases)
            if band is not Band.UNDER_5:
                day.over_m = round(day.over_m + group.distance_m, 1)
                day.over_s += group.lasted_s
                day.worst_kmh = max(day.worst_kmh, group.worst_kmh)
        elif group.kind == ViolationKind.NO_TRANSMISSION:
            day.silences += group.cases
            day.silent_s += group.lasted_s
        elif group.kind == ViolationKind.MISSING_FIELD:
            day.lacking += max(group.cases, group.messages)
        elif column := _PLAIN.get(group.kind):
            _add(day, column, group.cases)
    return day


def _add(day: CountedDay, column: str, count: int) -> None:
    setattr(day, column, getattr(day, column) + count)
