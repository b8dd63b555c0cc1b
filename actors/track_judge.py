"""Judges a touched track anew and stores what that changes: violations, stretches at the wheel, totals of days.

What came after it meanwhile is judged too: a vehicle that sends each second would never be judged to its end.
Invariant: an actor goes on from a recomputation only once that has seen all that the actor received.
"""

from enum import Enum, auto

import structlog

from actors.messages import DroveStretch
from actors.rejudging import FAR_S, NEAR_S, Judged, Rejudging, Track, begin_s, since_ms
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

MOST_ROUNDS = 5
"""So often a track is followed to what came meanwhile; then others get their turn."""
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
        await self._writer.flush()
        try:
            return await self._judge(actor, NEAR_S) or await self._judge(actor, FAR_S) or Outcome.AGAIN
        except DamagedPart as error:  # its own vehicles wait for the file; nobody behind them does
            log.error("track_unreadable", plate=actor.plate, reason=str(error))
            return Outcome.LATER

    async def _judge(self, actor: VehicleActor, before_s: int) -> Outcome | None:
        """Judge a track from so long before on; None where that does not show from where on it holds."""
        vehicle_id, head, touched_s, last_try = actor.vehicle_id, actor.seq, actor.touched_s, before_s == FAR_S
        rows = await self._journal.tracks.read(head, since_ms(touched_s, before_s), vehicle_id)
        whole = rows.is_whole
        from_s = 0 if whole else begin_s(touched_s, before_s)
        track = Track.arranged(rows, from_s, self._bodies)
        del rows
        if track is None:
            if not last_try:
                return None
            if (actor.seq, actor.touched_s) != (head, touched_s):
                return Outcome.AGAIN
            actor.take_over(actor.rules)
            return Outcome.SETTLED
        before = await stretch_before(vehicle_id, track.first_s)
        known = None if before is None else DroveStretch(vehicle_id, before.driver, before.start_s, before.end_s)
        judging = Rejudging(actor, track.first_s, known, touched_s, whole=whole)
        for _ in range(MOST_ROUNDS):
            if track is not None and not await judging.push(track):
                break
            judged = judging.judged(last_try=last_try)
            if judged is None:
                return None
            await self._store(vehicle_id, judged)
            if actor.touched_s != touched_s or actor.state is not ActorState.RUNNING:
                break
            if actor.seq == head:
                self.rejudged += 1
                judged.hand_over(actor)
                return Outcome.SETTLED
            after, head = head, actor.seq
            rows = await self._journal.tracks.read(head, 0, vehicle_id, after)
            track = Track.arranged(rows, from_s, self._bodies)
        return Outcome.AGAIN

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
