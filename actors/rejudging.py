"""Judges a vehicle's track anew after a waypoint came late: the stored waypoints, in order of time, once more.

The track is read back from the newest waypoint that the actor received to the midnight before the earliest late one,
and a little further. A speed case depends on nothing before a believed message at which none was running: that is the
cut. Intervals are true from the first message on, lacking fields and totals from the first midnight on.

Invariant: what results equals the judging of the time-sorted first arrivals; rows that stay true stay as they are.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import NamedTuple

import numpy as np

from actors.messages import DayDriven, DroveStretch, ViolationFound
from actors.rules.vehicle_rules import DriverStretch, Found, VehicleRules
from actors.vehicle import FUTURE_S, OLDEST_S, VehicleActor
from actors.vehicle_findings import effect_of
from protocols.formats.ufms_track import TrackBodies
from protocols.times import midnight_s
from protocols.vocabulary import ViolationKind
from protocols.waypoint import Waypoint
from storage.track_rows import TrackRows

NEAR_S, FAR_S = 3600, 86_400
"""The midnight so long before the earliest late waypoint: first the one, and if that shows no cut, the other."""
LEAD_S = 900
"""So far before that midnight the track begins: over a longer silence nothing is proven."""

BREATH = 1_000
"""Waypoints read and judged in some milliseconds."""


class Judged(NamedTuple):
    """A track judged anew: what holds of each kind from `since` on, and the stretches from `first_s` on."""

    since: Mapping[ViolationKind, int]
    first_s: int
    violations: list[ViolationFound]
    stretches: list[DroveStretch]
    days: list[DayDriven]
    rules: VehicleRules
    began_s: int | None
    """When the newest stretch began, if that was before the track."""

    def hand_over(self, actor: VehicleActor) -> None:
        """Let the actor go on from here."""
        if self.began_s is not None:
            self.rules.begin_stretch_at(self.began_s)
        actor.take_over(self.rules)


def begin_s(touched_s: int, before_s: int) -> int:
    """From which instant on a track is judged anew."""
    return midnight_s(touched_s - before_s) - LEAD_S


def since_ms(touched_s: int, before_s: int) -> int:
    """From which receipt on rows can hold waypoints of this time: nothing is judged long before its time."""
    return (begin_s(touched_s, before_s) - FUTURE_S) * 1000


class Track:
    """Waypoints to judge, in order of time; bodies are read as they are asked for."""

    def __init__(self, bodies: list[bytes], first_s: int, last_s: int, reader: TrackBodies) -> None:
        self._bodies = bodies
        self._reader = reader
        self.first_s = first_s
        self.last_s = last_s

    @classmethod
    def arranged(cls, rows: TrackRows, from_s: int, reader: TrackBodies) -> "Track | None":
        """Put rows in order: of those of an instant the first that arrived; None where none is left."""
        is_time = (rows.time_s >= max(from_s, OLDEST_S)) & (rows.time_s * 1000 <= rows.received_ms + FUTURE_S * 1000)
        places = np.flatnonzero(is_time)
        places = places[np.argsort(rows.time_s[places], kind="stable")]
        time_s = rows.time_s[places]
        places = places[np.flatnonzero(np.diff(time_s, prepend=0))]
        if not len(places):
            return None
        return cls([rows.bodies[at] for at in places.tolist()], int(time_s[0]), int(time_s[-1]), reader)

    async def breaths(self) -> AsyncIterator[list[Waypoint]]:
        """Give all of it, some at a time, and the loop to others in between."""
        for at in range(0, len(self._bodies), BREATH):
            yield self._reader.read(self._bodies[at : at + BREATH])
            await asyncio.sleep(0)


class Rejudging:
    """Judges a track, and what came after it meanwhile.

    Args:
        last: the stored stretch of this vehicle that began last before the track.
        whole: the track begins with the vehicle's first waypoint.
    """

    def __init__(
        self, actor: VehicleActor, first_s: int, last: DroveStretch | None, touched_s: int, *, whole: bool
    ) -> None:
        self._actor = actor
        self._first_s = first_s
        self._touched_s = touched_s
        self._whole = whole
        self._rules = VehicleRules(actor.rules.book)
        self._stop_s = self._rules.limits.driving.stop_s
        newest = actor.rules.stretch  # stored only as far as it was told
        if newest is not None and newest.start_s < first_s and (last is None or newest.start_s >= last.start_s):
            last = DroveStretch(actor.vehicle_id, *newest)
        if last is not None:
            self._rules.driver = last.driver
        self._last = last
        self._found: list[Found] = []
        self._cut_s = first_s if whole else None
        self._pushed_s = first_s - 1

    async def push(self, track: Track) -> bool:
        """Judge a track; False where some of it is no later than what was judged already."""
        if track.first_s <= self._pushed_s:
            return False
        actor, rules, found, first_s, cut_s = self._actor, self._rules, self._found, self._first_s, self._cut_s
        push, limits_at, plate, speed = rules.push, actor.limits_at, actor.plate, rules.speed
        async for waypoints in track.breaths():
            for waypoint in waypoints:
                if told := push(waypoint, limits_at(waypoint), plate):
                    found += told
                if cut_s is None and first_s < waypoint.time_s == speed.believed_s and speed.running is None:
                    cut_s = waypoint.time_s
        self._cut_s, self._pushed_s = cut_s, track.last_s
        return True

    def judged(self, *, last_try: bool = False) -> Judged | None:
        """Give what holds; None where no cut shows before the late waypoint and more of the track can be read."""
        cut_s, first_s, whole, rules, vehicle_id = (
            self._cut_s, self._first_s, self._whole, self._rules, self._actor.vehicle_id,
        )  # fmt: skip
        if cut_s is None or cut_s >= self._touched_s:
            if not whole and not last_try:
                return None
            cut_s = first_s
        day_s = first_s if whole else midnight_s(first_s - 1 + LEAD_S)
        since = dict.fromkeys((ViolationKind.NO_TRANSMISSION, ViolationKind.FREQUENCY), first_s)
        since |= {ViolationKind.SPEED: cut_s, ViolationKind.MISSING_FIELD: day_s}
        made = {one.start_s: one for one in self._found if isinstance(one, DriverStretch)}
        if rules.stretch is not None:
            made[rules.stretch.start_s] = rules.stretch
        stretches = [DroveStretch(vehicle_id, *made[start_s]) for start_s in sorted(made)]
        began_s: int | None = None
        if self._last is not None and self._last.end_s > first_s - self._stop_s:
            began_s = _join(self._last._replace(end_s=min(self._last.end_s, first_s)), stretches, self._stop_s)
        effects = [effect_of(vehicle_id, one) for one in self._found]
        violations = [one for one in effects if isinstance(one, ViolationFound) and one.start_s >= since[one.kind]]
        days = [one for one in effects if isinstance(one, DayDriven) and (whole or one.day_s >= day_s)]
        return Judged(since, first_s, violations, stretches, days, rules, began_s)


def _join(last: DroveStretch, stretches: list[DroveStretch], stop_s: int) -> int | None:
    """Let the stretch that ran when the track begins go on in its first one, if it does.

    Gives when the newest stretch began, where that is it.
    """
    if stretches and stretches[0].driver == last.driver and stretches[0].start_s - last.end_s < stop_s:
        stretches[0] = stretches[0]._replace(start_s=last.start_s)
        return last.start_s if len(stretches) == 1 else None
    stretches.insert(0, last)
    return None
