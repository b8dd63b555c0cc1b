"""What a destination is owed: no holes, no row twice, whatever happens; held against a plain set of rows."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from actors.debt import DROP, SAVE, Debt, Span
from storage.writer import Unit

DESTINATION = 7


class Debts(RuleBasedStateMachine):
    """A forwarder's life: rows come, are sent and confirmed in order within a span; the peer and the process are lost.

    `stored` is the table of spans as its units leave it; `owed` the rows that were not confirmed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stored: dict[int, tuple[int, int, int | None]] = {}
        self.owed: set[int] = set()
        self.began = self.newest = self.last_id = 0
        self.debt = Debt(DESTINATION, [])

    @initialize(newest=st.integers(0, 50))
    def begin(self, newest: int) -> None:
        self.began = self.newest = newest
        unit = Unit()
        self.debt.begin(unit, self._take_id(), newest)
        self._store(unit)

    @rule(count=st.integers(1, 20))
    def rows_come(self, count: int) -> None:
        self.owed |= set(range(self.newest + 1, self.newest + count + 1))
        self.newest += count

    @rule(data=st.data())
    def take(self, data: st.DataObject) -> None:
        """Rows of a span go on their way, oldest first."""
        span = data.draw(st.sampled_from(self.debt.spans))
        end = self.newest if span.up_to_id is None else span.up_to_id
        span.taken = data.draw(st.integers(span.taken, max(span.taken, end)))

    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        """Rows on their way are confirmed; none of them was confirmed before."""
        span = data.draw(st.sampled_from(self.debt.spans))
        cursor = data.draw(st.integers(span.cursor, span.taken))
        if cursor == span.cursor:
            return
        rows = set(range(span.cursor + 1, cursor + 1))
        assert rows <= self.owed, "confirmed twice"
        self.owed -= rows
        unit = Unit()
        self.debt.advance(unit, span, cursor)
        self._store(unit)

    @rule()
    def split(self) -> None:
        unit = Unit()
        self.debt.split(unit, self._take_id(), self.newest)
        self._store(unit)

    @rule()
    def lose_the_peer(self) -> None:
        self.debt.recall()

    @precondition(lambda self: self.stored)
    @rule()
    def restart(self) -> None:
        self.debt = Debt(DESTINATION, [Span(key, *values) for key, values in self.stored.items()])

    def _take_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def _store(self, unit: Unit) -> None:
        for key, destination, after, cursor, up_to in unit.rows.get("spans", []):
            assert key not in self.stored
            assert destination == DESTINATION
            self.stored[key] = (after, cursor, up_to)
        for sql, values in unit.updates:
            assert sql in (SAVE, DROP)
            assert values[-1] in self.stored
            if sql == DROP:
                del self.stored[values[-1]]
            else:
                self.stored[values[-1]] = (values[0], values[1], values[2])

    @invariant()
    def spans_follow_without_holes_and_only_the_last_is_open(self) -> None:
        spans = self.debt.spans
        if spans:
            assert spans[0].after_id == self.began
            assert [span.up_to_id for span in spans[:-1]] == [span.after_id for span in spans[1:]]
            assert spans[-1].up_to_id is None
            assert all(span.after_id <= span.cursor <= span.taken for span in spans)

    @invariant()
    def every_row_is_owed_once(self) -> None:
        owed = [
            row
            for span in self.debt.spans
            for row in range(span.cursor + 1, (self.newest if span.up_to_id is None else span.up_to_id) + 1)
        ]
        assert sorted(owed) == sorted(self.owed)

    @invariant()
    def the_table_says_what_memory_says(self) -> None:
        assert self.stored == {span.id: (span.after_id, span.cursor, span.up_to_id) for span in self.debt.spans}


TestDebts = Debts.TestCase
TestDebts.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_what_came_while_a_destination_was_disabled_is_neither_owed_nor_taken_for_sent() -> None:
    unit = Unit()
    debt = Debt(DESTINATION, [Span(1, 10, 12, None)])
    debt.end(unit, 20)
    assert not debt.is_open
    debt.begin(unit, 2, 30)
    assert debt.backlog is debt.oldest is debt.spans[0]
    debt.advance(unit, debt.spans[0], 20)
    assert [(span.after_id, span.cursor, span.up_to_id) for span in debt.spans] == [(10, 20, 20), (30, 30, None)]
    assert debt.backlog is None
    assert debt.oldest is debt.fresh
    assert DROP not in [sql for sql, _ in unit.updates]
