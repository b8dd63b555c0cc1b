"""The traffic clock: writes what vehicles drove, counts their violations by day, and keeps whose vehicle it was.

It works for a part of the time only and rests in between, so a great fleet is written more rarely, at no greater cost.
Every row is written whole: a pass that a kill cut off, or one made twice, changes no sum.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

import structlog
import trio

from actors.day_marks import DayMarks
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.month_maker import MonthMaker
from actors.rounds import go_rounds, rested
from actors.rules.counted_day import Cases, count_day
from actors.vehicle import VehicleActor
from protocols.times import day_number
from protocols.vocabulary import ActorState
from storage.database import Database
from storage.traffic_days import DONE, counts_of, dirty_days, driven, violations_of_days
from storage.vehicle_owners import owner_units
from storage.writer import Unit, Writer

log = structlog.get_logger()

PERIOD_S = 1.0
OWNERS_VERSION, OWNERS_COUNT = "owners.version", "owners.vehicles"
VEHICLES_TOGETHER, DAYS_TOGETHER = 500, 200
TRUSTED = (ActorState.RUNNING, ActorState.BEHIND)


class TrafficClock:
    """The service `clock:traffic`.

    Args:
        vehicles: vehicle id -> actor.
        version: the inventory's version.
        counted: the stored value of a mark.
    """

    def __init__(
        self,
        now: Now,
        host: Host,
        writer: Writer,
        database: Database,
        marks: DayMarks,
        vehicles: Mapping[int, VehicleActor],
        version: Callable[[], int],
        counted: Callable[[str], int],
    ) -> None:
        self._now = now
        self._host = host
        self._writer = writer
        self._database = database
        self._marks = marks
        self._vehicles = vehicles
        self._version = version
        self._known = counted(OWNERS_VERSION), counted(OWNERS_COUNT)
        """Version and vehicles of the registry that the owners are those of."""
        self._in_order = False
        """Whether whoever is not known yet stands at the end: a start reads vehicles by number, not as they came."""
        self.moving: Callable[[], Iterable[VehicleActor]] = vehicles.values
        """Who may have come further than what was written."""
        self._months = MonthMaker(now, host, writer, database, counted)
        self.caught_up: Callable[[], Awaitable[None]] = trio.lowlevel.checkpoint
        """Waits until vehicles have received all that was judged before: what they drove only grows."""
        self.written = 0
        self.counted = 0

    async def run(self, ready: Callable[[], None]) -> None:
        """Pass after pass, for ever."""
        ready()
        await self.caught_up()
        await go_rounds(self.look, lambda reason: log.warning("traffic_waits", reason=reason), PERIOD_S)

    async def look(self) -> None:
        """One pass: owners, way and time, violations, months that are over."""
        await self._host(self._owners)
        actors, due = iter(self.moving()), list[VehicleActor]()
        begun_s = trio.current_time()
        while some := list(islice(actors, VEHICLES_TOGETHER)):
            due += filter(_is_due, some)
            if len(due) >= VEHICLES_TOGETHER:
                await self._host(partial(self._write, due))
                due = []
            begun_s = await rested(begun_s)
        if due:
            await self._host(partial(self._write, due))
        while await self._host(self._count):
            begun_s = await rested(begun_s)
        await rested(begun_s)
        await self._months.look()

    async def _owners(self) -> None:
        """Bring the owners up to the registry where it changed; between imports only vehicles come."""
        version, count = self._version(), len(self._vehicles)
        known_version, known_count = self._known
        if (version, count) == self._known:
            self._in_order = True
            return
        changed = list(islice(self._vehicles, known_count if self._in_order and version == known_version else 0, None))
        for unit in owner_units(changed, day_number(int(self._now()))):
            await self._writer.store(unit)
        done = Unit()
        done.mark(OWNERS_VERSION, version)
        done.mark(OWNERS_COUNT, count)
        await self._writer.store(done)
        self._known, self._in_order = (version, count), True

    async def _write(self, actors: Sequence[VehicleActor]) -> None:
        """Write what each vehicle's newest day came to so far; the days before were told when they were over."""
        taken = [(actor, actor.seq) for actor in actors if _is_due(actor)]
        unit = Unit()
        for actor, _ in taken:
            unit.updates.extend(driven(actor.vehicle_id, *actor.rules.totals()))
        await self._writer.store(unit)
        for actor, seq in taken:
            actor.summed_seq = seq
        self.written += len(taken)

    async def _count(self) -> bool:
        """Count the violations of some days; whether there are more."""
        waiting = await dirty_days(DAYS_TOGETHER)
        if not waiting:
            return False
        self._marks.let_go(waiting)
        await self._writer.flush()
        unit = Unit()
        groups = await violations_of_days(self._database, waiting[-1].id)
        for (vehicle_id, day), rows in groupby(groups, itemgetter("vehicle_id", "day")):
            unit.updates.extend(counts_of(vehicle_id, day, count_day(map(_cases, rows)).values()))
        unit.updates.extend((DONE, (row.id,)) for row in waiting)
        await self._writer.store(unit)
        self.counted += len(waiting)
        return len(waiting) == DAYS_TOGETHER

    def statistics(self) -> dict[str, float | int | str]:
        """What the console and the dump show."""
        return {
            "written": self.written,
            "counted": self.counted,
        }


def _is_due(actor: VehicleActor) -> bool:
    """A track that is to be judged anew says nothing until then."""
    return actor.summed_seq != actor.seq and not actor.touched_s and actor.state in TRUSTED and actor.rules.has_day


def _cases(row: Mapping[str, Any]) -> Cases:
    return Cases(
        row["kind"] or "",
        row["band"] or "",
        int(row["cases"]),
        int(row["lasted_s"] or 0),
        float(row["distance_m"] or 0.0),
        float(row["worst_kmh"] or 0.0),
        int(row["messages"] or 0),
    )
