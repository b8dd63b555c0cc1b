"""Judges a touched track anew and stores what that changes: violations, stretches at the wheel, totals of days.

Invariant: an actor goes on from a recomputation only if it received nothing meanwhile; else it is judged once more.
"""

from enum import Enum, auto

import structlog

from actors.messages import DroveStretch
from actors.rejudging import FAR_S, NEAR_S, Judged, Track, begin_s, judge_again, since_ms
from actors.vehicle import VehicleActor
from actors.violation_rows import ViolationRows
from protocols.formats.ufms_track import TrackBodies
from protocols.vocabulary import ActorState, ViolationKind
from storage.ids import Ids
from storage.parquet_parts import DamagedPart
from storage.traffic_days import driven
from storage.violations import stretch_before, stretches_of_vehicle, violations_of_vehicle
from storage.waypoints import WaypointJournal
from storage.writer import Unit, Writer

log = structlog.get_logger()

FORGET_STRETCH = "DELETE FROM stretches WHERE id = ?"


class Outcome(Enum):
    """How a track stands after a try."""

    SETTLED = auto()
    AGAIN = auto()
    LATER = auto()
    """What it stands on cannot be read now."""


class TrackJudge:
    """Reads tracks back from the journal.

    `drivers` gathers licences whose stretches changed, each with the earliest instant at which they did.
    """

    def __init__(self, writer: Writer, ids: Ids, journal: WaypointJournal, violations: ViolationRows) -> None:
        self._writer = writer
        self._ids = ids
        self._journal = journal
        self._bodies = TrackBodies()
        self.violations = violations
        self.drivers: dict[str, int] = {}
        self.rejudged = 0

    def note(self, driver: str, time_s: int) -> None:
        """A licence's hours must be judged from this instant on."""
        self.drivers[driver] = min(time_s, self.drivers.get(driver, time_s))

    async def judge(self, actor: VehicleActor) -> Outcome:
        """Judge one track anew; settled where its actor could go on from it."""
        if actor.state is not ActorState.RUNNING:
            return Outcome.AGAIN
        head, touched_s = actor.seq, actor.touched_s
        await self._writer.flush()
        try:
            judged = await self._judge(actor, head, touched_s, NEAR_S) or await self._judge(
                actor, head, touched_s, FAR_S
            )
        except DamagedPart as error:  # its own vehicles wait for the file; nobody behind them does
            log.error("track_unreadable", plate=actor.plate, reason=str(error))
            return Outcome.LATER
        if judged is not None:
            await self._store(actor.vehicle_id, judged)
            self.rejudged += 1
        if (actor.seq, actor.touched_s) != (head, touched_s) or actor.state is not ActorState.RUNNING:
            return Outcome.AGAIN
        actor.take_over(actor.rules if judged is None else judged.rules)
        return Outcome.SETTLED

    async def _judge(self, actor: VehicleActor, head: int, touched_s: int, before_s: int) -> Judged | None:
        vehicle_id = actor.vehicle_id
        rows = await self._journal.tracks.read(head, since_ms(touched_s, before_s), vehicle_id)
        whole = rows.is_whole
        track = Track.arranged(rows, 0 if whole else begin_s(touched_s, before_s), self._bodies)
        if track is None:
            return None
        before = await stretch_before(vehicle_id, track.first_s)
        known = None if before is None else DroveStretch(vehicle_id, before.driver, before.start_s, before.end_s)
        return await judge_again(actor, track, known, touched_s, whole=whole, last_try=before_s == FAR_S)

    async def _store(self, vehicle_id: int, judged: Judged) -> None:
        unit, since = Unit(), judged.since
        stored = await violations_of_vehicle(vehicle_id, since, min(since.values()))
        standing = [row for row in stored if row.start_s >= since[ViolationKind(row.kind)]]
        self.violations.revise(unit, standing, judged.violations)
        unit.updates.extend(update for day in judged.days for update in driven(*day))
        true = {one.start_s: one for one in judged.stretches}
        for row in await stretches_of_vehicle(vehicle_id, judged.first_s):
            one = true.get(row.start_s)
            if one is not None and (row.driver, row.end_s) == (one.driver, one.end_s):
                del true[row.start_s]
                continue
            self.note(row.driver, row.start_s)
            if one is None:
                unit.updates.append((FORGET_STRETCH, (row.id,)))
        for one in true.values():
            unit.add("stretches", (self._ids.take("stretches"), *one))
        if unit.rows or unit.updates:
            await self._writer.store(unit)
