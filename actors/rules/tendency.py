"""Whether values that are within their limit move towards it so that they pass it soon, if they go on like that.

The line is of Theil and Sen (the median of the slopes of all pairs, through the medians), so one stray value does not
bend it. No rule says what a tendency is: how far ahead the line is drawn, from as long behind, is a setting of each
limit (`tendency_s`), off where it is not given (docs/decisions/0010-settings-never-guesses.md).
Invariant: a function of the values in the window; one that lies within is never called beyond.
"""

from collections.abc import Sequence
from itertools import combinations
from statistics import median
from typing import NamedTuple

from actors.rules.limits import Limit

FEWEST = 4
"""Values that a line is drawn through at least."""


class Line(NamedTuple):
    """A straight line through values over time."""

    slope: float
    at_s: float
    value: float

    def at(self, time_s: float) -> float:
        """Where it is at a time."""
        return self.value + self.slope * (time_s - self.at_s)


def line_through(points: Sequence[tuple[int, float]]) -> Line:
    """The line of Theil and Sen through values at different times."""
    slope = median((later[1] - sooner[1]) / (later[0] - sooner[0]) for sooner, later in combinations(points, 2))
    at_s = points[-1][0]
    return Line(slope, at_s, median(value - slope * (time_s - at_s) for time_s, value in points))


def tends_beyond(points: Sequence[tuple[int, float]], limit: Limit) -> bool:
    """Whether a line through values, ascending in time, is within the limit now and beyond it `tendency_s` later."""
    if limit.tendency_s is None or len(points) < FEWEST:
        return False
    line, now_s = line_through(points), points[-1][0]
    return not limit.is_passed_by(line.value) and limit.is_passed_by(line.at(now_s + limit.tendency_s))
