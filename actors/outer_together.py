"""Judges many keys of one circle and instant at once: each neighbour is looked up once for all whom it speaks to.

Few keys are judged one by one: a neighbour is then asked for hardly more than once.
Invariant: the flags are those of `outer_columns.judge`, key by key.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import nan
from typing import NamedTuple

import numpy as np

from actors.outer_checks import Check, Circle, Group, Node
from actors.outer_columns import Columns, Entry, judge, key_of, span_reached
from actors.outer_voices import Chorus, Voices
from actors.rules.spatial import SpatialThresholds
from actors.rules.spatial_together import Flags, judge_together, scaled

MANY = 16
"""So many keys are judged together."""
SPARE = 6
"""Neighbours asked at first beyond those that may vote; the others are asked only where these do not suffice."""


Members = dict[Check, Entry | None]
"""Checks with the value that each judges, where whoever asks knows it."""
Keys = dict[int, dict[Circle, Members]]
"""What is to be judged with which key."""


class Batch(NamedTuple):
    """Checks of one circle that are due with one key."""

    circle: Circle
    key: int
    members: Members


def judge_batch(batch: Batch, columns: Columns, voices: Voices) -> Iterable[tuple[Check, Entry, int]]:
    """Judge all of it; gives each value with its flag."""
    limits, members = batch.circle.limits, batch.members
    if limits is None or limits.sum_s or len(members) < MANY:
        return [(check, said, flag) for check in members for said, flag in judge(check, batch.key, columns)]
    checks, entries = list[Check](), list[Entry]()
    for check, known in members.items():
        if (entry := known or columns[check.target].entries.get(batch.key)) is not None:
            checks.append(check)
            entries.append(entry)
    if not checks:
        return ()
    flags = _flags(checks, entries, voices.at(batch.circle, batch.key), limits)
    return zip(checks, entries, flags.tolist(), strict=True)


def _flags(checks: Sequence[Check], entries: Sequence[Entry], chorus: Chorus, limits: SpatialThresholds) -> Flags:
    rows = np.array([check.at for check in checks])
    values = scaled(np.array([nan if (said := entry.value) is None else said for entry in entries]), limits)
    width = limits.n_max + SPARE
    flags, wanting = judge_together(values, chorus.votes(rows, width), limits)
    some = np.flatnonzero(wanting & chorus.has_more(rows, width))
    if len(some):
        flags[some], _ = judge_together(values[some], chorus.votes(rows[some], None), limits)
    return flags


def gather_touched(keys: Keys, columns: Columns, sources: Iterable[Node], time_s: int) -> None:
    """Gather, of all checks that some sources feed, those whose verdict may hang on their values of one instant."""
    reaches: dict[tuple[Group, float, float], list[Node]] = {}
    for node in sources:
        reaches.setdefault((node.group, *columns[node].reach(time_s)), []).append(node)
    for (group, low, high), nodes in reaches.items():
        for circle, checks in _fed(group, nodes):
            if circle.sum_s:
                members_at(keys, key_of(circle, time_s), circle).update(dict.fromkeys(checks))
                continue
            reached, at, members = span_reached(circle, time_s, low, high), None, Members()
            for check in checks:
                column = columns[check.target]
                for key in column.between(*reached):
                    if key != at:
                        at, members = key, members_at(keys, key, circle)
                    members[check] = column.entries[key]


def members_at(keys: Keys, key: int, circle: Circle) -> Members:
    """What is gathered of a circle with a key; from now on."""
    if (circles := keys.get(key)) is None:
        circles = keys[key] = {}
    if (members := circles.get(circle)) is None:
        members = circles[circle] = {}
    return members


def _fed(group: Group, nodes: Sequence[Node]) -> Iterator[tuple[Circle, Iterable[Check]]]:
    """All checks that series of one group are sources of, by their circles."""
    if len(nodes) < MANY:
        for node in nodes:
            yield from ((check.circle, (check,)) for check in node.feeds)
        return
    speaking = np.zeros(len(group.nodes) + 1, dtype=np.bool_)
    speaking[[node.at for node in nodes]] = True
    for circle in group.circles.values():
        fed = speaking[circle.table.near].any(axis=1)
        yield circle, (circle.checks[at] for at in np.flatnonzero(fed).tolist())
    for node in nodes:
        yield from ((circle, circle.checks) for circle in node.fed_circles if circle.group is None)
