"""What was handed on and waits to be sent, and the batches that are made of it.

Invariant: rows that are handed on together were received at one instant (one read of a provider's socket), so how long
they took is counted once for all of them.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from operator import itemgetter

from storage.waypoints import StoredWaypoint

OBSERVED, RECEIVED, BEFORE = map(itemgetter, map(StoredWaypoint._fields.index, ("time_s", "received_ms", "prev")))


@dataclass(slots=True)
class Batch:
    """Rows on their way, and how many were received when (ms); `done`: each is confirmed or held; `late` too late."""

    rows: list[StoredWaypoint] = field(default_factory=list[StoredWaypoint])
    received: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    done: bool = False
    late: int = 0
    held: int = 0
    """So many of its rows the peer refused, or they wait behind one of their vehicle (actors/held_rows.py)."""
    last_id: int = 0
    """Up to which row of the journal it goes; this and the next two are known from `leave` on."""
    count: int = 0
    oldest_ms: int = 0

    @classmethod
    def of(cls, rows: list[StoredWaypoint]) -> "Batch":
        """Make a batch of rows from the journal."""
        return cls(rows, list(Counter(map(RECEIVED, rows)).items()))

    def leave(self) -> None:
        """It goes on its way: its rows are let go before the cursor passes them where one before is refused."""
        rows = self.rows
        self.last_id, self.count, self.oldest_ms = rows[-1].id, len(rows), rows[0].received_ms

    @property
    def is_through(self) -> bool:
        """Whether the peer has taken all of it."""
        return self.done and not self.held

    def in_order(self) -> list[StoredWaypoint]:
        """The rows, those of one vehicle by their time.

        Where no row stands behind another of its vehicle they stay as they are: neighbours in memory are read at a
        fraction of the time that a sorted batch takes from here to the socket.
        """
        rows = self.rows
        return rows if max(map(BEFORE, rows)) < rows[0].id else sorted(rows, key=OBSERVED)


class Feed:
    """Freshly stored rows, in the order of the journal."""

    def __init__(self) -> None:
        self._handed: deque[list[StoredWaypoint]] = deque()
        self.count = 0

    @property
    def first_id(self) -> int | None:
        """The oldest row that waits; None where none does."""
        return self._handed[0][0].id if self._handed else None

    def add(self, rows: list[StoredWaypoint]) -> None:
        """Take rows that were received together."""
        self._handed.append(rows)
        self.count += len(rows)

    def clear(self) -> None:
        """Forget all of it: it stands in the journal."""
        self._handed.clear()
        self.count = 0

    def take(self, after_id: int, most: int) -> Batch:
        """The next rows after one of the journal; perhaps none."""
        batch, room = Batch(), most
        while self._handed and room:
            rows = self._handed.popleft()
            if len(rows) > room:
                self._handed.appendleft(rows[room:])
                rows = rows[:room]
            self.count -= len(rows)
            if rows[0].id <= after_id:
                rows = [row for row in rows if row.id > after_id]
            if rows:
                batch.rows += rows
                batch.received.append((rows[0].received_ms, len(rows)))
                room -= len(rows)
        return batch
