"""Turns what actors decided into rows: one unit per round, committed together with how far they have judged.

Every kind of effect has its line here; a new one that is forgotten fails the type check.
"""

from collections.abc import Callable, Collection, Sequence
from typing import assert_never

from actors.kernel.actor import SourceActor
from actors.messages import (
    DayCounted,
    DayDriven,
    DroveStretch,
    Effect,
    FailuresChanged,
    Flipped,
    GapChanged,
    HourTouched,
    ReadingJudged,
    ReadingRevised,
    TrackTouched,
    ViolationFound,
)
from actors.review_book import EpisodeBook
from actors.vehicle import VehicleActor
from actors.violation_rows import violation_row
from protocols.flags import NEIGHBOURED
from protocols.vocabulary import ActorState
from storage.bulk_updates import JUDGED, REVISE
from storage.ids import Ids
from storage.traffic_days import driven
from storage.writer import Unit, Writer

FAILURES_CHANGED = "UPDATE station_days SET failed = -1 WHERE station_id = ? AND day_s = ?"
JUDGED_WAYPOINTS = "judged.waypoints"
"""The newest waypoint row whose effects are stored."""
CRASHED = (ActorState.BACKING_OFF, ActorState.QUARANTINED)
AWAY = (
    "INSERT INTO actors (id, seq, judged, state, stopped_by) VALUES (?, 0, ?, ?, '') "
    "ON CONFLICT (id) DO UPDATE SET judged = excluded.judged, state = excluded.state"
)
"""A vehicle that does not run has a mark of its own; `state` says so, and is empty when the common mark holds again."""


class Ledger:
    """Writes effects. `told` is called with the effects of a round once they are stored.

    Args:
        received: the newest waypoint row that every running vehicle has received; None while mail is still waiting.
    """

    def __init__(
        self,
        writer: Writer,
        ids: Ids,
        told: Callable[[Sequence[Effect]], None],
        received: Callable[[], int | None],
    ) -> None:
        self._received = received
        self._writer = writer
        self._ids = ids
        self._told = told
        self._left: dict[str, int] = {}
        self.flipped = 0
        """The newest flip that was told."""
        self.book: EpisodeBook | None = None
        self.heard: Callable[[Sequence[Effect], Sequence[int]], None] = lambda effects, rows: None
        """Told of stored effects with the rows of their judged readings, in the order of both."""
        self.neighboured: Callable[[], Collection[tuple[int, str]]] = tuple
        """The series whose spatial test has neighbours enough: it is mandatory for what comes of them."""
        self.watch: Callable[[Unit, Sequence[Effect]], None] = lambda unit, effects: None
        """Adds what follows from a round's effects to the unit that stores them."""

    def leave(self, actor: SourceActor, judged: int) -> None:
        """Keep how far a vehicle that runs no more was judged: the common mark goes on without it.

        A crash is told in the middle of a round: what it left is written with the effects of that round, never before.
        """
        if not isinstance(actor, VehicleActor):
            return
        if actor.state in CRASHED:
            self._left[actor.id] = judged
        else:
            self._writer.add(Unit(updates=[(AWAY, (actor.id, judged, str(actor.state).encode()))]))

    def come_back(self, actor: SourceActor, judged: int) -> None:
        """The common mark holds again for a vehicle, from here on."""
        if isinstance(actor, VehicleActor):
            self._left.pop(actor.id, None)
            self._writer.add(Unit(updates=[(AWAY, (actor.id, judged, None))]))

    def commit(self, results: Sequence[tuple[SourceActor, Sequence[Effect], int]]) -> None:
        """Store the effects of one round of actors."""
        unit = Unit()
        effects: list[Effect] = []
        for actor, decided, judged in results:
            effects.extend(decided)
            for effect in decided:
                self._write(unit, effect)
                if type(effect) is Flipped:
                    actor.told = effect.now
            if actor.id.startswith("station:"):
                unit.updates.append((JUDGED, (actor.id, judged)))
            elif decided and actor.state is not ActorState.RUNNING:
                unit.updates.append((AWAY, (actor.id, judged, b"reading")))
        left, self._left = self._left, {}
        unit.updates.extend((AWAY, (actor_id, judged, b"crashed")) for actor_id, judged in left.items())
        if effects:
            if self.book is not None:
                self.book.flush(unit)
            if (watermark := self._received()) is not None:
                unit.mark(JUDGED_WAYPOINTS, watermark)
            rows = [row[0] for row in unit.rows.get("readings", ())]
            unit.stored = lambda: self._stored(effects, rows)
            self.watch(unit, effects)
            self._writer.add(unit)
        elif left:
            self._writer.add(unit)

    def _stored(self, effects: Sequence[Effect], rows: Sequence[int]) -> None:
        self._told(effects)
        self.heard(effects, rows)

    def _write(self, unit: Unit, effect: Effect) -> None:
        take = self._ids.take
        match effect:
            case ReadingJudged():
                judged = (int(effect.flag), effect.verdict, effect.file_id, effect.line, effect.params_id)
                mark = NEIGHBOURED if (effect.station_id, effect.parameter) in self.neighboured() else 0
                record = (take("readings"), *effect[:7], *judged, mark, effect.raw_unit, effect.reasons)
                unit.add("readings", record)
                if self.book is not None:
                    self.book.judged(effect.station_id, effect.parameter, effect.time_s, effect.flag, effect.verdict)
            case ReadingRevised(station_id, parameter, time_s, flag, verdict):
                unit.updates.append((REVISE, (int(flag), verdict, station_id, time_s, parameter)))
                if self.book is not None:
                    self.book.revised(station_id, parameter, time_s, flag, verdict)
            case HourTouched(station_id, hour_s, since_ms):
                unit.add("dirty_hours", (take("dirty_hours"), station_id, hour_s, since_ms))
            case GapChanged():
                unit.add("gaps", (take("gaps"), *effect[:5], str(effect.state)))
            case Flipped(source, was, now, at_s, reason):
                self.flipped = take("flips")
                unit.add("flips", (self.flipped, source, str(was), str(now), at_s, reason))
            case DayCounted():
                unit.add("station_days", (take("station_days"), *effect))
            case FailuresChanged(station_id, day_s):
                unit.updates.append((FAILURES_CHANGED, (station_id, day_s)))
            case ViolationFound():
                unit.add("violations", violation_row(take("violations"), effect))
            case DroveStretch():
                unit.add("stretches", (take("stretches"), *effect))
            case DayDriven():
                unit.updates.extend(driven(*effect))
            case TrackTouched():
                pass  # the vehicle's own state says so until its track is judged anew
            case _:
                assert_never(effect)
