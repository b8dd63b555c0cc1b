"""What the board has to judge when: by the second, then by key and circle, so that much is judged at once.

Invariant: `oldest_row` is at most the row of every reading that something here still waits for.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from actors.outer_checks import Circle, Node
from actors.outer_columns import UNREACHED, Columns
from actors.outer_gathering import Gathering
from actors.outer_slots import Slots
from actors.outer_together import AnyBatch, Keys, members_at


class Old(NamedTuple):
    """A value came, or changed, that is older than the board keeps."""

    node: Node
    time_s: int
    row: int


class Due:
    """What is due at one second: places in slots, other checks with their keys, touched sources by time.

    A touched source stands with the serial number of its last change; `oldest_row` is the oldest reading that waits.
    """

    __slots__ = ("oldest_row", "own", "places", "touched")

    def __init__(self) -> None:
        self.places: dict[tuple[Circle, int], list[range]] = {}
        self.own: Keys = {}
        self.touched: dict[int, dict[Node, int]] = {}
        self.oldest_row = UNREACHED

    def __len__(self) -> int:
        own = sum(len(members) for circles in self.own.values() for members in circles.values())
        places = sum(len(some) for ranges in self.places.values() for some in ranges)
        return own + places + sum(map(len, self.touched.values()))

    def gather(self, gathering: Gathering, slots: Slots) -> None:
        """Give all of it to be judged."""
        for (circle, key), ranges in self.places.items():
            if (slot := slots.find(circle, key)) is not None:
                for some in ranges:
                    gathering.add(slot, np.arange(some.start, some.stop))
        for key, circles in self.own.items():
            for circle, members in circles.items():
                members_at(gathering.keys, key, circle).update(members)
        for time_s, serials in self.touched.items():
            gathering.touched(serials, time_s)

    def take_before(self, time_s: float, slots: Slots) -> Iterator[Old]:
        """Take out what speaks of values that are older than some time."""
        for circle, key in [place for place in self.places if place[1] < time_s]:
            slot, ranges = slots.find(circle, key), self.places.pop((circle, key))
            for at in (at for some in ranges for at in some if slot is not None):
                assert slot is not None
                yield Old(circle.checks[slot.rows[at]].target, key, slot.entries[at].row)
        for key in [key for key in self.own if key < time_s]:
            for members in self.own.pop(key).values():
                for check, entry in members.items():
                    if entry is not None:
                        yield Old(check.target, entry.time_s, entry.row)
        for touched_s in [touched_s for touched_s in self.touched if touched_s < time_s]:
            for node in self.touched.pop(touched_s):
                yield Old(node, touched_s, self.oldest_row)


class Agenda:
    """All that waits."""

    def __init__(self) -> None:
        self._due: dict[int, Due] = {}

    def at(self, due_s: int, row: int) -> Due:
        """What is due at a second, for a reading that waits for it from now on."""
        if (due := self._due.get(due_s)) is None:
            due = self._due[due_s] = Due()
        if row < due.oldest_row:  # noqa: PLR1730 - the call of `min` would be a tenth of all this
            due.oldest_row = row
        return due

    def oldest_row(self, default: int) -> int:
        """The oldest reading that waits."""
        return min((due.oldest_row for due in self._due.values()), default=default)

    def __len__(self) -> int:
        return sum(map(len, self._due.values()))

    def due(self, now_s: float, columns: Columns, slots: Slots) -> list[AnyBatch]:
        """Take what is due."""
        gathering = Gathering(columns, slots)
        for due_s in [due_s for due_s in self._due if due_s <= now_s]:
            self._due.pop(due_s).gather(gathering, slots)
        return gathering.batches()

    def take_before(self, time_s: float, slots: Slots) -> Iterable[Old]:
        """Take out what waits for values older than some time."""
        return [old for due in self._due.values() for old in due.take_before(time_s, slots)]
