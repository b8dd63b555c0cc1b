"""The batches of one stretch of the journal that left for a peer, and the rows of them that it refused."""

from collections import deque
from dataclasses import dataclass, field

from actors.debt import Span
from actors.held_rows import HeldRows
from actors.waypoint_feed import Batch

IN_FLIGHT = 4
MOST_HELD, MOST_AHEAD = 50_000, 1_000_000
"""So many rows may be refused, or pass one that is; then all wait for them."""


@dataclass(slots=True)
class Lane:
    """Batches in the order of the journal; `sending` of them the peer has not answered yet."""

    span: Span
    held: HeldRows
    """Those of all lanes of the destination: a vehicle has one order."""
    in_flight: deque[Batch] = field(default_factory=deque[Batch])
    sending: int = 0

    @property
    def is_full(self) -> bool:
        """Whether nothing more may leave now."""
        span = self.span
        return self.sending >= IN_FLIGHT or self.held.count > MOST_HELD or span.taken - span.cursor > MOST_AHEAD

    def leave(self, batch: Batch) -> None:
        """A batch goes on its way."""
        batch.leave()
        self.span.taken = batch.last_id
        self.in_flight.append(batch)
        self.sending += 1

    def through(self) -> tuple[int, int, int]:
        """Let go the batches that are through: up to which row (0: none), how many rows, and so many were late."""
        cursor = confirmed = late = 0
        while self.in_flight and self.in_flight[0].is_through:
            first = self.in_flight.popleft()
            cursor = first.last_id
            confirmed += first.count
            late += first.late
        return cursor, confirmed, late
