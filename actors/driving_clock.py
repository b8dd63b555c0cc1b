"""The driving clock: has touched tracks judged anew, and judges the hours of each licence over all its vehicles.

Tracks are found through their actors, which say of themselves that they are touched, also after a restart; licences
through the stretches stored since a mark that moves with the results, and through cases that time alone closes.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import structlog
import trio

from actors.driver_hours import (
    KEPT_S,
    OF_THE_DRIVER,
    WIDE_S,
    begin_of_hours,
    hours_by,
    shortest_s,
    since_of,
    window_s,
)
from actors.fleet import Fleet
from actors.kernel.clock import Now, monotonic, processor_s
from actors.kernel.crossing import Host
from actors.leisure import rest_after, rest_as_needed
from actors.messages import DroveStretch, Effect, TrackTouched
from actors.rounds import AWAY, go_rounds
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_rules import GROWTH_S
from actors.touched_tracks import TouchedTracks
from actors.track_judge import Outcome, TrackJudge
from actors.violation_rows import ViolationRows
from protocols.vocabulary import ViolationKind
from storage.ids import Ids
from storage.models import StretchRow, ViolationRow
from storage.violations import open_violations, stretches_after, stretches_of_drivers, violations_of_drivers
from storage.waypoints import WaypointJournal
from storage.writer import RETRY_S, Unit, Writer

log = structlog.get_logger()

PERIOD_S = 0.5
LOOK_S = 3.0
"""Touched tracks get so much of each look, rests included; the others wait for the next."""
UNREADABLE_S = 600.0
"""A track whose past stands in a damaged file is tried again so much later."""
CLOSING_S = 60.0
"""So often those cases are looked at that nothing but time closes."""
STRETCHES_A_LOOK, DRIVERS_TOGETHER, MOST_DAYS = 500, 200, 100_000
"""While so many stretches wait, it works at leisure: a fleet that sets out together must not take two fifths of the
processor from those whose waypoints wait for their confirm."""
FORGET_OLD = "DELETE FROM stretches WHERE id <= ?"
SWEPT_S, SWEPT_STRETCHES = "swept.stretches_s", "swept.stretches"
JUDGED_STRETCHES = "judged.stretches"
"""The newest stretch whose driver's hours are judged."""


class Day(NamedTuple):
    """A working day of a licence, as far as it is known."""

    start_s: int
    end_s: int
    """Until then it drove."""


class DrivingClock:
    """The service `clock:driving`.

    Args:
        counted: the stored value of a mark.
    """

    def __init__(
        self,
        now: Now,
        host: Host,
        writer: Writer,
        ids: Ids,
        journal: WaypointJournal,
        vehicles: Fleet,
        book: LimitBook,
        counted: Callable[[str], int],
    ) -> None:
        self._now = now
        self._host = host
        self._writer = writer
        self._vehicles = vehicles
        self._book = book
        self._counted = counted
        self.rows = ViolationRows(ids)
        self._tracks = TrackJudge(writer, ids, journal, self.rows)
        self._touched = TouchedTracks(vehicles.actor)
        self._days: OrderedDict[str, Day] = OrderedDict()
        """The working day of a licence: nothing later can change where it began. A cache, no state."""
        self._open: dict[str, int] = {}
        """Licences with a case that may still grow, and when it began."""
        self._judged = 0
        self._closed_s = 0.0
        self.caught_up: Callable[[], Awaitable[None]] = trio.lowlevel.checkpoint
        """Waits until vehicles have received all that was judged before: a track is judged as far as it is known."""
        self._swept = 0, 0
        """When, and up to which stretch."""

    def judged(self, unit: Unit, effects: Sequence[Effect]) -> None:
        """Hear of a round's effects while they are written: a touched track is looked at soon."""
        del unit
        self.touch(effect.vehicle_id for effect in effects if type(effect) is TrackTouched)

    def touch(self, vehicle_ids: Iterable[int]) -> None:
        """Look at these vehicles' tracks: they may have to be judged anew."""
        self._touched.touch(vehicle_ids, self._now())

    async def run(self, ready: Callable[[], None]) -> None:
        """Look twice a second, for ever; what was touched when the process ended comes first."""
        ready()
        await self.caught_up()
        while not await self._host(self.begin):
            await trio.sleep(RETRY_S)
        await go_rounds(partial(self._host, self.look), _stuck, PERIOD_S)

    async def begin(self) -> bool:
        """Take up what stood open when the process ended; False where the store cannot be asked."""
        self._judged = self._counted(JUDGED_STRETCHES)
        self._swept = self._counted(SWEPT_S), self._counted(SWEPT_STRETCHES)
        self.touch(self._vehicles.all_touched())
        try:
            stood = await open_violations(OF_THE_DRIVER)
        except AWAY as error:
            _stuck(str(error))
            return False
        self._open = {case.driver: case.start_s for case in stood}
        return True

    async def look(self) -> None:
        """Judge some touched tracks, then the drivers whose stretches changed or whose cases may be over."""
        now_s = self._now()
        await self._judge_touched()
        begun_s = monotonic()
        while rows := await stretches_after(self._judged, STRETCHES_A_LOOK):
            for row in rows:
                if not self._is_early(row):
                    self._tracks.note(row.driver, row.start_s)
            await self._hours(rows[-1].id)
            if len(rows) == STRETCHES_A_LOOK:
                await rest_after(monotonic() - begun_s)
                begun_s = monotonic()
                await self._judge_touched()
        if now_s - self._closed_s >= CLOSING_S:
            self._closed_s = now_s
            for driver, start_s in self._open.items():
                self._tracks.note(driver, start_s)
        await self._hours(self._judged)
        if now_s - self._swept[0] >= KEPT_S:
            await self._sweep(int(now_s))

    async def _judge_touched(self) -> None:
        until_s = monotonic() + LOOK_S
        for vehicle_id in self._touched.in_turn(self._now()):
            begun_s = processor_s()
            await self._judge(vehicle_id)
            await rest_as_needed(processor_s() - begun_s)
            if monotonic() >= until_s:
                break

    async def _sweep(self, now_s: int) -> None:
        """Let go of the stretches that did not change since the sweep before, whatever times they speak of."""
        unit = Unit(updates=[(FORGET_OLD, (self._swept[1],))])
        unit.mark(SWEPT_S, now_s)
        unit.mark(SWEPT_STRETCHES, self._judged)
        await self._writer.store(unit)
        self._swept = now_s, self._judged

    async def _judge(self, vehicle_id: int) -> None:
        actor = self._vehicles[vehicle_id]
        outcome = await self._tracks.judge(actor) if actor.touched_s else Outcome.SETTLED
        if outcome is Outcome.SETTLED:
            self._touched.settle(vehicle_id)
        else:
            self._touched.put_off(vehicle_id, self._now(), UNREADABLE_S if outcome is Outcome.LATER else 0.0)

    async def _hours(self, mark: int) -> None:
        """Judge the hours of the drivers in question, and move the mark with the results."""
        changed = self._tracks.drivers
        by_time = sorted(changed, key=lambda driver: changed[driver])
        unit = Unit()
        for at in range(0, len(by_time), DRIVERS_TOGETHER):
            await self._judge_hours(unit, {driver: changed[driver] for driver in by_time[at : at + DRIVERS_TOGETHER]})
        if mark > self._judged:
            unit.mark(JUDGED_STRETCHES, mark)
        if unit.rows or unit.updates:
            await self._writer.store(unit)
        self._judged = max(self._judged, mark)
        for driver in by_time:
            del changed[driver]

    def _is_early(self, row: StretchRow) -> bool:
        """Whether the licence's working day is too short for any violation, until its next growth is told at least."""
        day = self._days.get(row.driver)
        if day is None or row.start_s < day.start_s or row.driver in self._open:
            return False
        end_s = max(day.end_s, row.end_s)
        over_s = min(shortest_s(self._book.on(at_s).driving) for at_s in (day.start_s, end_s))
        if end_s + GROWTH_S >= day.start_s + over_s:
            return False
        self._days[row.driver] = Day(day.start_s, end_s)
        return True

    async def _judge_hours(self, unit: Unit, changed: Mapping[str, int]) -> None:
        """Judge some licences together, each from the beginning of the working day of its earliest change on."""
        now_s, days = self._now(), self._days
        near_s = {driver: self._near(driver, changed_s) for driver, changed_s in changed.items()}
        rows = self._by_driver(await stretches_of_drivers(list(changed), min(near_s.values())))
        begins = {driver: self._begin(driver, rows[driver], near_s[driver], at_s) for driver, at_s in changed.items()}
        if unsure := [driver for driver, begin in begins.items() if begin is None]:
            wide = self._by_driver(await stretches_of_drivers(unsure, min(map(changed.__getitem__, unsure)) - WIDE_S))
            for driver in unsure:
                changed_s = changed[driver]
                rows[driver] = [one for one in wide[driver] if one.start_s >= changed_s - WIDE_S]
                begin = begin_of_hours(rows[driver], self._book.on(changed_s).driving, changed_s, widest=True)
                begins[driver] = changed_s if begin is None else begin
        since: dict[str, dict[ViolationKind, int]] = {}
        for driver, changed_s in changed.items():
            since[driver] = since_of(self._book.on(changed_s).driving, begins[driver] or 0, changed_s)
        first_s = min(min(each.values()) for each in since.values())
        stored: defaultdict[str, list[ViolationRow]] = defaultdict(list)
        for row in await violations_of_drivers(list(changed), OF_THE_DRIVER, first_s):
            stored[row.driver].append(row)
        for driver, from_s in since.items():
            limits = self._book.on(changed[driver]).driving
            hours = hours_by(driver, rows[driver], self._book, begins[driver] or 0, now_s)
            found = [case for case in hours.cases if case.start_s >= from_s[case.kind]]
            standing = [row for row in stored[driver] if row.start_s >= from_s[ViolationKind(row.kind)]]
            self.rows.revise(unit, standing, found)
            if going_on := [case.start_s for case in found if not case.closed]:
                self._open[driver] = min(going_on)
            else:
                self._open.pop(driver, None)
            days.pop(driver, None)
            if hours.day_s is not None and limits.week_driving_s is None:
                days[driver] = Day(hours.day_s, max(one.end_s for one in rows[driver]))
        while len(days) > MOST_DAYS:
            days.popitem(last=False)

    def _begin(self, driver: str, rows: Sequence[DroveStretch], near_s: int, changed_s: int) -> int | None:
        """Where a licence's hours begin, if what was read at first shows it."""
        day = self._days.get(driver)
        if day is not None and day.start_s == near_s:
            return near_s
        return begin_of_hours(rows, self._book.on(changed_s).driving, changed_s)

    def _near(self, driver: str, changed_s: int) -> int:
        """From when on stretches are read at first: the known beginning of the day, else some days before."""
        day = self._days.get(driver)
        if day is not None and day.start_s <= changed_s:
            return day.start_s
        return changed_s - window_s(self._book.on(changed_s).driving)

    def _by_driver(self, rows: Sequence[StretchRow]) -> defaultdict[str, list[DroveStretch]]:
        """Stretches of each licence, one that goes on as far as its vehicle has come: stored ones lag behind."""
        found: defaultdict[str, list[DroveStretch]] = defaultdict(list)
        for row in rows:
            actor, end_s = self._vehicles.get(row.vehicle_id), row.end_s
            if actor is not None and not actor.touched_s and (newest := actor.rules.stretch) is not None:
                end_s = newest.end_s if newest[:2] == (row.driver, row.start_s) else end_s
            found[row.driver].append(DroveStretch(row.vehicle_id, row.driver, row.start_s, end_s))
        return found

    def statistics(self) -> dict[str, float | int | str]:
        """What the console and the dump show."""
        return {"touched": len(self._touched), "rejudged": self._tracks.rejudged, "revised": self.rows.revised}


def _stuck(reason: str) -> None:
    log.warning("driving_waits", reason=reason)
