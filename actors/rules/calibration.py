"""What a month of a station's own data suggests for its thresholds: a starting point for a person, never a change.

Of unflagged data the 99.9 % quantile of the step and of the length of plateaus is taken; proposed is
max(default / 2, 1.5 * quantile). A fail tier that the new suspect tier would pass is lifted to it.
Invariant: too little data propose nothing, for a quantile of few values is one of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from actors.rules.flags import EPS

SHARE = 0.999
LEAST_STEPS = 1000
TEN_MINUTES_S, HOUR_S = 600, 3600
SPEAKS_UP = 0.05
"""A proposal closer than this to what is in use is none."""

Table = Mapping[str, object]


class Calibration(NamedTuple):
    """Proposed keys by test, the same keys as they are in use, and the figures they rest on."""

    tables: dict[str, dict[str, float]]
    was: dict[str, dict[str, float]]
    evidence: dict[str, float]


def calibrate(
    points: Sequence[tuple[int, float]], in_use: Mapping[str, object], defaults: Mapping[str, Table], cadence_s: float
) -> Calibration | None:
    """Propose thresholds from unflagged points (time, value) in order of time; None where nothing is to be said."""
    short = steps(points, TEN_MINUTES_S)
    if len(short) < LEAST_STEPS:
        return None
    long = steps_over(points, HOUR_S)
    tol = _number(in_use.get("flat_line"), "tol")
    flats = plateaus(points, tol, 3 * cadence_s) if tol is not None else []
    evidence = {"steps": float(len(short)), "step_10min": quantile(short)}
    wanted = {"step": {"s10": quantile(short)}, "flat_line": dict[str, float]()}
    if long:
        evidence["step_60min"] = wanted["step"]["s60"] = quantile(long)
    if flats:
        evidence |= {"plateaus": float(len(flats)), "plateau_s": quantile(flats)}
        wanted["flat_line"]["sus_s"] = quantile(flats)
    tables: dict[str, dict[str, float]] = {}
    was: dict[str, dict[str, float]] = {}
    for test, found in wanted.items():
        table = in_use.get(test)
        if isinstance(table, Mapping):
            keys = _proposed(table, defaults.get(test, {}), found)
            if keys:
                tables[test] = keys
                was[test] = {key: value for key in keys if (value := _number(table, key)) is not None}
    return Calibration(tables, was, evidence) if tables else None


_FAILS = {"s10": "f10", "s60": "f60", "sus_s": "fail_s"}


def _proposed(table: Table, default: Table, found: Mapping[str, float]) -> dict[str, float]:
    keys: dict[str, float] = {}
    for key, at in found.items():
        used = _number(table, key)
        base = _number(default, key)
        half = (used if base is None else base) or 0.0
        wanted = float(f"{max(half / 2, 1.5 * at):.3g}")
        if used is None or wanted <= 0 or abs(wanted - used) <= SPEAKS_UP * used + EPS:
            continue
        keys[key] = wanted
    s10, s60 = (keys.get(key, _number(table, key)) for key in ("s10", "s60"))
    if keys and s10 is not None and s60 is not None and s60 < s10:
        keys["s60"] = s10
    for key, fail_key in _FAILS.items():
        fail = _number(table, fail_key)
        if key in keys and fail is not None and fail < keys[key]:
            keys[fail_key] = keys[key]
    return {key: value for key, value in keys.items() if value != _number(table, key)}


def steps(points: Iterable[tuple[int, float]], within_s: float) -> list[float]:
    """Distances of neighbours in time that lie no farther apart than `within_s`."""
    return [abs(value - was) for (at, was), (time_s, value) in pairwise(points) if time_s - at <= within_s]


def steps_over(points: Sequence[tuple[int, float]], apart_s: int) -> list[float]:
    """Distances of values that lie exactly so far apart."""
    values = dict(points)
    return [abs(value - values[time_s - apart_s]) for time_s, value in points if time_s - apart_s in values]


def plateaus(points: Iterable[tuple[int, float]], tol: float, max_gap_s: float) -> list[float]:
    """Durations of runs that stay within a tolerance and without a gap; a single value is none."""
    found: list[float] = []
    start_s = last_s = 0
    low = high = 0.0
    for time_s, value in points:
        within = max(high, value) - min(low, value) < tol and time_s - last_s <= max_gap_s
        if last_s and within:
            low, high = min(low, value), max(high, value)
        else:
            if last_s > start_s:
                found.append(float(last_s - start_s))
            start_s, low, high = time_s, value, value
        last_s = time_s
    if last_s > start_s:
        found.append(float(last_s - start_s))
    return found


def quantile(values: Sequence[float], share: float = SHARE) -> float:
    """The smallest value that a share of all does not pass."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered) - EPS) - 1)]


def _number(table: object, key: str) -> float | None:
    value = table.get(key) if isinstance(table, Mapping) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
