"""The values that the checks of a circle judge with one key, what they stand with, and what their verdicts hang on.

A verdict of a value that had votes enough hangs on its nearest neighbours up to the last that voted: it is judged again
only where one of these changed since. Changes and judgements carry serial numbers that say which came first.
Invariant: a row that is not `concerned` would be judged as it stands.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import count
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actors.outer_checks import Circle
from actors.outer_columns import Entry
from actors.outer_verdicts import PLACES
from actors.rules.spatial_together import Flags, Numbers, scaled

Places = NDArray[np.intp]
ALL = np.iinfo(np.int32).max
"""A verdict that hangs on all neighbours that are known."""
SPATIAL_AT = PLACES["spatial"]


class Slot:
    """The values that the checks of one circle judge with one key, in the order of their coming."""

    __slots__ = ("circle", "entries", "key", "place_of", "rows", "standing")

    def __init__(self, circle: Circle, key: int) -> None:
        self.circle = circle
        self.key = key
        self.rows: list[int] = []
        """Where the checks stand in their circle."""
        self.entries: list[Entry] = []
        self.place_of: dict[int, int] = {}
        self.standing: Standing | None = None

    def extend(self, rows: Sequence[int], entries: Sequence[Entry]) -> range:
        """Values came; gives their places."""
        places = range(len(self.rows), len(self.rows) + len(rows))
        self.place_of.update(zip(rows, count(places.start)))
        self.rows += rows
        self.entries += entries
        return places

    def known(self) -> "Standing":
        """What its values stand with, as arrays."""
        if self.standing is None or len(self.standing.rows) < len(self.rows):
            self.standing = Standing(self, self.standing)
        return self.standing

    def told(self, places: Iterable[int]) -> None:
        """These values were judged elsewhere, or one by one: on whom their verdicts hang is not known."""
        if (standing := self.standing) is not None:
            for place in places:
                if place < len(standing.rows):
                    standing.said[place] = self.entries[place].outer >> SPATIAL_AT & 0xF
                    standing.depths[place] = ALL

    def concerned(self, serials: NDArray[np.int64], places: Places | None = None) -> Places:
        """Of some of its values (or all): those whose verdicts may be others, by the last change of each series."""
        standing = self.known()
        rows, depths, judged = standing.rows, standing.depths, standing.judged
        if places is not None:
            rows, depths, judged = rows[places], depths[places], judged[places]
        near = self.circle.table.near
        width = min(int(depths.max(initial=0)), near.shape[1])
        latest = serials[near[rows, :width]]
        latest[np.arange(width) >= depths[:, None]] = 0
        found = np.flatnonzero(latest.max(axis=1, initial=0) > judged)
        return found if places is None else places[found]


class Standing:
    """Rows, scaled values, flags, serials of the judgements, and how many nearest neighbours these hang on."""

    __slots__ = ("depths", "judged", "rows", "said", "values")

    def __init__(self, slot: Slot, before: "Standing | None") -> None:
        at = 0 if before is None else len(before.rows)
        entries, limits = slot.entries[at:], slot.circle.limits
        assert limits is not None
        values = np.array([nan if (value := entry.value) is None else value for entry in entries], dtype=np.float64)
        said = np.array([entry.outer >> SPATIAL_AT & 0xF for entry in entries], dtype=np.uint8)
        self.rows: Places = np.array(slot.rows, dtype=np.intp)
        self.values: Numbers = scaled(values, limits)
        self.said: Flags = said
        self.judged: NDArray[np.int64] = np.zeros(len(entries), dtype=np.int64)
        self.depths: NDArray[np.int32] = np.full(len(entries), ALL, dtype=np.int32)
        if before is not None:
            self.values = np.concatenate((before.values, self.values))
            self.said = np.concatenate((before.said, said))
            self.judged = np.concatenate((before.judged, self.judged))
            self.depths = np.concatenate((before.depths, self.depths))

    def judged_now(self, places: Places, flags: Flags, depths: NDArray[Any], serial: int) -> Places:
        """Take over what was found; gives, of the places, where it differs from what stood there."""
        new: Places = np.flatnonzero(self.said[places] != flags)
        self.said[places], self.depths[places], self.judged[places] = flags, depths, serial
        return new


class Slots:
    """All slots, by circle and key."""

    def __init__(self) -> None:
        self._slots: dict[Circle, dict[int, Slot]] = {}
        self._keys: dict[Circle, list[int]] = {}

    def at(self, circle: Circle, key: int) -> Slot:
        """The slot of a circle with a key; made where there is none."""
        if (slots := self._slots.get(circle)) is None:
            slots, self._keys[circle] = self._slots.setdefault(circle, {}), []
        if (slot := slots.get(key)) is None:
            slot = slots[key] = Slot(circle, key)
            insort(self._keys[circle], key)
        return slot

    def find(self, circle: Circle, key: int) -> Slot | None:
        """The slot, where one is kept."""
        return self._slots.get(circle, {}).get(key)

    def between(self, circle: Circle, low: float, high: float) -> list[Slot]:
        """The slots with keys in (low, high]."""
        keys, slots = self._keys.get(circle, []), self._slots.get(circle, {})
        at = bisect_right(keys, low)
        return [slots[key] for key in keys[at : bisect_right(keys, high, at)]]

    def forget_before(self, key: float) -> None:
        """The columns hold nothing older any more."""
        for circle, keys in self._keys.items():
            while keys and keys[0] < key:
                del self._slots[circle][keys.pop(0)]
