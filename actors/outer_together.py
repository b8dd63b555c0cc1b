"""Judges many keys of one circle and instant at once: each neighbour is looked up once for all whom it speaks to.

Few keys are judged one by one: a neighbour is then asked for hardly more than once.
Invariant: the flags are those of `outer_columns.judge`, key by key.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import nan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from actors.outer_checks import Check, Circle, Group, Node
from actors.outer_columns import EMPTY, UNREACHED, Columns, Entry, judge, keys_between
from actors.rules.spatial import SpatialThresholds, transform_of
from actors.rules.spatial_together import Flags, Numbers, judge_together

MANY = 16
"""So many keys are judged together."""
SPARE = 6
"""Neighbours asked at first beyond those that may vote; the others are asked only where these do not suffice."""


class Batch(NamedTuple):
    """Checks of one circle that are due with one key."""

    circle: Circle
    key: int
    checks: Sequence[Check]


def judge_batch(batch: Batch, columns: Columns) -> Iterator[tuple[Check, Entry, int]]:
    """Judge all of it; gives each value with its flag."""
    limits = batch.circle.limits
    if limits is None or limits.sum_s or len(batch.checks) < MANY:
        for check in batch.checks:
            for entry, flag in judge(check, batch.key, columns):
                yield check, entry, flag
        return
    key = batch.key
    found = [(check, columns.get(check.target, EMPTY).entries.get(key)) for check in batch.checks]
    there = [(check, entry) for check, entry in found if entry is not None]
    if there:
        flags = _Instant(batch, limits, columns).judge(there)
        for (check, entry), flag in zip(there, flags.tolist(), strict=True):
            yield check, entry, flag


def keys_touched(columns: Columns, sources: Iterable[Node], time_s: int) -> dict[int, list[Check]]:
    """Of all checks that some sources feed, those whose verdict may hang on their values of one instant, by key."""
    reaches: dict[tuple[Group, float, float], list[Node]] = {}
    for node in sources:
        low, high = columns.get(node, EMPTY).reach(time_s, UNREACHED)
        reaches.setdefault((node.group, low, high), []).append(node)
    keys: dict[int, list[Check]] = {}
    for (group, low, high), nodes in reaches.items():
        for check in _fed(group, nodes):
            for key in keys_between(check, columns, time_s, low, high):
                keys.setdefault(key, []).append(check)
    return keys


def _fed(group: Group, nodes: Sequence[Node]) -> Iterator[Check]:
    """All checks that series of one group are sources of."""
    if len(nodes) < MANY:
        for node in nodes:
            yield from node.feeds
        return
    speaking = np.zeros(len(group.nodes) + 1, dtype=np.bool_)
    speaking[[node.at for node in nodes]] = True
    for circle in group.circles.values():
        for row in np.flatnonzero(speaking[circle.table.near].any(axis=1)).tolist():
            yield circle.checks[row]
    for node in nodes:
        for circle in node.fed_circles:
            if circle.group is None:
                yield from circle.checks


class _Instant:
    """What the series of a circle's group say at one instant; each is asked when somebody needs it, and only once."""

    def __init__(self, batch: Batch, limits: SpatialThresholds, columns: Columns) -> None:
        group = batch.circle.group
        assert group is not None
        self._nodes, self._columns = group.nodes, columns
        self._time_s, self._limits, self._table = batch.key, limits, batch.circle.table
        self._transform = None if limits.transform == "identity" else transform_of(limits.transform)
        self._said = np.full(len(self._nodes) + 1, np.nan)
        self._unasked = np.ones(len(self._nodes) + 1, dtype=np.bool_)
        self._unasked[-1] = False  # nobody's place

    def judge(self, there: Sequence[tuple[Check, Entry]]) -> Flags:
        """Give the flags of some values."""
        limits, near = self._limits, self._table.near
        rows = np.fromiter((check.at for check, _ in there), np.intp, len(there))
        own = (nan if entry.value is None else entry.value for _, entry in there)
        values = self._scaled(np.fromiter(own, np.float64, len(there)))
        width = limits.n_max + SPARE
        flags, wanting = judge_together(values, self._votes(rows, width), limits)
        if width < near.shape[1]:
            some = np.flatnonzero(wanting & (near[rows, width] < len(self._nodes)))
            if len(some):
                flags[some], _ = judge_together(values[some], self._votes(rows[some], near.shape[1]), limits)
        return flags

    def _votes(self, rows: NDArray[np.intp], width: int) -> Numbers:
        """What the nearest neighbours of each row say, on the scale on which values are compared."""
        table, limits = self._table, self._limits
        near = table.near[rows, :width]
        self._ask(near)
        votes = self._said[near]
        if limits.gradient:
            votes += limits.gradient * (table.own_heights_m[rows][:, None] - table.heights_m[near])
            votes = self._scaled(votes)
        return votes

    def _ask(self, near: NDArray[Any]) -> None:
        """Look up who was not asked yet."""
        wanted = np.zeros_like(self._unasked)
        wanted[near] = True
        asked = np.flatnonzero(wanted & self._unasked)
        self._unasked[asked] = False
        nodes, columns, time_s, within_s = self._nodes, self._columns, self._time_s, self._limits.dt_max_s
        speaking = (columns.get(nodes[at], EMPTY).nearest(time_s, within_s) for at in asked.tolist())
        votes = (nan if entry is None else entry.vote for entry in speaking)
        said = np.fromiter(votes, np.float64, len(asked))
        self._said[asked] = said if self._limits.gradient else self._scaled(said)

    def _scaled(self, numbers: Numbers) -> Numbers:
        """By the transform of the scalar rule: NumPy's logarithm may differ from it in the last bit."""
        if (transform := self._transform) is None:
            return numbers
        known = ~np.isnan(numbers)
        numbers[known] = [transform(number) for number in numbers[known].tolist()]
        return numbers
