"""The averaging clock: makes the products of every touched hour and day, and the files that destinations are owed.

An hour is made once, when it is due (minute 5 by default); what arrives later touches it again and makes a new version
if a product changed. A day is made when its last hour was. Both worklists are durable: they are written with what
touches them and taken away with what is made (docs/decisions/0008-hourly-worklist.md).
Invariant: what was complete when its hour was due is made at once; what came late, and days, are made at leisure, so
that no number of late files takes the intake's time and makes more files late.
Source: TT 10/2021/TT-BTNMT (hourly means to the ministry); 75 % completeness is a setting (docs/rules.md).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import structlog

from actors.day_making import DayMaking
from actors.empty_hours import EmptyHours
from actors.hour_making import Hourly, HourMaking
from actors.hourly_owing import HourlyOwing
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.leisure import at_leisure
from actors.products import OnMade
from actors.station_profile import StationProfile
from actors.worklist import Worklist
from protocols.times import HOUR_S
from protocols.vocabulary import Period
from storage.hours import dirty_hours
from storage.ids import Ids
from storage.models import DestinationRow, DirtyDayRow, DirtyHourRow
from storage.products import dirty_days
from storage.writer import Unit, Writer

log = structlog.get_logger()

SETTLE_S = 2.0
"""A late value waits this long for its companions before its hour is made again."""
TOGETHER = 16
"""Station-hours of one transaction: enough to share the queries, few enough not to hold the loop."""
RUN_HOURS = 24
DONE = "DELETE FROM dirty_hours WHERE id = ?"
DAY_DONE = "DELETE FROM dirty_days WHERE id = ?"


class AveragingClock:
    """The service `clock:hourly`.

    Args:
        profiles: station id -> profile.
        destinations: name -> destination of kind files.
        owed: called with the destinations' names after their files were stored.
        on_made: each adds what follows from a making to the unit that stores it.
    """

    def __init__(
        self,
        now: Now,
        host: Host,
        writer: Writer,
        ids: Ids,
        profiles: Callable[[int], StationProfile | None],
        destinations: Callable[[], dict[str, DestinationRow]],
        owed: Callable[[set[str]], None],
        on_made: Sequence[OnMade] = (),
    ) -> None:
        self._now = now
        self._writer = writer
        self._destinations = destinations
        self._owed = owed
        self.hours = HourMaking(now, ids, profiles, HourlyOwing(now, ids, destinations), on_made)
        self._days = DayMaking(now, ids, profiles, self.hours)
        self._work = Worklist(host, self._make_due, lambda reason: log.warning("hours_wait", reason=reason))
        self._looked_s = 0
        self.made = 0
        self.empty: EmptyHours | None = None
        """Makes the hours in which nothing came; without it they have no products."""

    def touched(self) -> None:
        """Some hour was touched."""
        self._work.touched()

    async def run(self, ready: Callable[[], None]) -> None:
        """Make what is due, for ever."""
        ready()
        await self._work.run(self._sleep_s, SETTLE_S)

    def _sleep_s(self) -> float:
        """Until the next hour becomes due; no time where another one is the newest due than at the last look."""
        if self._due_s() != self._looked_s:
            return 0.0
        delay_s = self._delay_s()
        return HOUR_S - (self._now() - delay_s) % HOUR_S + 0.1

    def _delay_s(self) -> float:
        """How long after its end an hour is made: the earliest minute that a destination asks for."""
        return 60 * min((row.minute for row in self._destinations().values()), default=5)

    def _due_s(self) -> int:
        """What ended up to here is due."""
        return int((self._now() - self._delay_s()) // HOUR_S * HOUR_S)

    async def due(self) -> list[DirtyHourRow]:
        """The hours that wait and are due."""
        return await dirty_hours(self._due_s())

    async def due_days(self) -> list[DirtyDayRow]:
        """The days that wait and are due."""
        return await dirty_days(self._due_s())

    async def is_done(self) -> bool:
        """Whether nothing that is due waits."""
        return not await self.due() and not await self.due_days()

    async def _make_due(self) -> int:
        """Make what is due: the hours that are due for the first time, then what came late and the days."""
        due_s = self._looked_s = self._due_s()
        hours = await dirty_hours(due_s)
        if first := [row for row in hours if not self._is_late(row)]:
            for work, rows in hours_together(first):
                await self._make(work, rows)
            return len(first)
        if self.empty is not None and (filled := await self.empty.make(due_s)):
            return filled
        return await self._make_late(hours, due_s) or await self._make_days(due_s)

    def _is_late(self, row: DirtyHourRow) -> bool:
        """Whether it was touched when it should have been made already."""
        return bool(row.since_ms > 1000 * (row.hour_s + self._delay_s()))

    async def _make_late(self, hours: Sequence[DirtyHourRow], due_s: int) -> int:
        """Make hours again until another is due."""
        made = 0
        for work, rows in hours_together(hours):
            if self._due_s() != due_s:
                break
            async with at_leisure():
                await self._make(work, rows)
            made += len(rows)
        return made

    async def _make_days(self, due_s: int) -> int:
        """Make days until another hour is due."""
        made = 0
        for period, end_s, rows in days_together(await dirty_days(due_s)):
            if self._due_s() != due_s:
                break
            async with at_leisure():
                unit = Unit(updates=[(DAY_DONE, (row.id,)) for row in rows])
                await self._days.make(unit, period, end_s, [row.station_id for row in rows])
                await self._writer.store(unit)
            made += len(rows)
        return made

    async def _make(self, work: Hourly, rows: Sequence[DirtyHourRow]) -> None:
        unit = Unit(updates=[(DONE, (row.id,)) for row in rows])
        owed = await self.hours.make(unit, work)
        await self._writer.store(unit)
        self.made += len(rows)
        self._owed(owed)


def hours_together(hours: Iterable[DirtyHourRow]) -> Iterator[tuple[Hourly, list[DirtyHourRow]]]:
    """Put hours together that can be read together: stations that want the same run of hours; the newest run first."""
    by_station: dict[int, list[DirtyHourRow]] = defaultdict(list)
    for row in sorted(hours, key=lambda row: row.hour_s):
        by_station[row.station_id].append(row)
    runs: dict[tuple[int, int], list[list[DirtyHourRow]]] = defaultdict(list)
    for rows in by_station.values():
        for run in _runs(rows):
            runs[run[0].hour_s, run[-1].hour_s].append(run)
    for (first_s, last_s), found in sorted(runs.items(), key=lambda item: item[0][1], reverse=True):
        stations = max(1, TOGETHER // len(found[0]))
        for at in range(0, len(found), stations):
            some = found[at : at + stations]
            wanted = {run[0].station_id: frozenset(row.hour_s for row in run) for run in some}
            yield Hourly(first_s, last_s, wanted), [row for run in some for row in run]


def _runs(rows: Sequence[DirtyHourRow]) -> Iterator[list[DirtyHourRow]]:
    """Cut one station's hours, ascending, where an hour is not among them, and after so many."""
    run: list[DirtyHourRow] = []
    for row in rows:
        if run and (row.hour_s != run[-1].hour_s + HOUR_S or len(run) == RUN_HOURS):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def days_together(days: Iterable[DirtyDayRow]) -> Iterator[tuple[Period, int, list[DirtyDayRow]]]:
    """Put stations together that want the same day."""
    same: dict[tuple[str, int], list[DirtyDayRow]] = defaultdict(list)
    for row in days:
        same[row.period, row.end_s].append(row)
    for (period, end_s), rows in same.items():
        for at in range(0, len(rows), TOGETHER):
            yield Period(period), end_s, rows[at : at + TOGETHER]
