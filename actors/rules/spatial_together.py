"""Q10, spatial, of many values at once: the arithmetic of `judge_votes`, a row of votes for each value.

Invariant: every flag is the one that `judge_votes` gives of the same value and votes, to the last bit of their sigmas.
"""

from math import log1p
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actors.rules.flags import EPS
from actors.rules.spatial import MAD_TO_SIGMA, SpatialThresholds
from protocols.vocabulary import Flag

Numbers = NDArray[np.float64]
Flags = NDArray[np.uint8]
Counts = NDArray[np.int32]


def judge_together(values: Numbers, votes: Numbers, limits: SpatialThresholds) -> tuple[Flags, Counts]:
    """Judge values against their neighbours, nearest first; all of them transformed already, NaN where there is none.

    Returns:
        The flags, and on how many of the nearest each hangs; more than there are votes where fewer than `n_max` voted:
        farther ones, if there are any, have to be asked.
    """
    if not votes.shape[1]:
        votes = np.full((len(values), 1), np.nan)
    voted = np.cumsum(~np.isnan(votes), axis=1, dtype=np.int32)
    depths = (voted < limits.n_max).sum(axis=1, dtype=np.int32) + np.int32(1)
    if votes.shape[1] > limits.n_max:
        votes = np.where(voted > limits.n_max, np.nan, votes)
    counts = np.minimum(voted[:, -1], limits.n_max)
    with np.errstate(all="ignore"):
        centre = _medians(votes, counts)
        spread = np.maximum(MAD_TO_SIGMA * _medians(np.abs(votes - centre[:, None]), counts), limits.sigma_min)
        z = np.abs(values - centre) / spread
        flags = np.where(z - limits.k_sus > EPS, np.uint8(Flag.SUSPECT), np.uint8(Flag.GOOD))
        if limits.k_fail is not None:
            flags[z - limits.k_fail > EPS] = Flag.FAIL
    flags[counts < limits.n_min] = Flag.NOT_EVALUATED
    flags[np.isnan(values)] = Flag.MISSING
    return flags, depths


def scaled(numbers: Numbers, limits: SpatialThresholds) -> Numbers:
    """Put numbers on the scale on which values are compared; NaN stays.

    NumPy's logarithm may differ from that of the scalar rule in the last bit: it is not used.
    """
    if limits.transform == "identity":
        return numbers
    positive = np.maximum(numbers, 0.0)
    if limits.transform == "sqrt":
        return np.sqrt(positive)
    return np.array([log1p(number) for number in positive.ravel().tolist()]).reshape(numbers.shape)


def _medians(rows: Numbers, counts: NDArray[Any]) -> Numbers:
    """The median of the numbers of each row, of which it has so many; NaN stands for none."""
    ordered, at = np.sort(rows, axis=1), np.arange(len(rows))
    upper = ordered[at, np.minimum(counts // 2, rows.shape[1] - 1)]
    lower = ordered[at, np.maximum(counts - 1, 0) // 2]
    middles: Numbers = np.where(counts % 2 == 1, upper, (lower + upper) / 2)
    return middles
