"""One parameter of one station: order, tests, gaps, memory, and the last value: the part of an actor that judges.

A file is judged in three steps: `admit` says what each record is to those before it, the station then says what the
other parameters have to do with it (`actors/station_partners.py`), `settle` lets the temporal tests speak: newer values
one after the other, late or changed ones by a replay of the remembered past with them in their places.
Invariant: the value and its raw text go out as they came in; any order of arrival ends in the same verdicts.
"""

from collections.abc import Mapping, Sequence
from math import inf, isfinite, isnan
from typing import Any, NamedTuple

import orjson

from actors.rules.flags import whole_flag
from actors.rules.gap_ledger import Gap, GapLedger
from actors.rules.order import CONFLICT, IN_ORDER, TOO_LATE, Order, judge_arrival
from actors.rules.suite import SPIKE_MASK, SeriesSuite, judge_alone, with_spike
from actors.rules.timetable import Timetable
from actors.series_memory import BLOCK, Columns, Row, SeriesMemory, columns_of
from actors.station_profile import SeriesProfile
from protocols.records import ParsedReading
from protocols.verdict import ARRIVAL_SHIFT, ARRIVALS, RESENT, SHIFT
from protocols.vocabulary import Flag

ORDER_BITS: Mapping[Order, int] = {order: ARRIVALS.index(order) << ARRIVAL_SHIFT for order in Order}
ORDER_MASK = 15 << SHIFT["order"]
SUSPECT_ORDER = Flag.SUSPECT << SHIFT["order"]
_SYNTAX, _ORDER = SHIFT["syntax"], SHIFT["order"]


class Arrived:
    """A record of a file on its way through judgement; `verdict` is final once its series has settled."""

    __slots__ = ("gaps", "order", "reading", "series", "value", "verdict")

    def __init__(self, reading: ParsedReading, series: "Series", order: Order, verdict: int) -> None:
        value = reading.value
        self.reading = reading
        self.series = series
        self.order = order
        self.value = value if value is not None and isfinite(value) else None
        self.verdict = verdict
        self.gaps: tuple[Gap, ...] = ()

    @property
    def flag(self) -> Flag:
        """All tests together."""
        return whole_flag(self.verdict, missing=self.value is None)


class Revised(NamedTuple):
    """A remembered row whose verdict is another now."""

    time_s: int
    value: float | None
    was: int
    verdict: int

    @property
    def flag(self) -> Flag:
        """All tests together."""
        return whole_flag(self.verdict, missing=self.value is None)

    @property
    def flag_was(self) -> Flag:
        """All tests together, before."""
        return whole_flag(self.was, missing=self.value is None)


class Series:
    """The running judgement of one parameter."""

    __slots__ = ("_changed", "_clashes", "_new", "_revised", "gaps", "last", "last_flag", "memory", "profile", "suite")

    def __init__(self, profile: SeriesProfile, pace: Timetable | int) -> None:
        self.profile = profile
        self.suite = SeriesSuite(profile.thresholds).follow(pace)
        self.memory = SeriesMemory(_plain(self.suite))
        self.gaps = GapLedger(pace)
        self.last: ParsedReading | None = None
        self.last_flag = Flag.NOT_EVALUATED
        self._clashes: dict[int, tuple[float | None, ...]] = {}
        self._new: dict[int, Arrived] = {}
        self._changed: dict[int, int] = {}
        self._revised: dict[int, Revised] = {}

    def follow(self, timetable: Timetable) -> None:
        """Records are expected at other instants from now on."""
        self.gaps.timetable = timetable
        self.suite.follow(timetable)

    # ------------------------------------------------------------------------------------------------ admit

    def admit(self, reading: ParsedReading, syntax: Flag, arrival_s: float) -> Arrived:
        """Say what a record is to those before it, and judge what needs its value only."""
        time_s, limits = reading.time_s, self.profile.thresholds
        arrived = Arrived(reading, self, Order.IN_ORDER, 0)
        value = arrived.value
        newest_s = self.newest_s
        known = () if time_s > newest_s else self._known(time_s)
        arrival = judge_arrival(arrival_s, time_s, value, known, newest_s, limits.order)
        arrived.order = order = arrival.order
        arrived.verdict = syntax << _SYNTAX | arrival.flag << _ORDER | ORDER_BITS[order] | judge_alone(value, limits)
        if order is Order.CONFLICT:
            self._clash(time_s, (*known, value), revises=arrival is CONFLICT)
        elif order is Order.DUPLICATE:
            self.amend(time_s, set_bits=RESENT)
        elif arrival is TOO_LATE:
            arrived.verdict = self.suite_not_asked(arrived.verdict)
        elif order is not Order.FUTURE:
            self._new[time_s] = arrived
            arrived.gaps = self.gaps.push(time_s)
            if arrival is IN_ORDER:
                self.last = reading
        return arrived

    @property
    def newest_s(self) -> float:
        """The newest time so far, that of the file at hand included; -inf before the first record."""
        newest_s = self.memory.newest_s
        new_s = next(reversed(self._new), None)
        if new_s is None:
            return -inf if newest_s is None else newest_s
        return new_s if newest_s is None or new_s > newest_s else newest_s

    def _known(self, time_s: int) -> tuple[float | None, ...]:
        """The distinct values of an instant, first arrival first."""
        if clashing := self._clashes.get(time_s):
            return clashing
        if (new := self._new.get(time_s)) is not None:
            return (new.value,)
        row = self.memory.find(time_s)
        return () if row is None else (row[1],)

    def _clash(self, time_s: int, values: tuple[float | None, ...], *, revises: bool) -> None:
        """Two values for one instant: the first stays active, all are suspect."""
        self._clashes[time_s] = values
        if revises:
            self.amend(time_s, clear=ORDER_MASK, set_bits=SUSPECT_ORDER)

    def amend(self, time_s: int, *, clear: int = 0, set_bits: int = 0) -> None:
        """Change what was found out about an active record, where that changes no other."""
        if (new := self._new.get(time_s)) is not None:
            new.verdict = new.verdict & ~clear | set_bits
            return
        row = self.memory.find(time_s)
        if row is None:
            return
        at_s, value, was = row
        verdict = was & ~clear | set_bits
        if verdict != was:
            self.memory.set_verdict(at_s, verdict)
            self._note(at_s, value, was, verdict)

    def suite_not_asked(self, verdict: int) -> int:
        """A value too late for its neighbours: the temporal tests are not evaluated until a batch does it."""
        limits = self.profile.thresholds
        tests = (("step", limits.step), ("spike", limits.spike), ("flat_line", limits.flat_line), ("gap", limits.gap))
        for test, threshold in tests:
            if threshold is not None:
                verdict |= Flag.NOT_EVALUATED << SHIFT[test]
        return verdict

    # ------------------------------------------------------------------------------------------------ partners

    def at(self, time_s: int) -> tuple[float | None, int] | None:
        """The active value of an instant and what is known of it; None where there is none."""
        if (new := self._new.get(time_s)) is not None:
            return new.value, new.verdict
        row = self.memory.find(time_s)
        return None if row is None else (row[1], self._changed.get(time_s, row[2]))

    def change(self, time_s: int, verdict: int) -> None:
        """Set what other parameters have to do with an active record; `settle` judges it anew."""
        if (new := self._new.get(time_s)) is not None:
            new.verdict = verdict
        else:
            self._changed[time_s] = verdict

    # ------------------------------------------------------------------------------------------------ settle

    def settle(self) -> Sequence[Revised]:
        """Let the temporal tests speak; returns the rows of before whose verdict is another now."""
        new, changed = self._new, self._changed
        if new or changed:
            newest_s = self.memory.newest_s
            if not changed and (newest_s is None or next(iter(new)) > newest_s):
                for time_s, arrived in new.items():
                    self._push(time_s, arrived)
            else:
                self._replay()
            self._new, self._changed = {}, {}
        live = self.memory.live
        if live.verdicts:
            self.last_flag = whole_flag(live.verdicts[-1], missing=isnan(live.values[-1]))
        if not self._revised:
            return ()
        revised, self._revised = self._revised, {}
        return list(revised.values())

    def _push(self, time_s: int, arrived: Arrived) -> None:
        memory, suite = self.memory, self.suite
        times, verdicts = memory.live.times, memory.live.verdicts
        base = _plain(suite) if len(times) >= BLOCK else None
        verdict, spike = suite.push(time_s, arrived.value, arrived.verdict)
        if spike is not Flag.NOT_EVALUATED:
            self._spike(times[-1], verdicts[-1], spike)
        if base is not None:
            memory.close_block(base)
            self._forget(time_s)
        arrived.verdict = verdict
        memory.append((time_s, arrived.value, verdict))

    def _forget(self, newest_s: int) -> None:
        horizon_s = newest_s - self.profile.thresholds.order.horizon_s
        self.memory.forget(horizon_s)
        if self._clashes:
            self._clashes = {at_s: values for at_s, values in self._clashes.items() if at_s >= horizon_s}

    def _spike(self, time_s: int, was: int, spike: Flag) -> None:
        """The successor tells what the newest value was; one of the same file is not out yet and needs no revision."""
        verdict = with_spike(was, spike)
        if verdict == was:
            return
        live = self.memory.live
        live.verdicts[-1] = verdict
        if (new := self._new.get(time_s)) is not None:
            new.verdict = verdict
        else:
            self._note(time_s, live.values[-1], was, verdict)

    def _note(self, time_s: int, value: float | None, was: int, verdict: int) -> None:
        earlier = self._revised.get(time_s)
        self._revised[time_s] = Revised(time_s, value, was if earlier is None else earlier.was, verdict)

    def _replay(self) -> None:
        """Judge the remembered past again from before the first record that is new or changed in it."""
        memory, new, changed = self.memory, self._new, self._changed
        touched = sorted({*new, *changed})
        first = part = memory.part_before(touched[0])
        columns = memory.part(part)
        suite = SeriesSuite.from_state(self.profile.thresholds, orjson.loads(columns.base)).follow(self.gaps.timetable)
        rows: list[Row] = []
        was: list[int | None] = []
        bases: list[bytes] = []
        at = 0
        while True:
            is_live = part == len(memory.blocks)
            end_s = inf if is_live else memory.first_s(part + 1)
            old = {row[0]: row for row in columns.rows()}
            begin = at
            while at < len(touched) and touched[at] < end_s:
                at += 1
            for time_s in sorted({*old, *touched[begin:at]}):
                if len(rows) % BLOCK == 0:
                    bases.append(_plain(suite))
                row = old.get(time_s)
                if row is None:
                    value, so_far = new[time_s].value, new[time_s].verdict
                else:
                    value, so_far = row[1], changed.get(time_s, row[2])
                verdict, spike = suite.push(time_s, value, so_far)
                if rows and spike is not Flag.NOT_EVALUATED:  # of the row before the first one nothing changes
                    rows[-1] = (*rows[-1][:2], with_spike(rows[-1][2], spike))
                rows.append((time_s, value, verdict))
                was.append(None if row is None else row[2])
            if is_live:
                self.suite = suite
                break
            part += 1
            columns = memory.part(part)
            if at == len(touched) and _plain(suite) == columns.base:
                # Nothing changes from here on: neither does what the next value says of this one. A new one leaves the
                # state as it was only where there is no spike test, which remembers its time.
                if (last := was[-1]) is not None:
                    rows[-1] = (*rows[-1][:2], rows[-1][2] & ~SPIKE_MASK | last & SPIKE_MASK)
                part -= 1
                break
        memory.replace(first, part, _split(rows, bases))
        self._forget(memory.live.times[-1])
        for row, before in zip(rows, was, strict=True):
            if before is None:
                new[row[0]].verdict = row[2]
            elif row[2] != before:
                self._note(row[0], row[1], before, row[2])

    # ------------------------------------------------------------------------------------------------ snapshot

    def state(self) -> tuple[dict[str, Any], list[bytes]]:
        """Give the state as plain values and packed rows."""
        clashes = [(time_s, values) for time_s, values in self._clashes.items()]
        return {
            "suite": self.suite.state(),
            "gaps": self.gaps.state(),
            "clashes": clashes,
            "last": None if self.last is None else tuple(self.last),
            "last_flag": self.last_flag,
        }, self.memory.state()

    @classmethod
    def from_state(
        cls, profile: SeriesProfile, pace: Timetable | int, state: Mapping[str, Any], rows: Sequence[bytes]
    ) -> "Series":
        """Go on from where a `state()` was taken."""
        series = cls(profile, pace)
        series.suite = SeriesSuite.from_state(profile.thresholds, state["suite"]).follow(pace)
        series.gaps = GapLedger.from_state(pace, state["gaps"])
        series.memory = SeriesMemory.from_state(rows)
        series._clashes = {time_s: tuple(values) for time_s, values in state["clashes"]}
        last = state["last"]
        series.last = None if last is None else ParsedReading._make([*last[:7], tuple(last[7]), *last[8:]])
        series.last_flag = Flag(state["last_flag"])
        return series


def _plain(suite: SeriesSuite) -> bytes:
    """The state as it is kept: a copy, for what orjson gives holds its whole buffer of four kilobytes."""
    return bytes(memoryview(orjson.dumps(suite.state())))


def _split(rows: Sequence[Row], bases: Sequence[bytes]) -> list[Columns]:
    """Part rows into blocks; a small rest joins the one before it."""
    starts = [at for at in range(0, len(rows), BLOCK) if not at or len(rows) - at >= BLOCK // 2]
    ends = [*starts[1:], len(rows)]
    return [columns_of(bases[start // BLOCK], rows[start:end]) for start, end in zip(starts, ends, strict=True)]
