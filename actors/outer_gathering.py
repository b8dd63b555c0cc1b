"""Gathers what is to be judged, so that much of one circle and instant comes together, each value once.

Invariant: of what changed series feed, everything whose verdict may be another is gathered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from actors.outer_checks import Check, Circle, Group, Node
from actors.outer_columns import Columns, key_of, span_reached
from actors.outer_slots import Places, Slot, Slots
from actors.outer_together import MANY, AnyBatch, Batch, Keys, Members, SlotBatch, members_at


class Gathering:
    """Values to judge, by slot, and keys of the checks that are judged one by one."""

    def __init__(self, columns: Columns, slots: Slots) -> None:
        self.keys: Keys = {}
        self._columns = columns
        self._slots = slots
        self._places: dict[Slot, list[Places]] = {}

    def add(self, slot: Slot, places: Places) -> None:
        """Some values of a slot are due."""
        self._places.setdefault(slot, []).append(places)

    def batches(self) -> list[AnyBatch]:
        """All that was gathered."""
        found: list[AnyBatch] = [
            SlotBatch(slot, places[0] if len(places) == 1 else np.unique(np.concatenate(places)))
            for slot, places in self._places.items()
        ]
        for key, circles in self.keys.items():
            found += [Batch(circle, key, members) for circle, members in circles.items()]
        return found

    def touched(self, serials: Mapping[Node, int], time_s: int) -> None:
        """Series have other values at an instant, each since its serial number: gather what may hang on them."""
        reaches: dict[tuple[Group, float, float], list[Node]] = {}
        for node in serials:
            reaches.setdefault((node.group, *self._columns[node].reach(time_s)), []).append(node)
        for (group, low, high), nodes in reaches.items():
            changed = np.zeros(len(group.nodes) + 1, dtype=np.int64)
            changed[[node.at for node in nodes]] = [serials[node] for node in nodes]
            if len(nodes) < MANY:
                self._few(nodes, time_s, low, high, changed)
            else:
                self._many(group, nodes, time_s, low, high, changed)

    def _few(self, nodes: Sequence[Node], time_s: int, low: float, high: float, changed: NDArray[np.int64]) -> None:
        fed: dict[Slot, set[int]] = {}
        for check in (check for node in nodes for check in node.feeds):
            if not check.circle.together:
                self._one_by_one(check.circle, (check,), time_s, low, high)
                continue
            for key in self._columns[check.target].between(*span_reached(check.circle, time_s, low, high)):
                if (slot := self._slots.find(check.circle, key)) is not None:
                    fed.setdefault(slot, set()).add(slot.place_of[check.at])
        for slot, places in fed.items():
            self._concerned(slot, changed, np.array(sorted(places)))

    def _many(
        self, group: Group, nodes: Sequence[Node], time_s: int, low: float, high: float, changed: NDArray[np.int64]
    ) -> None:
        for circle in group.circles.values():
            if circle.together:
                for slot in self._slots.between(circle, *span_reached(circle, time_s, low, high)):
                    self._concerned(slot, changed, None)
            else:
                fed = np.flatnonzero((changed > 0)[circle.table.near].any(axis=1))
                self._one_by_one(circle, [circle.checks[at] for at in fed.tolist()], time_s, low, high)
        for circle, checks in _ungrouped(nodes):
            self._one_by_one(circle, checks, time_s, low, high)

    def _concerned(self, slot: Slot, changed: NDArray[np.int64], places: Places | None) -> None:
        if len(concerned := slot.concerned(changed, places)):
            self.add(slot, concerned)

    def _one_by_one(self, circle: Circle, checks: Iterable[Check], time_s: int, low: float, high: float) -> None:
        if circle.sum_s:
            members_at(self.keys, key_of(circle, time_s), circle).update(dict.fromkeys(checks))
            return
        reached, at, members = span_reached(circle, time_s, low, high), None, Members()
        for check in checks:
            column = self._columns[check.target]
            for key in column.between(*reached):
                if key != at:
                    at, members = key, members_at(self.keys, key, circle)
                members[check] = column.entries[key]


def _ungrouped(nodes: Iterable[Node]) -> Iterator[tuple[Circle, Sequence[Check]]]:
    """The checks of other tests that series feed."""
    for alike in {node.alike for node in nodes}:
        yield from ((circle, circle.checks) for circle in alike.fed if circle.group is None)
