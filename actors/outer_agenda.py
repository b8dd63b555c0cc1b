"""What the board has to judge when: by the second, then by key and circle, so that much is judged at once.

Invariant: `oldest_row` is at most the row of every reading that something here still waits for.
"""

from collections.abc import Iterable

from actors.outer_checks import Check, Circle, Node
from actors.outer_columns import UNREACHED, Columns
from actors.outer_together import Batch, keys_touched


class Due:
    """What is due at one second: own checks by key, touched sources by time; and the oldest reading that waits."""

    __slots__ = ("oldest_row", "own", "touched")

    def __init__(self) -> None:
        self.own: dict[int, list[Check]] = {}
        self.touched: dict[int, set[Node]] = {}
        self.oldest_row = UNREACHED

    def add(self, check: Check, key: int) -> None:
        """A value is to be judged."""
        if (checks := self.own.get(key)) is None:
            self.own[key] = [check]
        else:
            checks.append(check)

    def __len__(self) -> int:
        return sum(map(len, self.own.values())) + sum(map(len, self.touched.values()))


class Agenda:
    """All that waits."""

    def __init__(self) -> None:
        self._due: dict[int, Due] = {}

    def at(self, due_s: int, row: int) -> Due:
        """What is due at a second, for a reading that waits for it from now on."""
        if (due := self._due.get(due_s)) is None:
            due = self._due[due_s] = Due()
        due.oldest_row = min(due.oldest_row, row)
        return due

    def oldest_row(self, default: int) -> int:
        """The oldest reading that waits."""
        return min((due.oldest_row for due in self._due.values()), default=default)

    def __len__(self) -> int:
        return sum(map(len, self._due.values()))

    def due(self, now_s: float, columns: Columns) -> list[Batch]:
        """Take what is due."""
        keys: dict[int, dict[Circle, set[Check]]] = {}
        for due_s in [due_s for due_s in self._due if due_s <= now_s]:
            due = self._due.pop(due_s)
            for key, own in due.own.items():
                _gather(keys.setdefault(key, {}), own)
            for time_s, nodes in due.touched.items():
                for key, fed in keys_touched(columns, nodes, time_s).items():
                    _gather(keys.setdefault(key, {}), fed)
        return [Batch(circle, key, list(checks)) for key, circles in keys.items() for circle, checks in circles.items()]


def _gather(circles: dict[Circle, set[Check]], checks: Iterable[Check]) -> None:
    for check in checks:
        if (together := circles.get(check.circle)) is None:
            circles[check.circle] = {check}
        else:
            together.add(check)


def divided(batches: Iterable[Batch], first: frozenset[int]) -> list[Batch]:
    """Divide batches: what concerns some stations stands before all else."""
    before, after = list[Batch](), list[Batch]()
    for batch in batches:
        parts: tuple[list[Check], list[Check]] = ([], [])
        for check in batch.checks:
            parts[check.target.station_id not in first].append(check)
        for part, into in zip(parts, (before, after), strict=True):
            if part:
                into.append(batch._replace(checks=part))
    return before + after
