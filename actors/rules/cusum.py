"""Q11, CUSUM on daily means: a slow drift or a shift of level that no single value shows.

Two-sided, clipped, against a baseline of the first M valid days (median and 1.4826 * MAD). An alarm dates its own
start, and a new baseline begins on the next valid day; so it does after too long a silence.
Invariant: the days of a baseline are NOT_EVALUATED; an alarm never fails single values, it opens a ticket.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from statistics import median
from typing import Literal, NamedTuple, Self

from actors.rules.flags import exceeds
from actors.rules.spatial import MAD_TO_SIGMA
from actors.rules.thresholds import read_table, require_positive
from protocols.vocabulary import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class CusumThresholds:
    """M days of baseline, slack k and alarm h in sigmas, clip of one day, floor of sigma, longest silence in days."""

    M: int = 30
    k: float = 0.5
    h: float = 8.0
    clip: float = 4.0
    sigma_min: float
    max_gap: int = 15

    def __post_init__(self) -> None:
        require_positive(M=self.M, h=self.h, clip=self.clip, sigma_min=self.sigma_min)

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.cusum`; raises ValueError."""
        return read_table(cls, "qc.cusum", table, cadence_s)


class Drift(NamedTuple):
    """An alarm: the day it was raised, the way the values went, and the day it began (indexes of days pushed)."""

    day: int
    direction: Literal["up", "down"]
    start_day: int


CusumSnapshot = tuple[int, int, tuple[float, ...], float, float, float, float, int, int]


class CusumTest:
    """The CUSUM of one series, fed one daily mean after the other."""

    __slots__ = (
        "_baseline",
        "_down",
        "_down_start",
        "_index",
        "_limits",
        "_mu",
        "_sigma",
        "_silent",
        "_up",
        "_up_start",
    )

    def __init__(self, limits: CusumThresholds) -> None:
        self._limits = limits
        self._index = 0
        self._silent = 0
        self._baseline: tuple[float, ...] = ()
        self._mu = self._sigma = self._up = self._down = 0.0
        self._up_start = self._down_start = 0

    def push(self, mean: float | None) -> tuple[Flag, Drift | None]:
        """Judge the next day; None is a day without a valid mean."""
        index, self._index = self._index, self._index + 1
        if mean is None or not isfinite(mean):
            self._silent += 1
            if self._silent > self._limits.max_gap:
                self._baseline = ()
            return Flag.MISSING, None
        self._silent = 0
        if len(self._baseline) < self._limits.M:
            self._learn(index, mean)
            return Flag.NOT_EVALUATED, None
        self._accumulate(index, mean)
        if not exceeds(max(self._up, self._down), self._limits.h):
            return Flag.GOOD, None
        self._baseline = ()
        if self._up >= self._down:
            return Flag.SUSPECT, Drift(index, "up", self._up_start)
        return Flag.SUSPECT, Drift(index, "down", self._down_start)

    def _learn(self, index: int, mean: float) -> None:
        self._baseline = (*self._baseline, mean)
        if len(self._baseline) == self._limits.M:
            self._mu = median(self._baseline)
            spread = MAD_TO_SIGMA * median(abs(day - self._mu) for day in self._baseline)
            self._sigma = max(spread, self._limits.sigma_min)
            self._up = self._down = 0.0
            self._up_start = self._down_start = index + 1

    def _accumulate(self, index: int, mean: float) -> None:
        limits = self._limits
        z = max(-limits.clip, min(limits.clip, (mean - self._mu) / self._sigma))
        self._up = max(0.0, self._up + z - limits.k)
        self._down = max(0.0, self._down - z - limits.k)
        if self._up == 0.0:
            self._up_start = index + 1
        if self._down == 0.0:
            self._down_start = index + 1

    def state(self) -> CusumSnapshot:
        """Give the state as a plain tuple."""
        return (
            self._index,
            self._silent,
            self._baseline,
            self._mu,
            self._sigma,
            self._up,
            self._down,
            self._up_start,
            self._down_start,
        )

    @classmethod
    def from_state(cls, limits: CusumThresholds, state: CusumSnapshot) -> Self:
        """Go on from where a `state()` was taken."""
        test = cls(limits)
        (
            test._index,
            test._silent,
            baseline,
            test._mu,
            test._sigma,
            test._up,
            test._down,
            test._up_start,
            test._down_start,
        ) = state
        test._baseline = tuple(baseline)
        return test


def judge_drift(daily: Iterable[float | None], limits: CusumThresholds) -> tuple[list[Flag], list[Drift]]:
    """Judge a whole series of daily means."""
    test = CusumTest(limits)
    verdicts = [test.push(mean) for mean in daily]
    return [flag for flag, _ in verdicts], [drift for _, drift in verdicts if drift is not None]
