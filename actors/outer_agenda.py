"""What the board has to judge when: by the second, then by key and circle, so that much is judged at once.

Invariant: `oldest_row` is at most the row of every reading that something here still waits for.
"""

from collections.abc import Iterable

from actors.outer_checks import Node
from actors.outer_columns import UNREACHED, Columns
from actors.outer_together import Batch, Keys, Members, gather_touched, members_at


class Due:
    """What is due at one second: own checks with their keys, touched sources by time; and the oldest that waits."""

    __slots__ = ("oldest_row", "own", "touched")

    def __init__(self) -> None:
        self.own: Keys = {}
        self.touched: dict[int, set[Node]] = {}
        self.oldest_row = UNREACHED

    def __len__(self) -> int:
        own = sum(len(members) for circles in self.own.values() for members in circles.values())
        return own + sum(map(len, self.touched.values()))


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

    def due(self, now_s: float, columns: Columns) -> list[Batch]:
        """Take what is due."""
        keys: Keys = {}
        for due_s in [due_s for due_s in self._due if due_s <= now_s]:
            due = self._due.pop(due_s)
            for key, circles in due.own.items():
                for circle, members in circles.items():
                    members_at(keys, key, circle).update(members)
            for time_s, nodes in due.touched.items():
                gather_touched(keys, columns, nodes, time_s)
        return [Batch(circle, key, members) for key, circles in keys.items() for circle, members in circles.items()]


def divided(batches: Iterable[Batch], first: frozenset[int]) -> list[Batch]:
    """Divide batches: what concerns some stations stands before all else."""
    before, after = list[Batch](), list[Batch]()
    for batch in batches:
        parts: tuple[Members, Members] = ({}, {})
        for check, entry in batch.members.items():
            parts[check.target.station_id not in first][check] = entry
        for part, into in zip(parts, (before, after), strict=True):
            if part:
                into.append(batch._replace(members=part))
    return before + after
