"""Writes down that a control state changed after it was published, 20 minutes after reception (QĐ 338/QĐ-KTTV art. 5).

A state is derived from the flags, so nothing is stored for the many readings whose state stands. What is published is
known by the files' numbers: all up to the newest one that was judged 20 minutes ago.
Invariant: the row is written in the transaction that changes the flags, by comparing with what stands before it.
"""

from collections import deque
from collections.abc import Callable, Sequence

from actors.kernel.clock import Now
from actors.messages import Effect, ReadingJudged, ReadingRevised
from actors.rules.control import FULL, PUBLISHED_AFTER_S
from actors.rules.flags import ControlState
from protocols.verdict import IS_ACTIVE, SHIFT
from storage.ids import Ids
from storage.writer import Unit

AHEAD_S = 300
"""A value may be measured so much after its reception; later ones are from the future and count for nothing."""
SAMPLE_MS = 10_000
DERIVED = ("completeness", "spatial")
"""Not among a station's own flags: the hour's count, and an outer test."""
JOURNAL = (
    "INSERT INTO control_changes (id, station_id, parameter, time_s, file_id, line, was, now, at_ms) "
    "SELECT {number}, station_id, parameter, time_s, file_id, line, was, now, {at_ms} FROM ("
    "SELECT station_id, parameter, time_s, file_id, line, {was} AS was, {now} AS now FROM readings "
    f"WHERE station_id = ? AND time_s = ? AND parameter = ? AND file_id <= {{published}} AND {IS_ACTIVE}"
    ") AS changing WHERE was <> now"
)
SPATIAL = f"((outer_flags >> {SHIFT['spatial']}) & 15)"


class ControlJournal:
    """Watches revisions.

    Args:
        mandatory: the mandatory tests of a station.
    """

    def __init__(self, now: Now, ids: Ids, mandatory: Callable[[int], Sequence[str]]) -> None:
        self._now = now
        self._ids = ids
        self._mandatory = mandatory
        self._judged: deque[tuple[int, int]] = deque()
        self.published_file = 0
        """The newest file whose readings' states are published."""

    def watch(self, unit: Unit, effects: Sequence[Effect]) -> None:
        """Put the comparisons before the revisions of a unit."""
        now_ms = int(self._now() * 1000)
        self._advance(now_ms, effects)
        oldest_s = now_ms / 1000 - PUBLISHED_AFTER_S + AHEAD_S
        last = {
            (effect.station_id, effect.parameter, effect.time_s): effect.verdict
            for effect in effects
            if type(effect) is ReadingRevised and effect.time_s <= oldest_s
        }
        if last and self.published_file:
            unit.updates[:0] = [self.statement(key, verdict, now_ms) for key, verdict in last.items()]

    def statement(self, key: tuple[int, str, int], verdict: int, now_ms: int) -> tuple[str, tuple[object, ...]]:
        """The comparison of one active reading; whole numbers only stand in the text."""
        station_id, parameter, time_s = key
        tests = [test for test in self._mandatory(station_id) if test not in DERIVED] or list(FULL)
        before = " + ".join(
            f"CASE WHEN ((verdict >> {SHIFT[test]}) & 15) IN (0, 2) THEN 0 ELSE 1 END" for test in tests
        )
        after = sum(verdict >> SHIFT[test] & 15 not in (0, 2) for test in tests)
        sql = JOURNAL.format(
            number=self._ids.take("control_changes"),
            at_ms=now_ms,
            was=_state(before, len(tests)),
            now=_state(str(after), len(tests)),
            published=self.published_file,
        )
        return sql, (station_id, time_s, parameter)

    def _advance(self, now_ms: int, effects: Sequence[Effect]) -> None:
        """Follow the files; what was judged 20 minutes ago is published."""
        newest = max((effect.file_id for effect in effects if type(effect) is ReadingJudged), default=0)
        if newest and (not self._judged or self._judged[-1][0] <= now_ms - SAMPLE_MS):
            self._judged.append((now_ms, newest))
        while self._judged and self._judged[0][0] <= now_ms - PUBLISHED_AFTER_S * 1000:
            self.published_file = max(self.published_file, self._judged.popleft()[1])


def _state(evaluated: str, count: int) -> str:
    """The state as SQL; a reading with a spatial verdict has that test among the mandatory ones."""
    outer = f"CASE WHEN {SPATIAL} IN (0, 2) THEN 0 ELSE 1 END"
    total = f"({count} + CASE WHEN {SPATIAL} = 0 THEN 0 ELSE 1 END)"
    done = f"({evaluated} + {outer})"
    return (
        f"CASE WHEN {done} = 0 THEN '{ControlState.NONE}' WHEN {done} = {total} THEN '{ControlState.FULL}' "
        f"ELSE '{ControlState.PARTIAL}' END"
    )
