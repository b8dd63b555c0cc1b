"""What was handed on and waits to be sent, and the batches that are made of it.

Invariant: rows that are handed on together were received at one instant (one read of a provider's socket), so how long
they took is counted once for all of them.
"""

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field

from storage.waypoint_rows import WaypointRows


@dataclass(slots=True)
class Batch:
    """Rows on their way, as they stand in the journal; `done`: each is confirmed or held; `late` too late."""

    rows: WaypointRows = field(default_factory=WaypointRows.of)
    done: bool = False
    late: int = 0
    held: int = 0
    """So many of its rows the peer refused, or they wait behind one of their vehicle (actors/held_rows.py)."""
    last_id: int = 0
    """Up to which row of the journal it goes; this and the next two are known from `leave` on."""
    count: int = 0
    oldest_ms: int = 0

    def leave(self) -> None:
        """It goes on its way: its rows are let go before the cursor passes them where one before is refused."""
        rows = self.rows
        self.last_id, self.count, self.oldest_ms = rows.ids[-1], len(rows), rows.receipts[0].received_ms

    @property
    def is_through(self) -> bool:
        """Whether the peer has taken all of it."""
        return self.done and not self.held

    def in_order(self) -> WaypointRows:
        """The rows, those of one vehicle by their time.

        Where no row stands behind another of its vehicle they stay as they are: neighbours in memory are read at a
        fraction of the time that a sorted batch takes from here to the socket.
        """
        rows = self.rows
        if max(rows.prevs) < rows.ids[0]:
            return rows
        return rows.picked(sorted(range(len(rows)), key=rows.times_s.__getitem__))


class Feed:
    """Freshly stored rows, in the order of the journal."""

    def __init__(self) -> None:
        self._handed: deque[WaypointRows] = deque()
        self.count = 0

    @property
    def first_id(self) -> int | None:
        """The oldest row that waits; None where none does."""
        return self._handed[0].ids[0] if self._handed else None

    def add(self, rows: WaypointRows) -> None:
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
            if rows.ids[0] <= after_id:
                rows = rows[bisect_right(rows.ids, after_id) :]
            batch.rows.extend(rows)
            room -= len(rows)
        return batch
