"""Accounting of confirms: which message of which send was confirmed, nacked or returned.

Tags ascend through all sends of a connection. A basic.return has no tag: returns come in the order of publishing, each
before its message's confirm, so a returned body belongs to the first message that carries it and has no answer yet.

Invariant: every index of a batch is settled once; a returned message counts as refused though the broker acks it.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain


@dataclass(slots=True, eq=False)
class Batch:
    """One send. `first` is the tag of its first body, 0 before it was written."""

    bodies: Sequence[bytes]
    first: int = 0
    written: int = 0
    low: int = 0
    apart: set[int] = field(default_factory=set)
    refused: dict[int, str] = field(default_factory=dict)
    return_from: int = 0

    @property
    def is_settled(self) -> bool:
        """Whether every message has its answer."""
        return self.low == len(self.bodies)

    def settle(self, indexes: Iterable[int], reason: str) -> None:
        """Note answers (an empty reason confirms)."""
        for index in indexes:
            if index >= self.low and index not in self.apart:
                self.apart.add(index)
                if reason:
                    self.refused.setdefault(index, reason)
        while self.low in self.apart:
            self.apart.discard(self.low)
            self.low += 1

    def settle_through(self, index: int, reason: str) -> None:
        """Note one answer for all up to and including `index`."""
        if reason:
            self.settle(range(self.low, index + 1), reason)
            return
        self.low = max(self.low, index + 1)
        self.apart = {later for later in self.apart if later >= self.low}
        self.settle((), "")

    def confirmed(self) -> frozenset[int]:
        """Indexes that the broker answers for."""
        return frozenset((*range(self.low), *self.apart)) - self.refused.keys()

    def take_return(self, body: bytes, reason: str) -> bool:
        """Note a returned body; False where it is none of ours."""
        for index in chain(range(max(self.low, self.return_from), self.written), range(self.low, self.return_from)):
            if self.bodies[index] == body and index not in self.refused and index not in self.apart:
                self.refused[index] = reason
                self.return_from = index + 1
                return True
        return False


class Batches:
    """The sends under way, oldest first."""

    def __init__(self) -> None:
        self._batches: deque[Batch] = deque()
        self._last_tag = 0

    def __len__(self) -> int:
        return len(self._batches)

    def write(self, batch: Batch, count: int) -> None:
        """Give the next `count` messages of a batch their tags; sends are written one after the other."""
        if not batch.first:
            batch.first = self._last_tag + 1
            self._batches.append(batch)
        batch.written += count
        self._last_tag += count

    def answer(self, tag: int, multiple: bool, reason: str) -> list[Batch]:
        """Take an ack (no reason) or a nack.

        Returns:
            The batches that are settled by it.
        """
        for batch in self._batches:
            if batch.first > tag:
                break
            index = min(tag - batch.first, batch.written - 1)
            if multiple:
                batch.settle_through(index, reason)
            elif tag < batch.first + batch.written:
                batch.settle((index,), reason)
                break
        settled = [batch for batch in self._batches if batch.is_settled]
        if settled:
            self._batches = deque(batch for batch in self._batches if not batch.is_settled)
        return settled

    def take_return(self, body: bytes, reason: str) -> None:
        """Take a returned message."""
        for batch in self._batches:
            if batch.take_return(body, reason):
                return

    def abandon(self) -> list[Batch]:
        """Forget what is under way: the connection is gone."""
        batches = list(self._batches)
        self._batches.clear()
        return batches
