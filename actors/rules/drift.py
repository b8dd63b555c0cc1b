"""From hourly means to the days that CUSUM and PELT look at: daily means, neighbours taken off, changes dated.

A day is civil time in Vietnam, its hours right-closed. It counts with `day_share` of its hours.
Invariant: a day without enough hours is None, never a mean of what there was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, fsum, sqrt
from statistics import median
from typing import Literal, NamedTuple, Self

from actors.rules.change_points import MIN_SIZE, PeltThresholds, default_penalty, find_changes
from actors.rules.flags import EPS
from actors.rules.spatial import MAD_TO_SIGMA
from actors.rules.thresholds import read_table, require_positive
from protocols.times import DAY_S, HOUR_S

DAYS_LOOKED_AT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftThresholds:
    """How a day is made (`qc.drift`).

    `hour_share` None takes the hourly means as they are made; a share makes the hours anew from the readings, so that
    a station that sends once a day has days too. `neighbours` feeds the difference to the neighbours' median.
    """

    day_share: float = 0.8
    hour_share: float | None = None
    neighbours: bool = True

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.drift`; raises ValueError."""
        return read_table(cls, "qc.drift", table, cadence_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeltTable:
    """`qc.pelt`: shortest segment, and the price of a change; without a price 3 ln(n) sigma², sigma from the days."""

    model: Literal["l2"] = "l2"
    min_size: int = MIN_SIZE
    jump: int = 1
    pen: float | None = None

    def __post_init__(self) -> None:
        require_positive(min_size=self.min_size, pen=self.pen)
        if self.jump != 1:
            raise ValueError(f"jump = {self.jump} would miss changes; write 1")

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.pelt`; raises ValueError."""
        return read_table(cls, "qc.pelt", table, cadence_s)


class DayMean(NamedTuple):
    """One day: its mean, None where it lacks hours, and how many it has."""

    mean: float | None
    hours: int


NO_DAY = DayMean(None, 0)


def day_mean(hours: Sequence[float], cadence_s: float, share: float) -> DayMean:
    """Average a day's valid hours; a station that speaks less than hourly has fewer of them."""
    expected = min(24, max(1, int(DAY_S // cadence_s)))
    needed = max(1, ceil(share * expected - EPS))
    return DayMean(fsum(hours) / len(hours) if len(hours) >= needed else None, len(hours))


def hour_means(values: Mapping[int, Sequence[float]], cadence_s: float, share: float) -> dict[int, float]:
    """Average the readings of each hour, by its end, where there are enough of them."""
    needed = max(1, ceil(share * HOUR_S / cadence_s - EPS))
    return {hour_s: fsum(members) / len(members) for hour_s, members in values.items() if len(members) >= needed}


def fed_with(mean: float | None, neighbours: Sequence[float], n_min: int) -> float | None:
    """What CUSUM is fed with where a series has neighbours: the difference to the median of at least `n_min`."""
    if mean is None or len(neighbours) < n_min:
        return None
    return mean - median(neighbours)


def change_days(days: Sequence[tuple[int, float]], table: PeltTable, sigma_min: float = 0.0) -> list[int]:
    """Date the changes of level among valid days, ascending (day, value): the days on which a new level begins."""
    looked_at = days[-DAYS_LOOKED_AT:]
    values = [value for _, value in looked_at]
    if len(values) < 2 * table.min_size:
        return []
    penalty = table.pen if table.pen is not None else default_penalty(len(values), max(spread(values), sigma_min))
    if penalty <= 0:
        return []
    return [looked_at[at][0] for at in find_changes(values, PeltThresholds(penalty, table.min_size))]


def spread(values: Sequence[float]) -> float:
    """Estimate sigma from the steps between days: a shift of level is one step among many and hardly counts."""
    steps = [abs(after - before) for before, after in pairwise(values)]
    return MAD_TO_SIGMA * median(steps) / sqrt(2) if steps else 0.0
