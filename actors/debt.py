"""What a destination is still owed of the waypoint journal: a few spans, the newest served first.

While the peer keeps up there is one span with an open end. After an outage the stretch that was missed becomes a
span of its own: fresh rows go out at once from the open one while the older ones drain, oldest row first inside each.

Invariant: only the last span has an open end; a row is owed exactly once. A finished span is taken over by the next
one, so `after_id` tells where the debt began. A destination that was disabled for a while has a hole between two spans:
what came then is not owed, and the finished span before it stays, for the count of what was sent.
"""

from dataclasses import dataclass
from typing import Any

from storage.writer import Unit

SAVE = "UPDATE spans SET after_id = ?, cursor = ?, up_to_id = ? WHERE id = ?"
DROP = "DELETE FROM spans WHERE id = ?"


@dataclass(slots=True)
class Span:
    """Rows in (cursor, up_to_id] are owed; `up_to_id` None = open end; up to `taken` they are on their way."""

    id: int
    after_id: int
    cursor: int
    up_to_id: int | None
    taken: int = 0

    @property
    def done(self) -> bool:
        """Whether nothing of it is owed any more."""
        return self.up_to_id is not None and self.cursor >= self.up_to_id


class Debt:
    """The spans of one destination. Every change is written into the unit it is given."""

    def __init__(self, destination_id: int, spans: list[Span]) -> None:
        self.destination_id = destination_id
        self.spans = sorted(spans, key=lambda span: span.after_id)
        self.recall()

    @property
    def fresh(self) -> Span:
        """The span with the open end."""
        return self.spans[-1]

    @property
    def backlog(self) -> Span | None:
        """The oldest span that is closed and not done."""
        return self.oldest if self.oldest is not self.fresh else None

    @property
    def oldest(self) -> Span:
        """The first span of which something may be owed."""
        return next((span for span in self.spans if not span.done), self.fresh)

    @property
    def is_open(self) -> bool:
        """Whether what comes is owed."""
        return bool(self.spans) and self.fresh.up_to_id is None

    def recall(self) -> None:
        """The peer is lost: nothing is on its way any more."""
        for span in self.spans:
            span.taken = span.cursor

    def begin(self, unit: Unit, span_id: int, newest: int) -> None:
        """A destination that is new, or enabled again, is owed everything after `newest`."""
        self.spans.append(Span(span_id, newest, newest, None, newest))
        unit.add("spans", (span_id, self.destination_id, newest, newest, None))

    def end(self, unit: Unit, newest: int) -> None:
        """A disabled destination is owed nothing after `newest`."""
        self.fresh.up_to_id = newest
        self._save(unit, self.fresh)

    def split(self, unit: Unit, span_id: int, newest: int) -> None:
        """Close the open span at `newest`; what comes after goes into a new one."""
        fresh = self.fresh
        if newest <= fresh.taken:
            return
        before = self.spans[-2] if len(self.spans) > 1 else None
        if before is not None and before.up_to_id == fresh.after_id == fresh.taken:
            before.up_to_id = newest
            fresh.after_id = fresh.cursor = fresh.taken = newest
            self._save(unit, before)
            self._save(unit, fresh)
            return
        fresh.up_to_id = newest
        self._save(unit, fresh)
        self.begin(unit, span_id, newest)

    def advance(self, unit: Unit, span: Span, cursor: int) -> None:
        """Rows of a span up to `cursor` were confirmed."""
        span.cursor = cursor
        following = self.spans[self.spans.index(span) + 1] if span.done else None
        if following is not None and following.after_id == span.up_to_id:
            following.after_id = span.after_id
            self.spans.remove(span)
            unit.updates.append((DROP, (span.id,)))
            self._save(unit, following)
            return
        self._save(unit, span)

    @staticmethod
    def _save(unit: Unit, span: Span) -> None:
        values: tuple[Any, ...] = (span.after_id, span.cursor, span.up_to_id, span.id)
        unit.updates.append((SAVE, values))
