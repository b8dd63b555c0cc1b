"""Judges again, each night, what came too late for an actor's memory: the stored series of a station as a whole.

Until then the temporal tests of such a value say NOT_EVALUATED. The batch judges the series around it and revises what
differs, in the transaction that lets the hours be made again. A neighbour that was judged with an older version of its
thresholds keeps its flags, and what the actor still remembers is the actor's.
Invariant: values are read, never changed; a night that is run twice revises nothing the second time.
"""

from collections.abc import Callable, Mapping, Sequence

from actors.kernel.clock import Now
from actors.messages import Effect, ReadingRevised
from actors.rules.suite import SeriesRecord
from actors.rules.timetable import Timetable
from actors.station_batch import judge_station
from actors.station_profile import StationProfile
from protocols.times import DAY_S, hour_end
from protocols.verdict import ARRIVAL_SHIFT, RESENT, flag_of
from protocols.vocabulary import Flag
from storage.ids import Ids
from storage.late_readings import LateSpan, StoredRow, late_spans, newest_reading, stored_series
from storage.writer import Unit, Writer

SEEN = "nightly.readings"
"""The newest reading that a night has seen."""
REMEMBERED_S = 48 * 3600
"""So far back an actor judges late values itself."""
KEPT_BITS = 15 << ARRIVAL_SHIFT | RESENT
REVISE = "UPDATE readings SET flag = ?, verdict = ?, params_id = ? WHERE id = ?"
WINDOW_S = 10 * DAY_S
"""A long span is judged so much at a time."""


class LateJudge:
    """The nightly task.

    Args:
        profiles: station id -> profile.
        seen: the newest reading that a night has seen, as counted.
        touched: called when hours must be made again.
    """

    def __init__(
        self,
        now: Now,
        writer: Writer,
        ids: Ids,
        profiles: Callable[[int], StationProfile | None],
        seen: Callable[[], int],
        touched: Callable[[], None],
    ) -> None:
        self._now = now
        self._writer = writer
        self._ids = ids
        self._profiles = profiles
        self._seen = seen
        self._touched = touched
        self.pace: Callable[[StationProfile], Timetable] = lambda profile: profile.timetable
        """The timetable that a station follows now, increased frequency included."""
        self.watch: Callable[[Unit, Sequence[Effect]], None] = lambda unit, effects: None
        """Writes down published control states that change."""

    async def night(self) -> int:
        """Judge what came late since the last night; returns how many readings were revised."""
        newest, older_s = await newest_reading(), int(self._now()) - REMEMBERED_S
        revised = 0
        for span in await late_spans(self._seen(), newest, older_s):
            profile = self._profiles(span.station_id)
            if profile is not None:
                revised += await self._station(profile, span, older_s)
        unit = Unit()
        unit.count(SEEN, newest - self._seen())
        await self._writer.store(unit)
        if revised:
            self._touched()
        return revised

    async def _station(self, profile: StationProfile, span: LateSpan, older_s: int) -> int:
        before_s, after_s = reach(profile)
        revised, at_s = 0, span.first_s
        while at_s <= span.last_s:
            to_s = min(at_s + WINDOW_S, span.last_s)
            rows = await stored_series(profile.station_id, at_s - before_s, to_s + after_s)
            judged = judge_rows_again(profile, rows, self.pace(profile))
            changed = [row for row in judged if at_s - DAY_S <= row.time_s <= min(to_s + after_s, older_s)]
            if changed:
                await self._revise(profile, changed)
            revised += len(changed)
            at_s = to_s + 1
        return revised

    async def _revise(self, profile: StationProfile, rows: Sequence[StoredRow]) -> None:
        unit, since_ms = Unit(), int(self._now() * 1000)
        told = [ReadingRevised(profile.station_id, r.parameter, r.time_s, Flag(r.flag), r.verdict) for r in rows]
        self.watch(unit, told)
        for row in rows:
            unit.updates.append((REVISE, (row.flag, row.verdict, row.params_id, row.id)))
        for hour_s in sorted({hour_end(row.time_s) for row in rows}):
            unit.add("dirty_hours", (self._ids.take("dirty_hours"), profile.station_id, hour_s, since_ms))
        await self._writer.store(unit)


def reach(profile: StationProfile) -> tuple[float, float]:
    """How much before and after a late value the tests of a station look, with a day more to be settled in."""
    windows = [series.thresholds.replay_window(0) for series in profile.series] or [(-3600.0, 3600.0)]
    return DAY_S - min(before for before, _ in windows), max(after for _, after in windows)


def judge_rows_again(
    profile: StationProfile, rows: Sequence[StoredRow], pace: Timetable | None = None
) -> list[StoredRow]:
    """Judge stored rows as a whole; gives those whose verdict is another now, with it."""
    by_symbol: dict[str, list[StoredRow]] = {}
    for row in rows:
        by_symbol.setdefault(row.parameter, []).append(row)
    judged = judge_station(profile, {symbol: list(map(_record, own)) for symbol, own in by_symbol.items()}, pace)
    changed: list[StoredRow] = []
    for symbol, verdicts in judged.items():
        active: dict[int, StoredRow] = {}
        for row in by_symbol[symbol]:
            active.setdefault(row.time_s, row)
        params_id = profile.series_stored(symbol).params_id
        for found in verdicts:
            row = active[found.time_s]
            verdict = found.verdict | row.verdict & KEPT_BITS
            if verdict != row.verdict and may_change(row, params_id):
                changed.append(row._replace(verdict=verdict, flag=int(found.flag), params_id=params_id))
    return changed


def may_change(row: StoredRow, params_id: int) -> bool:
    """A row judged with the thresholds in use, or not yet in full; others keep the flags of their version."""
    return row.params_id == params_id or any(
        flag_of(row.verdict, test) == Flag.NOT_EVALUATED for test in ("step", "flat_line", "gap")
    )


def _record(row: StoredRow) -> SeriesRecord:
    before: Mapping[str, Flag] = {
        test: Flag(flag) for test in ("syntax", "order") if (flag := flag_of(row.verdict, test))
    }
    return SeriesRecord(row.time_s, row.value, before)
