"""Filling a value between two accepted neighbours in time: linear, within a longest gap, or a refusal that says why.

Source: QĐ 338/QĐ-KTTV Phụ lục 01 III ("Nội suy: điền giá trị thiếu bằng cách tính toán từ các giá trị lân cận").
It names no longest gap; that is the caller's (docs/decisions/0010-settings-never-guesses.md).
Invariant: nothing is extrapolated, and a suspect neighbour is no neighbour.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

METHOD = "linear"


class Point(NamedTuple):
    """An accepted value."""

    time_s: int
    value: float


class Filled(NamedTuple):
    """A filled value and the neighbours it lies between; `value` is None where it cannot be, for `reason`.

    `code` is the reason as a word: before, after, wide.
    """

    value: float | None
    reason: str = ""
    before: Point | None = None
    after: Point | None = None
    code: str = ""


def interpolate(accepted: Sequence[Point], time_s: int, max_gap_s: int) -> Filled:
    """Fill the value at an instant from accepted points, ascending by time."""
    at = bisect_left(accepted, time_s, key=lambda point: point.time_s)
    before = accepted[at - 1] if at else None
    after = next((point for point in accepted[at:] if point.time_s > time_s), None)
    if before is None:
        return Filled(None, "no accepted value before it", None, after, "before")
    if after is None:
        return Filled(None, "no accepted value after it", before, None, "after")
    gap_s = after.time_s - before.time_s
    if gap_s > max_gap_s:
        reason = f"its accepted neighbours are {gap_s} s apart, more than {max_gap_s} s"
        return Filled(None, reason, before, after, "wide")
    share = (time_s - before.time_s) / gap_s
    return Filled(before.value + share * (after.value - before.value), "", before, after)
