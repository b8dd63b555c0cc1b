"""One parameter of one station: order, tests, gaps, and the last value. The part of a station actor that judges.

Late values are judged by replaying the recent past with the late value in its place; what that changes is revised.
Invariant: the value and its raw text go out as they came in.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from actors.rules.flags import aggregate
from actors.rules.gap_ledger import Gap, GapLedger
from actors.rules.order import Order, OrderTest, OrderThresholds
from actors.rules.suite import NO_FLAGS, Judged, SeriesRecord, SeriesSuite, replay
from actors.rules.timetable import Timetable
from actors.station_profile import SeriesProfile
from protocols.records import ParsedReading
from protocols.vocabulary import Flag

ALONE = ("syntax", "order", "range", "detection_limit")
"""Tests of a value by itself."""


class Recent(NamedTuple):
    """A judged value of the recent past; `file_id` and `line` say which of an instant's records it is."""

    time_s: int
    value: float | None
    before: Mapping[str, Flag]
    tests: Mapping[str, Flag]
    flag: Flag
    file_id: int
    line: int


class Verdict(NamedTuple):
    """What one reading brought: its place in the order, flags, revised neighbours, gaps that changed."""

    order: Order
    flag: Flag
    tests: Mapping[str, Flag]
    revised: tuple[Recent, ...]
    gaps: tuple[Gap, ...]


class Series:
    """The running judgement of one parameter."""

    __slots__ = ("gaps", "last", "last_flag", "order", "profile", "recent", "suite", "trimmed")

    def __init__(self, profile: SeriesProfile, pace: Timetable | int) -> None:
        self.profile = profile
        self.order = OrderTest(OrderThresholds())
        self.suite = SeriesSuite(profile.thresholds)
        self.gaps = GapLedger(pace)
        self.recent: list[Recent] = []
        self.trimmed = False
        self.last: ParsedReading | None = None
        self.last_flag = Flag.NOT_EVALUATED

    def push(self, reading: ParsedReading, syntax: Flag, arrival_s: float, file_id: int) -> Verdict:
        """Judge the next reading to arrive."""
        return self.push_all([(reading, syntax)], arrival_s, file_id)[0]

    def push_all(self, readings: Iterable[tuple[ParsedReading, Flag]], arrival_s: float, file_id: int) -> list[Verdict]:
        """Judge what one file brings, ascending by time: the late ones among them in one replay, however many."""
        verdicts: list[Verdict] = []
        late: dict[int, Recent] = {}
        for reading, syntax in readings:
            time_s, value = reading.time_s, reading.value
            arrival = self.order.push(arrival_s, time_s, value)
            before = {"syntax": syntax, "order": arrival.flag}
            if arrival.order in (Order.FUTURE, Order.DUPLICATE, Order.CONFLICT):
                if arrival.revises:
                    self._settle(late, verdicts)
                revised = self._mark_conflict(time_s) if arrival.revises else ()
                verdicts.append(Verdict(arrival.order, aggregate(before.values()), before, revised, ()))
                continue
            gaps = self.gaps.push(time_s)
            last_s = self.suite.last_s
            if last_s is not None and time_s <= last_s:
                entry = Recent(time_s, value, before, NO_FLAGS, Flag.NOT_EVALUATED, file_id, reading.line)
                late[len(verdicts)] = entry
                verdicts.append(Verdict(arrival.order, entry.flag, entry.tests, (), gaps))
                continue
            self._settle(late, verdicts)
            judged = self.suite.push(time_s, value, before)
            revised = self._revise(judged)
            self._keep(Recent(time_s, value, before, judged.tests, judged.flag, file_id, reading.line))
            self.last, self.last_flag = reading, judged.flag
            verdicts.append(Verdict(arrival.order, judged.flag, judged.tests, revised, gaps))
        self._settle(late, verdicts)
        return verdicts

    def _settle(self, late: dict[int, Recent], verdicts: list[Verdict]) -> None:
        """Put the verdicts of late values into their places: by a replay with them, of older ones by themselves."""
        within: dict[int, Recent] = {}
        for index, entry in late.items():
            from_s, _ = self.profile.thresholds.replay_window(entry.time_s)
            if self.trimmed and self.recent[0].time_s > from_s:
                flag, tests = self._judge_alone(_record(entry))
                verdicts[index] = verdicts[index]._replace(flag=flag, tests=tests)
            else:
                within[index] = entry
        late.clear()
        if not within:
            return
        found, revised = self._insert(list(within.values()))
        for index, entry in within.items():
            if (judged := found.get(entry.time_s)) is not None:
                verdicts[index] = verdicts[index]._replace(flag=judged.flag, tests=judged.tests)
        newest = max(within)
        verdicts[newest] = verdicts[newest]._replace(revised=revised)

    def _keep(self, entry: Recent) -> None:
        """Keep what a replay may need: a late value of the reach needs as much again before it."""
        recent = self.recent
        recent.append(entry)
        from_s, to_s = self.profile.thresholds.replay_window(entry.time_s)
        oldest_s = from_s - (to_s - entry.time_s)
        if recent[0].time_s < oldest_s - (to_s - from_s) / 8:
            del recent[: bisect_left(recent, oldest_s, key=_time)]
            self.trimmed = True

    def _revise(self, judged: Judged) -> tuple[Recent, ...]:
        """Write later verdicts (a spike is known with its successor) into the recent past."""
        changed = []
        for revision in judged.revisions:
            at = bisect_left(self.recent, revision.time_s, key=_time)
            if at < len(self.recent) and self.recent[at].time_s == revision.time_s:
                old = self.recent[at]
                if old.tests.get(revision.test) != revision.flag:
                    tests = {**old.tests, revision.test: revision.flag}
                    new = self.recent[at] = old._replace(tests=tests, flag=aggregate(tests.values()))
                    changed.append(new)
        return tuple(changed)

    def _insert(self, late: Sequence[Recent]) -> tuple[dict[int, Judged], tuple[Recent, ...]]:
        """Replay the recent past with late values, ascending by time; returns their verdicts and who is revised."""
        verdicts, suite = replay(map(_record, (*self.recent, *late)), self.profile.thresholds)
        at = bisect_left(self.recent, late[0].time_s, key=_time)
        touched_s = self.recent[at - 1].time_s if at else late[0].time_s
        was = {entry.time_s: entry for entry in self.recent}
        new = {entry.time_s: entry for entry in late}
        recent, revised = self.recent[: max(at - 1, 0)], []
        found: dict[int, Judged] = {}
        for at_s, judged in verdicts:
            if at_s < touched_s:
                continue
            old = was.get(int(at_s))
            entry = (new[int(at_s)] if old is None else old)._replace(tests=judged.tests, flag=judged.flag)
            if old is None:
                found[entry.time_s] = judged
            elif dict(old.tests) != judged.tests:
                revised.append(entry)
            recent.append(entry)
        self.recent, self.suite = recent, suite
        return found, tuple(revised)

    def _judge_alone(self, late: SeriesRecord) -> tuple[Flag, Mapping[str, Flag]]:
        """Only the tests that need no neighbours; the others are not evaluated until a batch does it."""
        (_, judged), *_ = replay([late], self.profile.thresholds)[0]
        tests = {test: flag if test in ALONE else Flag.NOT_EVALUATED for test, flag in judged.tests.items()}
        return aggregate(tests.values()), tests

    def _mark_conflict(self, time_s: int) -> tuple[Recent, ...]:
        """Two values for one instant: the first stays active, both are suspect."""
        at = bisect_left(self.recent, time_s, key=_time)
        if at == len(self.recent) or self.recent[at].time_s != time_s:
            return ()
        old = self.recent[at]
        tests = {**old.tests, "order": Flag.SUSPECT}
        before = {**old.before, "order": Flag.SUSPECT}
        new = self.recent[at] = old._replace(before=before, tests=tests, flag=aggregate(tests.values()))
        return (new,)

    def state(self) -> dict[str, Any]:
        """Give the state as plain values."""
        return {
            "order": self.order.state(),
            "suite": self.suite.state(),
            "gaps": self.gaps.state(),
            "recent": [(e.time_s, e.value, dict(e.before), dict(e.tests), *e[4:]) for e in self.recent],
            "last": None if self.last is None else tuple(self.last),
            "last_flag": self.last_flag,
            "trimmed": self.trimmed,
        }

    @classmethod
    def from_state(cls, profile: SeriesProfile, pace: Timetable | int, state: Mapping[str, Any]) -> "Series":
        """Go on from where a `state()` was taken."""
        series = cls(profile, pace)
        series.order = OrderTest.from_state(OrderThresholds(), state["order"])
        series.suite = SeriesSuite.from_state(profile.thresholds, state["suite"])
        series.gaps = GapLedger.from_state(pace, state["gaps"])
        series.recent = [
            Recent(time_s, value, _flags(before), _flags(tests), Flag(flag), file_id, line)
            for time_s, value, before, tests, flag, file_id, line in state["recent"]
        ]
        last = state["last"]
        series.last = None if last is None else ParsedReading._make([*last[:7], tuple(last[7]), *last[8:]])
        series.last_flag = Flag(state["last_flag"])
        series.trimmed = state["trimmed"]
        return series


def _time(entry: Recent) -> int:
    return entry.time_s


def _record(entry: Recent) -> SeriesRecord:
    return SeriesRecord(entry.time_s, entry.value, entry.before)


def _flags(table: Mapping[str, int]) -> dict[str, Flag]:
    return {test: Flag(flag) for test, flag in table.items()}
