"""Writes down that a control state changed after it was published, 20 minutes after reception (QĐ 338/QĐ-KTTV art. 5).

A state is derived from the flags, so nothing is stored for the many readings whose state stands. What is published is
known by the files' numbers: all up to the newest one that was judged 20 minutes ago. Whoever changes a state tells it
here: station actors and the night (`watch`), the tests beyond a station (`outer`), the hours' completeness (`made`).
Invariant: the row is written in the transaction that changes the flags, by comparing with what stands before it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heappop, heappush

from actors.kernel.clock import Now
from actors.messages import Effect, ReadingJudged, ReadingRevised
from actors.outer_verdicts import Verdict
from actors.products import Made
from actors.rules.control import FULL, PUBLISHED_AFTER_S
from actors.station_profile import StationProfile
from protocols.flags import OUTER_TESTS
from protocols.times import HOUR_S
from protocols.verdict import SHIFT
from protocols.vocabulary import Flag, Period
from storage.control_states import HAS_HOUR, changes_statement, state_sql
from storage.ids import Ids
from storage.writer import Unit

AHEAD_S = 300
"""A value may be measured so much after its reception; later ones are from the future and count for nothing."""
SAMPLE_MS = 10_000
NOT_OWN = (*OUTER_TESTS, "completeness")
"""Not among a station's own flags: outer tests, and the hour's count."""
ROWS_AT_ONCE = 500


class ControlJournal:
    """Watches whoever changes flags.

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
        self._began_s = now() + AHEAD_S
        """Nothing that came before this process was measured later."""
        self._until_s: dict[int, int] = {}
        """Station -> the newest value of its published files, of those that came since."""
        self._unpublished: list[tuple[int, int, int]] = []
        """A heap of files whose states are not published: file, station, its newest value."""

    def watch(self, unit: Unit, effects: Sequence[Effect]) -> None:
        """Put the comparisons before the revisions of a unit."""
        self._advance(effects)
        last = {
            (effect.station_id, effect.parameter, effect.time_s): effect.verdict
            for effect in effects
            if type(effect) is ReadingRevised and self._may_be_published(effect.station_id, effect.time_s)
        }
        if last and self.published_file:
            found = [self._revised(key, verdict) for key, verdict in last.items()]
            unit.updates[:0] = [each for each in found if each is not None]

    def outer(self, unit: Unit, verdicts: Iterable[Verdict]) -> None:
        """Add the comparisons of what outer tests say; called before their flags are added to the unit."""
        self._advance(())
        if not self.published_file:
            return
        rows: dict[int, tuple[int, dict[str, bool]]] = {}
        for verdict in verdicts:
            if verdict.time_s <= self._oldest_s:
                said = rows.setdefault(verdict.row, (verdict.station_id, {}))[1]
                said[verdict.test] = verdict.flag is not Flag.NOT_EVALUATED
        groups: dict[tuple[tuple[str, ...], tuple[tuple[str, bool], ...]], list[int]] = {}
        for row, (station_id, said) in rows.items():
            tests = tuple(self._mandatory(station_id))
            if counted := tuple(sorted((test, done) for test, done in said.items() if _counts(test, tests))):
                groups.setdefault((tests, counted), []).append(row)
        for (tests, said_of), numbers in groups.items():
            known = {test: str(int(done)) for test, done in said_of}
            for at in range(0, len(numbers), ROWS_AT_ONCE):
                some = sorted(numbers[at : at + ROWS_AT_ONCE])
                where = f"id IN ({','.join(map(str, map(int, some)))})"
                unit.updates.append(self._statement(where, tests, {}, known, len(some)))

    def made(self, unit: Unit, profile: StationProfile, made: Made) -> None:
        """An hour is made (`OnMade`): the completeness of its readings is known from now on."""
        if made.period is not Period.HOUR or "completeness" not in profile.mandatory:
            return
        self._advance(())
        if not self.published_file:
            return
        parameters = sorted(made.changed)
        marks = ", ".join("?" for _ in parameters)
        where = f"station_id = ? AND time_s > ? AND time_s <= ? AND parameter IN ({marks})"
        before = {"completeness": HAS_HOUR.format(more=f" AND hourly.version < {int(made.version)}")}
        given = (made.station_id, made.end_s - HOUR_S, made.end_s, *parameters)
        most = HOUR_S * len(parameters)
        unit.updates.append(
            self._statement(where, profile.mandatory, before, {"completeness": "1"}, most, given),
        )

    def _revised(self, key: tuple[int, str, int], verdict: int) -> tuple[str, tuple[object, ...]] | None:
        """The comparison of one active reading; None where none of its own tests is mandatory."""
        station_id, parameter, time_s = key
        tests = tuple(self._mandatory(station_id))
        known = {test: "0" if verdict >> SHIFT[test] & 15 in (0, 2) else "1" for test in tests if test not in NOT_OWN}
        if not known:
            return None
        where = "station_id = ? AND time_s = ? AND parameter = ?"
        return self._statement(where, tests, {}, known, 1, (station_id, time_s, parameter))

    def _statement(
        self,
        where: str,
        tests: Sequence[str],
        before: Mapping[str, str],
        after: Mapping[str, str],
        most: int,
        given: Sequence[object] = (),
    ) -> tuple[str, tuple[object, ...]]:
        """Compare the states of at most so many rows, with what is known of some tests before and after."""
        in_full = tuple(tests) == FULL
        return changes_statement(
            where,
            state_sql(tests, with_neighbours=in_full, known=before),
            state_sql(tests, with_neighbours=in_full, known=after),
            first_id=self._ids.reserve("control_changes", most),
            published_file=self.published_file,
            at_ms=int(self._now() * 1000),
            given=given,
        )

    @property
    def _oldest_s(self) -> float:
        """Values measured after this cannot be published yet."""
        return self._now() - PUBLISHED_AFTER_S + AHEAD_S

    def _may_be_published(self, station_id: int, time_s: int) -> bool:
        """Whether a value can stand in a published file: a backlog is old when it comes, and is not published yet."""
        return time_s <= self._oldest_s and time_s <= max(self._began_s, self._until_s.get(station_id, 0))

    def _advance(self, effects: Sequence[Effect]) -> None:
        """Follow the files; what was judged 20 minutes ago is published."""
        now_ms = int(self._now() * 1000)
        came: dict[tuple[int, int], int] = {}
        for effect in effects:
            if type(effect) is ReadingJudged:
                file = effect.file_id, effect.station_id
                came[file] = max(effect.time_s, came.get(file, 0))
        for (file_id, station_id), newest_s in came.items():
            heappush(self._unpublished, (file_id, station_id, newest_s))
        if came and (not self._judged or self._judged[-1][0] <= now_ms - SAMPLE_MS):
            self._judged.append((now_ms, max(file_id for file_id, _ in came)))
        while self._judged and self._judged[0][0] <= now_ms - PUBLISHED_AFTER_S * 1000:
            self.published_file = max(self.published_file, self._judged.popleft()[1])
        while self._unpublished and self._unpublished[0][0] <= self.published_file:
            _, station_id, newest_s = heappop(self._unpublished)
            self._until_s[station_id] = max(newest_s, self._until_s.get(station_id, 0))


def _counts(test: str, tests: tuple[str, ...]) -> bool:
    return test in tests or (test == "spatial" and tests == FULL)
