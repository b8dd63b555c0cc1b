"""The driving clock: judges touched tracks anew, and the hours of each licence over all its vehicles.

Tracks are found through their actors, which say of themselves that they are touched, also after a restart; licences
through the stretches stored since a mark that moves with the results.

Invariant: an actor goes on from a recomputation only if it received nothing meanwhile; else it is judged once more.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice

import orjson
import structlog
import trio

from actors.driver_hours import LOOK_BACK_S, OF_THE_DRIVER, REVISED_S, hours_of
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.ledger import violation_row
from actors.messages import DroveStretch, Effect, TrackTouched, ViolationFound
from actors.rejudging import FAR_S, NEAR_S, Judged, arranged, begin_s, judge_again, since_ms
from actors.rules.limit_book import LimitBook
from actors.vehicle import VehicleActor
from protocols.vocabulary import ActorState, ViolationKind
from storage.errors import UNREACHABLE
from storage.ids import Ids
from storage.models import ViolationRow
from storage.traffic_days import driven
from storage.violations import (
    newest_stretch_s,
    stretch_before,
    stretches_after,
    stretches_of_driver,
    stretches_of_vehicle,
    violations_of_driver,
    violations_of_vehicle,
)
from storage.waypoints import WaypointJournal
from storage.writer import RETRY_S, StoreError, Unit, Writer

log = structlog.get_logger()

PERIOD_S = 0.5
TRACKS_A_LOOK = 20
QUIET_S, LONGEST_WAIT_S = 1.0, 60.0
"""A touched track is judged when nothing came for so long, or so long after the last try."""
STRETCHES_A_LOOK = 500
JUDGED_STRETCHES = "judged.stretches"
"""The newest stretch whose driver's hours are judged."""
REVISE = "UPDATE violations SET vehicle_id = ?, end_s = ?, closed = ?, detail = ?, driver = ? WHERE id = ?"
WITHDRAW = "DELETE FROM violations WHERE id = ?"
FORGET_STRETCH = "DELETE FROM stretches WHERE id = ?"


class DrivingClock:
    """The service `clock:driving`.

    Args:
        vehicles: vehicle id -> actor.
        counted: the stored value of a mark.
    """

    def __init__(
        self,
        now: Now,
        host: Host,
        writer: Writer,
        ids: Ids,
        journal: WaypointJournal,
        vehicles: Mapping[int, VehicleActor],
        book: LimitBook,
        counted: Callable[[str], int],
    ) -> None:
        self._now = now
        self._host = host
        self._writer = writer
        self._ids = ids
        self._journal = journal
        self._vehicles = vehicles
        self._book = book
        self._counted = counted
        self._touched: OrderedDict[int, float] = OrderedDict()
        """Touched vehicles, each with when it was last tried."""
        self._drivers: set[str] = set()
        self._judged = 0
        self.rejudged = 0
        self.revised = 0
        self.changed: Callable[[Unit, int, int], None] = lambda unit, vehicle_id, start_s: None
        """Told of every violation that is new, revised or withdrawn here: the unit, its vehicle, its beginning."""

    def judged(self, unit: Unit, effects: Sequence[Effect]) -> None:
        """Hear of a round's effects while they are written: a touched track is looked at soon."""
        del unit
        for effect in effects:
            if type(effect) is TrackTouched:
                self._touched.setdefault(effect.vehicle_id, 0.0)

    async def run(self, ready: Callable[[], None]) -> None:
        """Look twice a second, for ever; what was touched when the process ended comes first."""
        self._judged = self._counted(JUDGED_STRETCHES)
        self._touched.update((number, 0.0) for number, actor in self._vehicles.items() if actor.touched_s)
        ready()
        while True:
            try:
                await self._host(self.look)
            except (StoreError, *UNREACHABLE) as error:
                log.warning("driving_waits", reason=str(error))
                await trio.sleep(RETRY_S)
            await trio.sleep(PERIOD_S)

    async def look(self) -> None:
        """Judge some touched tracks, then the drivers whose stretches changed."""
        now_s = self._now()
        for actor in list(islice(filter(None, map(partial(self._due, now_s), list(self._touched))), TRACKS_A_LOOK)):
            vehicle_id = actor.vehicle_id
            if not actor.touched_s or await self._track(actor):
                self._touched.pop(vehicle_id, None)
            else:
                self._touched[vehicle_id] = now_s
                self._touched.move_to_end(vehicle_id)
        while rows := await stretches_after(self._judged, STRETCHES_A_LOOK):
            self._drivers.update(row.driver for row in rows)
            await self._hours(rows[-1].id)
        if self._drivers:
            await self._hours(self._judged)

    def _due(self, now_s: float, vehicle_id: int) -> VehicleActor | None:
        """While a backlog pours in, a track is not read again and again."""
        actor = self._vehicles[vehicle_id]
        quiet = now_s - actor.last_seen_ms / 1000 >= QUIET_S or now_s - self._touched[vehicle_id] >= LONGEST_WAIT_S
        return actor if quiet else None

    async def _track(self, actor: VehicleActor) -> bool:
        """Judge one track anew; whether its actor could go on from it."""
        if actor.state is not ActorState.RUNNING:
            return False
        head, touched_s = actor.seq, actor.touched_s
        await self._writer.flush()
        judged = await self._judge(actor, head, touched_s, NEAR_S) or await self._judge(actor, head, touched_s, FAR_S)
        if judged is None:
            return True
        unit = Unit()
        since = judged.since
        stored = await violations_of_vehicle(actor.vehicle_id, since, min(since.values()))
        self._revise(unit, [row for row in stored if row.start_s >= since[ViolationKind(row.kind)]], judged.violations)
        unit.updates.extend(driven(*day) for day in judged.days)
        await self._stretches(unit, actor.vehicle_id, judged)
        if unit.rows or unit.updates:
            await self._writer.store(unit)
        self.rejudged += 1
        if (actor.seq, actor.touched_s) != (head, touched_s) or actor.state is not ActorState.RUNNING:
            return False
        actor.take_over(judged.rules)
        return True

    async def _judge(self, actor: VehicleActor, head: int, touched_s: int, before_s: int) -> Judged | None:
        vehicle_id = actor.vehicle_id
        rows = await self._journal.track(head, since_ms=since_ms(touched_s, before_s), vehicle_id=vehicle_id)
        whole = bool(rows) and rows[0].prev <= 0
        track = arranged(rows, 0 if whole else begin_s(touched_s, before_s))
        if not track:
            return None
        before = await stretch_before(vehicle_id, track[0].time_s)
        known = [] if before is None else [DroveStretch(vehicle_id, before.driver, before.start_s, before.end_s)]
        return judge_again(actor, track, known, whole or before_s == FAR_S, touched_s)

    def _revise(self, unit: Unit, stored: Iterable[ViolationRow], found: Iterable[ViolationFound]) -> None:
        """Make the stored rows what was found: new, changed and withdrawn ones; the others stay as they are."""
        kept = {(row.kind, row.start_s): row for row in stored}
        for case in found:
            row = kept.pop((str(case.kind), case.start_s), None)
            if row is None:
                unit.add("violations", violation_row(self._ids.take("violations"), case))
                self.changed(unit, case.vehicle_id, case.start_s)
            elif (row.vehicle_id, row.end_s, row.closed, row.detail) != (
                case.vehicle_id, case.end_s, case.closed, orjson.loads(orjson.dumps(case.detail)),
            ):  # fmt: skip
                detail = orjson.dumps(case.detail).decode()
                values = (case.vehicle_id, case.end_s, case.closed, detail, case.driver, row.id)
                unit.updates.append((REVISE, values))
                self.revised += 1
                self.changed(unit, row.vehicle_id, row.start_s)
                self.changed(unit, case.vehicle_id, case.start_s)
        for row in kept.values():
            unit.updates.append((WITHDRAW, (row.id,)))
            self.revised += 1
            self.changed(unit, row.vehicle_id, row.start_s)

    async def _stretches(self, unit: Unit, vehicle_id: int, judged: Judged) -> None:
        known = await stretches_of_vehicle(vehicle_id, judged.first_s)
        true = {one.start_s: one for one in judged.stretches}
        for row in known:
            one = true.get(row.start_s)
            if one is None:
                unit.updates.append((FORGET_STRETCH, (row.id,)))
                self._drivers.add(row.driver)
            elif (row.driver, row.end_s) == (one.driver, one.end_s):
                del true[row.start_s]
            else:
                self._drivers.add(row.driver)
        for one in true.values():
            unit.add("stretches", (self._ids.take("stretches"), *one))

    async def _hours(self, mark: int) -> None:
        """Judge the hours of the drivers in question, and move the mark with the results."""
        unit, drivers = Unit(), sorted(self._drivers)
        for driver in drivers:
            newest_s = await newest_stretch_s(driver)
            rows = await stretches_of_driver(driver, newest_s - LOOK_BACK_S)
            from_s = newest_s - REVISED_S
            own = [DroveStretch(row.vehicle_id, driver, row.start_s, row.end_s) for row in rows]
            stored = await violations_of_driver(driver, OF_THE_DRIVER, from_s)
            found = [case for case in hours_of(driver, own, self._book.on(newest_s).driving) if case.start_s >= from_s]
            self._revise(unit, stored, found)
        if mark > self._judged:
            unit.mark(JUDGED_STRETCHES, mark)
        if unit.rows or unit.updates:
            await self._writer.store(unit)
        self._judged = max(self._judged, mark)
        self._drivers.difference_update(drivers)

    def statistics(self) -> dict[str, float | int | str]:
        """What the console and the dump show."""
        return {"touched": len(self._touched), "rejudged": self.rejudged, "revised": self.revised}
