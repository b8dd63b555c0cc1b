"""Judges many values of one circle and instant at once: each neighbour is looked up once for all whom it speaks to.

Few values are judged one by one: a neighbour is then asked for hardly more than once.
Invariant: the flags are those of `outer_columns.judge`, value by value.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from actors.outer_checks import Check, Circle
from actors.outer_columns import Columns, Entry, judge
from actors.outer_slots import Places, Slot, Standing
from actors.outer_verdicts import Verdict, told, told_spatial
from actors.outer_voices import Chorus, Voices
from actors.rules.spatial import SpatialThresholds
from actors.rules.spatial_together import Counts, Flags, judge_together

MANY = 16
"""So many values are judged together."""
SPARE = 6
"""Neighbours asked at first beyond those that may vote; the others are asked only where these do not suffice."""


Members = dict[Check, Entry | None]
"""Checks with the value that each judges, where whoever asks knows it."""
Keys = dict[int, dict[Circle, Members]]
"""What is to be judged with which key."""


class Batch(NamedTuple):
    """Checks of one circle that are due with one key; judged one by one."""

    circle: Circle
    key: int
    members: Members

    @property
    def size(self) -> int:
        """How many are judged."""
        return len(self.members)

    @property
    def targets(self) -> list[int]:
        """Their stations."""
        return [check.target.station_id for check in self.members]

    def divided(self, first: frozenset[int]) -> "Iterator[Batch]":
        """In two: what concerns some stations, and the rest."""
        for wanted in (True, False):
            yield self._replace(
                members={
                    check: entry
                    for check, entry in self.members.items()
                    if (check.target.station_id in first) == wanted
                }
            )

    def judge(self, columns: Columns, voices: Voices, serial: int) -> Iterable[Verdict]:
        """Judge all of it; gives what is new, and takes it as told."""
        del voices, serial
        return told((check, said, flag) for check in self.members for said, flag in judge(check, self.key, columns))


class SlotBatch(NamedTuple):
    """Values of one slot that are due."""

    slot: Slot
    places: Places

    @property
    def circle(self) -> Circle:
        """The circle of the slot."""
        return self.slot.circle

    @property
    def key(self) -> int:
        """The instant."""
        return self.slot.key

    @property
    def size(self) -> int:
        """How many are judged."""
        return len(self.places)

    @property
    def targets(self) -> list[int]:
        """Their stations."""
        checks, rows = self.circle.checks, self.slot.rows
        return [checks[rows[place]].target.station_id for place in self.places.tolist()]

    def divided(self, first: frozenset[int]) -> "Iterator[SlotBatch]":
        """In two: what concerns some stations, and the rest."""
        before = np.array([station_id in first for station_id in self.targets], dtype=np.bool_)
        yield self._replace(places=self.places[before])
        yield self._replace(places=self.places[~before])

    def judge(self, columns: Columns, voices: Voices, serial: int) -> Iterable[Verdict]:
        """Judge all of it, knowing all changes up to a serial number; gives what is new, and takes it as told."""
        slot, places, checks = self.slot, self.places, self.circle.checks
        if len(places) < MANY:
            few = places.tolist()
            members = [(checks[slot.rows[place]], slot.entries[place]) for place in few]
            found = list(
                told((check, entry, flag) for check, entry in members for _, flag in judge(check, self.key, columns))
            )
            slot.told(few)
            return found
        limits, standing = self.circle.limits, slot.known()
        assert limits is not None
        flags, depths = _judge(standing, places, voices.at(self.circle, self.key), limits)
        new = standing.judged_now(places, flags, depths, serial)
        rows, entries, at = slot.rows, slot.entries, places[new].tolist()
        nodes = [checks[rows[place]].target for place in at]
        return told_spatial(nodes, [entries[place] for place in at], flags[new].tolist())


AnyBatch = Batch | SlotBatch


def members_at(keys: Keys, key: int, circle: Circle) -> Members:
    """What is gathered of a circle with a key; from now on."""
    if (circles := keys.get(key)) is None:
        circles = keys[key] = {}
    if (members := circles.get(circle)) is None:
        members = circles[circle] = {}
    return members


def divided(batches: Iterable[AnyBatch], first: frozenset[int]) -> list[AnyBatch]:
    """Divide batches: what concerns some stations stands before all else."""
    before, after = list[AnyBatch](), list[AnyBatch]()
    for batch in batches:
        first_part, rest = batch.divided(first)
        before += [first_part] if first_part.size else []
        after += [rest] if rest.size else []
    return before + after


def _judge(standing: Standing, places: Places, chorus: Chorus, limits: SpatialThresholds) -> tuple[Flags, Counts]:
    rows, values = standing.rows[places], standing.values[places]
    width = limits.n_max + SPARE
    flags, depths = judge_together(values, chorus.votes(rows, width), limits)
    some = np.flatnonzero((depths > width) & chorus.has_more(rows, width))
    if len(some):
        flags[some], depths[some] = judge_together(values[some], chorus.votes(rows[some], None), limits)
    return flags, depths
