"""Change points of a series of daily means by PELT: the weekly confirmation of what CUSUM raised, and its date.

Penalised least squares (model l2): segments of at least `min_size` days whose squared deviations from their own mean,
plus `penalty` per change, are least. Starts that can never win again are pruned, which keeps 400 days near linear; a
beaten start stays until the one that beat it may end a segment.
Source: Killick, Fearnhead, Eckley 2012, Optimal detection of changepoints with a linear computational cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf, log

MIN_SIZE = 7


@dataclass(frozen=True, slots=True)
class PeltThresholds:
    """Shortest segment in days, and the price of a change in squared units."""

    penalty: float
    min_size: int = MIN_SIZE


def default_penalty(days: int, sigma: float) -> float:
    """Price a change at 3 ln(n) sigma², for the last 400 days or fewer."""
    return 3 * log(days) * sigma * sigma


def find_changes(daily: Sequence[float], limits: PeltThresholds) -> list[int]:
    """Find the indexes at which a new level begins, ascending; an empty list means one level."""
    count, min_size = len(daily), limits.min_size
    sums = [0.0, *accumulate(daily)]
    squares = [0.0, *accumulate(value * value for value in daily)]

    def cost(start: int, end: int) -> float:
        total = sums[end] - sums[start]
        return squares[end] - squares[start] - total * total / (end - start)

    best = [-limits.penalty] + [inf] * count
    last = [0] * (count + 1)
    starts = [0]
    beaten_at: dict[int, int] = {}
    for end in range(min_size, count + 1):
        if end - min_size >= min_size:
            starts.append(end - min_size)
        totals = {start: best[start] + cost(start, end) for start in starts}
        last[end] = min(totals, key=totals.__getitem__)
        best[end] = totals[last[end]] + limits.penalty
        for start, total in totals.items():
            if total > best[end]:
                beaten_at.setdefault(start, end)
        starts = [start for start in starts if end < beaten_at.get(start, end) + min_size]
    changes: list[int] = []
    end = last[count]
    while end > 0:
        changes.append(end)
        end = last[end]
    return changes[::-1]
