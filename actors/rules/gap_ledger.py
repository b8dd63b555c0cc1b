"""The holes of one series, exactly: open while nothing comes, closed by newer data, backfilled by late data.

A gap is one row for its whole life, named by `from_s`: the last record before it. Inside, the ledger keeps the
stretches that are still empty, so a resend in any order leaves the holes that the sorted series has.
Invariant: the empty stretches of all gaps are exactly the pairs of neighbouring records over 1.5 beats of the timetable
apart (as far back as `keep_s`), plus the open end.
"""

from math import floor
from typing import NamedTuple, Self

from actors.rules.flags import EPS, exceeds
from actors.rules.gap import GAP_CADENCES
from actors.rules.timetable import Timetable, missing_beats, whole_second_after
from protocols.vocabulary import GapState

KEEP_S = 60 * 86400


class Gap(NamedTuple):
    """A hole: the open interval (from_s, to_s) lacks `missing` expected values; `to_s` is None while it is open."""

    from_s: int
    to_s: int | None
    missing: int
    state: GapState


Stretch = tuple[int, int]
LedgerSnapshot = tuple[int | None, int | None, int, tuple[tuple[int, int, tuple[Stretch, ...]], ...]]


class GapLedger:
    """The gaps of one series; every method returns the rows that changed. `timetable` may be changed at any time."""

    __slots__ = ("_closed", "_first_s", "_keep_s", "_newest_s", "_open_missing", "timetable")

    def __init__(self, pace: Timetable | int, keep_s: int = KEEP_S) -> None:
        self.timetable = pace if isinstance(pace, Timetable) else Timetable(pace)
        self._keep_s = keep_s
        self._first_s: int | None = None
        self._newest_s: int | None = None
        self._open_missing = 0
        self._closed: dict[int, tuple[int, tuple[Stretch, ...]]] = {}

    def push(self, time_s: int) -> tuple[Gap, ...]:
        """Take the time of a record, in any order; a time already known changes nothing."""
        first_s, newest_s = self._first_s, self._newest_s
        if first_s is None or newest_s is None:
            self._first_s = self._newest_s = time_s
            return ()
        if time_s > newest_s:
            return self._advance(newest_s, time_s)
        if time_s < first_s:
            self._first_s = time_s
            return (self._close(time_s, first_s),) if self._is_hole(time_s, first_s) else ()
        return self._backfill(time_s)

    def watch(self, now_s: float) -> tuple[Gap, ...]:
        """Open a gap, or count on in the open one, where the newest record is over 1.5 beats old."""
        newest_s = self._newest_s
        if newest_s is None or now_s <= newest_s or not self._is_hole(newest_s, now_s):
            return ()
        missing = floor(self.timetable.beats(newest_s, now_s) + EPS)
        if missing <= self._open_missing:
            return ()
        self._open_missing = missing
        return (Gap(newest_s, None, missing, GapState.OPEN),)

    def watch_at(self) -> int | None:
        """Say when `watch` will have something to tell, as long as nothing comes; None before the first record."""
        newest_s = self._newest_s
        if newest_s is None:
            return None
        if self._open_missing:
            return whole_second_after(self.timetable.after(newest_s, self._open_missing + 1))
        return floor(self.timetable.after(newest_s, GAP_CADENCES) + EPS) + 1

    def holes(self) -> list[Stretch]:
        """List the stretches still empty, ascending; the open end is not among them."""
        return sorted(stretch for _, stretches in self._closed.values() for stretch in stretches)

    def _advance(self, newest_s: int, time_s: int) -> tuple[Gap, ...]:
        was_open, self._open_missing, self._newest_s = self._open_missing > 0, 0, time_s
        horizon_s = time_s - self._keep_s
        for from_s in [key for key, (to_s, _) in self._closed.items() if to_s < horizon_s]:
            del self._closed[from_s]
        if self._is_hole(newest_s, time_s):
            return (self._close(newest_s, time_s),)
        return (Gap(newest_s, time_s, 0, GapState.BACKFILLED),) if was_open else ()

    def _close(self, from_s: int, to_s: int) -> Gap:
        self._closed[from_s] = (to_s, ((from_s, to_s),))
        return Gap(from_s, to_s, self._missing(from_s, to_s), GapState.CLOSED)

    def _backfill(self, time_s: int) -> tuple[Gap, ...]:
        for from_s, (to_s, stretches) in self._closed.items():
            if not from_s < time_s < to_s:
                continue
            for start_s, end_s in stretches:
                if start_s < time_s < end_s:
                    halves = [half for half in ((start_s, time_s), (time_s, end_s)) if self._is_hole(*half)]
                    return (self._settle(from_s, to_s, [s for s in stretches if s != (start_s, end_s)] + halves),)
        return ()

    def _settle(self, from_s: int, to_s: int, stretches: list[Stretch]) -> Gap:
        if not stretches:
            del self._closed[from_s]
            return Gap(from_s, to_s, 0, GapState.BACKFILLED)
        self._closed[from_s] = (to_s, tuple(sorted(stretches)))
        return Gap(from_s, to_s, sum(self._missing(*stretch) for stretch in stretches), GapState.CLOSED)

    def _is_hole(self, start_s: float, end_s: float) -> bool:
        return exceeds(self.timetable.beats(start_s, end_s), GAP_CADENCES)

    def _missing(self, start_s: int, end_s: int) -> int:
        return missing_beats(self.timetable.beats(start_s, end_s))

    def state(self) -> LedgerSnapshot:
        """Give the state as plain tuples."""
        closed = tuple((from_s, to_s, stretches) for from_s, (to_s, stretches) in self._closed.items())
        return self._first_s, self._newest_s, self._open_missing, closed

    @classmethod
    def from_state(cls, pace: Timetable | int, state: LedgerSnapshot, keep_s: int = KEEP_S) -> Self:
        """Go on from where a `state()` was taken."""
        ledger = cls(pace, keep_s)
        ledger._first_s, ledger._newest_s, ledger._open_missing, closed = state
        ledger._closed = {
            from_s: (to_s, tuple((start_s, end_s) for start_s, end_s in stretches))
            for from_s, to_s, stretches in closed
        }
        return ledger
