"""The book of episodes: which questioned values belong together in the review queue.

An episode is a run of one parameter's values that one test flagged 3 or 4, ended by a value that passed the test or by
a silence. Its row is written in the transaction of the readings it speaks of; only the newest run of each test is held
in memory, so what is good costs one look-up. A later verdict that clears a value marks the row `stale` and the review
clock counts it again; many late values of one file move their row once.
Invariant: a value flagged 3 or 4 lies within an episode that nobody has closed, or that a person has decided.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from actors.kernel.clock import Now
from protocols.times import HOUR_S
from protocols.verdict import unpack
from protocols.vocabulary import EpisodeState, Flag
from storage.ids import Ids
from storage.models import EpisodeRow
from storage.writer import Unit

LINK_S = 6 * HOUR_S
"""Two questioned values farther apart than this, with nothing between, are two episodes."""
ENDED_KEPT = 8
"""Ended runs of a test that stay known: a late file revises their values, which are no new ones."""
QUESTIONED = (Flag.SUSPECT, Flag.FAIL)
MOVE = (
    "UPDATE episodes SET first_s = ?, last_s = ?, count = count + ?, flag = ?, stale = (stale OR ?), changed_ms = ?, "
    "state = CASE WHEN state = 'done' THEN 'open' ELSE state END WHERE id = ?"
)
STALE = "UPDATE episodes SET stale = ?, changed_ms = ? WHERE id = ?"


@dataclass(slots=True)
class Run:
    """The newest episode of one test of one series, as far as memory needs it."""

    id: int
    first_s: int
    last_s: int
    flag: int
    is_new: bool
    added: int = 0
    stale: bool = False


class EpisodeBook:
    """Fed by the ledger with every verdict; `flush` writes what a round has moved."""

    def __init__(self, now: Now, ids: Ids) -> None:
        self._now = now
        self._ids = ids
        self._runs: dict[tuple[int, str], dict[str, Run]] = {}
        self._ended: dict[tuple[int, str, str], deque[Run]] = {}
        self._moved: dict[int, tuple[int, str, str, Run]] = {}
        self.stale: set[int] = set()

    def load(self, rows: Iterable[EpisodeRow]) -> None:
        """Go on with the runs that stand in the store."""
        for row in rows:
            if row.stale:
                self.stale.add(row.id)
            runs = self._runs.setdefault((row.station_id, row.parameter), {})
            known = runs.get(row.test)
            if row.state == EpisodeState.DONE:
                continue
            run = Run(row.id, row.first_s, row.last_s, row.flag, is_new=False)
            if known is None or known.last_s < row.last_s:
                runs[row.test] = run
            if (ended := run if known is not None and known.last_s >= row.last_s else known) is not None:
                self._end(row.station_id, row.parameter, row.test, ended)

    def judged(self, station_id: int, parameter: str, time_s: int, flag: int, verdict: int) -> None:
        """A value has its first verdict."""
        if flag in QUESTIONED or self._runs.get((station_id, parameter)):
            self._look(station_id, parameter, time_s, unpack(verdict), revised=False)

    def revised(self, station_id: int, parameter: str, time_s: int, flag: int, verdict: int) -> None:
        """A value has another verdict than before."""
        if flag in QUESTIONED or self._runs.get((station_id, parameter)):
            self._look(station_id, parameter, time_s, unpack(verdict), revised=True)

    def outer(self, station_id: int, parameter: str, time_s: int, test: str, flag: int) -> None:
        """A test that looks beyond the station spoke; whoever calls it writes its unit with `flush`."""
        self._look(station_id, parameter, time_s, {test: flag}, revised=True)

    def _look(self, station_id: int, parameter: str, time_s: int, tests: Mapping[str, int], *, revised: bool) -> None:
        runs = self._runs.get((station_id, parameter))
        for test, verdict in tests.items():
            if verdict in QUESTIONED:
                self._question(station_id, parameter, test, time_s, verdict, revised=revised)
            elif runs and verdict == Flag.GOOD and (run := runs.get(test)) is not None:
                if time_s > run.last_s:
                    self._end(station_id, parameter, test, runs.pop(test))
                elif time_s >= run.first_s and revised:
                    self._move(station_id, parameter, test, run, stale=True)

    def _question(
        self, station_id: int, parameter: str, test: str, time_s: int, verdict: int, *, revised: bool
    ) -> None:
        runs = self._runs.setdefault((station_id, parameter), {})
        run = runs.get(test)
        if revised and (known := self._known(station_id, parameter, test, time_s, run)) is not None:
            known.flag = max(known.flag, verdict)
            self._move(station_id, parameter, test, known, stale=True)
            return
        if run is None or not run.first_s - LINK_S <= time_s <= run.last_s + LINK_S:
            fresh = Run(self._ids.take("episodes"), time_s, time_s, verdict, is_new=True, added=1)
            if run is None or run.last_s < time_s:
                runs[test] = fresh
            if (ended := run if runs[test] is fresh else fresh) is not None:
                self._end(station_id, parameter, test, ended)
            self._move(station_id, parameter, test, fresh, stale=revised)
            return
        run.added += 1
        run.first_s, run.last_s = min(run.first_s, time_s), max(run.last_s, time_s)
        run.flag = max(run.flag, verdict)
        self._move(station_id, parameter, test, run, stale=revised)

    def _end(self, station_id: int, parameter: str, test: str, run: Run) -> None:
        self._ended.setdefault((station_id, parameter, test), deque(maxlen=ENDED_KEPT)).append(run)

    def _known(self, station_id: int, parameter: str, test: str, time_s: int, newest: Run | None) -> Run | None:
        """The ended run that holds the value already; none where the newest one does."""
        if newest is not None and newest.first_s <= time_s <= newest.last_s:
            return None
        ended = self._ended.get((station_id, parameter, test), ())
        return next((run for run in ended if run.first_s <= time_s <= run.last_s), None)

    def _move(self, station_id: int, parameter: str, test: str, run: Run, *, stale: bool) -> None:
        run.stale = run.stale or stale
        self._moved[run.id] = (station_id, parameter, test, run)

    def flush(self, unit: Unit) -> None:
        """Write what was moved since the last time into a unit."""
        if not self._moved:
            return
        now_ms = int(self._now() * 1000)
        for station_id, parameter, test, run in self._moved.values():
            if run.stale:
                self.stale.add(run.id)
            if run.is_new:
                span = (run.first_s, run.last_s, run.added, run.flag)
                state = (str(EpisodeState.OPEN), 1, now_ms, now_ms, "", "", None, run.stale)
                unit.add("episodes", (run.id, station_id, parameter, test, *span, *state))
            elif run.added:
                moved = (run.first_s, run.last_s, run.added, run.flag, run.stale, now_ms, run.id)
                unit.updates.append((MOVE, moved))
            else:
                unit.updates.append((STALE, (True, now_ms, run.id)))
            run.is_new, run.added, run.stale = False, 0, False
        self._moved.clear()

    def forget(self, station_id: int, parameter: str, episode_ids: Iterable[int]) -> None:
        """A person decided these: what comes next is another episode."""
        gone = set(episode_ids)
        runs = self._runs.get((station_id, parameter), {})
        for test in [test for test, run in runs.items() if run.id in gone]:
            del runs[test]
        for (station, symbol, _), ended in self._ended.items():
            if (station, symbol) == (station_id, parameter):
                kept = [run for run in ended if run.id not in gone]
                ended.clear()
                ended.extend(kept)
