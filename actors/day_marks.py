"""Marks the days of vehicles whose violations changed, in the transaction that changes them.

Invariant: a mark is left out only while the same one waits to be counted; the clock lets go of it, waits until what was
given to the writer is stored, and only then counts.
"""

from collections.abc import Iterable, Sequence

from actors.messages import Effect, ViolationFound
from protocols.times import day_number
from storage.ids import Ids
from storage.models import DirtyTrafficDayRow
from storage.writer import Unit


class DayMarks:
    """Which days are marked."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._waiting: set[tuple[int, int]] = set()

    def judged(self, unit: Unit, effects: Sequence[Effect]) -> None:
        """Hear of a round's effects while they are written."""
        for effect in effects:
            if type(effect) is ViolationFound:
                self.mark(unit, effect.vehicle_id, effect.start_s)

    def mark(self, unit: Unit, vehicle_id: int, start_s: int) -> None:
        """A violation that began then is new, another, or gone."""
        key = vehicle_id, day_number(start_s)
        if key not in self._waiting:
            self._waiting.add(key)
            unit.add("dirty_traffic_days", (self._ids.take("dirty_traffic_days"), *key))

    def let_go(self, rows: Iterable[DirtyTrafficDayRow]) -> None:
        """These are about to be counted: what changes from now on marks them again."""
        self._waiting.difference_update((row.vehicle_id, row.day) for row in rows)
