"""Judges a vehicle's track anew after a waypoint came late: the stored waypoints, in order of time, once more.

The track is read back from the newest waypoint that the actor received to the midnight before the earliest late one,
and a little further. A speed case depends on nothing before a believed message at which none was running: that is the
cut. Intervals are true from the first message on, lacking fields and totals from the first midnight on.

Invariant: what results equals the judging of the time-sorted first arrivals; rows that stay true stay as they are.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from actors.messages import DayDriven, DroveStretch, ViolationFound
from actors.rules.vehicle_rules import DriverStretch, Found, VehicleRules
from actors.vehicle import FUTURE_S, OLDEST_S, VehicleActor
from actors.vehicle_findings import effect_of
from protocols.formats.ufms import parse_waypoint
from protocols.times import midnight_s
from protocols.vocabulary import ViolationKind
from protocols.waypoint import Waypoint
from storage.breaths import in_breaths
from storage.waypoints import StoredWaypoint

NEAR_S, FAR_S = 3600, 86_400
"""The midnight so long before the earliest late waypoint: first the one, and if that shows no cut, the other."""
LEAD_S = 900
"""So far before that midnight the track begins: over a longer silence nothing is proven."""

BREATH = 500
"""Waypoints read or judged in some milliseconds."""


class Judged(NamedTuple):
    """A track judged anew: what holds of each kind from `since` on, and the stretches from `first_s` on."""

    since: Mapping[ViolationKind, int]
    first_s: int
    violations: list[ViolationFound]
    stretches: list[DroveStretch]
    days: list[DayDriven]
    rules: VehicleRules


def begin_s(touched_s: int, before_s: int) -> int:
    """From which instant on a track is judged anew."""
    return midnight_s(touched_s - before_s) - LEAD_S


def since_ms(touched_s: int, before_s: int) -> int:
    """From which receipt on rows can hold waypoints of this time: nothing is judged long before its time."""
    return (begin_s(touched_s, before_s) - FUTURE_S) * 1000


async def arranged(rows: Sequence[StoredWaypoint], from_s: int) -> list[Waypoint]:
    """The waypoints to judge, in order of time; rows are in order of arrival, and the first of an instant wins."""
    first: dict[int, Waypoint] = {}
    async for row in in_breaths(rows, BREATH):
        if from_s <= row.time_s <= row.received_ms / 1000 + FUTURE_S and row.time_s >= OLDEST_S:
            first.setdefault(row.time_s, parse_waypoint(row.body))
    return [first[time_s] for time_s in sorted(first)]


async def judge_again(
    actor: VehicleActor,
    track: Sequence[Waypoint],
    last: DroveStretch | None,
    touched_s: int,
    *,
    whole: bool,
    last_try: bool = False,
) -> Judged | None:
    """Judge a track; None where it shows no cut before the late waypoint and more of it can be read.

    Args:
        last: the stored stretch of this vehicle that began last before the track.
        whole: the track begins with the vehicle's first waypoint.
    """
    rules, first_s = VehicleRules(actor.rules.book), track[0].time_s
    stop_s = rules.limits.driving.stop_s
    newest = actor.rules.stretch  # stored only as far as it was told
    if newest is not None and newest.start_s < first_s and (last is None or newest.start_s >= last.start_s):
        last = DroveStretch(actor.vehicle_id, *newest)
    if last is not None:
        rules.driver = last.driver
    found: list[Found] = []
    cut_s = first_s if whole else None
    async for number, waypoint in in_breaths(enumerate(track), BREATH):
        found += rules.push(waypoint, actor.limits_at(waypoint), actor.plate)
        speed = rules.speed
        if cut_s is None and number and speed.running is None and speed.believed_s == waypoint.time_s:
            cut_s = waypoint.time_s
    if cut_s is None or cut_s >= touched_s:
        if not whole and not last_try:
            return None
        cut_s = first_s
    day_s = first_s if whole else midnight_s(first_s - 1 + LEAD_S)
    since = dict.fromkeys((ViolationKind.NO_TRANSMISSION, ViolationKind.FREQUENCY), first_s)
    since |= {ViolationKind.SPEED: cut_s, ViolationKind.MISSING_FIELD: day_s}
    made = {one.start_s: one for one in found if isinstance(one, DriverStretch)}
    if rules.stretch is not None:
        made[rules.stretch.start_s] = rules.stretch
    stretches = [DroveStretch(actor.vehicle_id, *made[start_s]) for start_s in sorted(made)]
    if last is not None and last.end_s > first_s - stop_s:
        _join(last._replace(end_s=min(last.end_s, first_s)), stretches, rules, stop_s)
    effects = [effect_of(actor.vehicle_id, one) for one in found]
    violations = [one for one in effects if isinstance(one, ViolationFound) and one.start_s >= since[one.kind]]
    days = [one for one in effects if isinstance(one, DayDriven) and (whole or one.day_s >= day_s)]
    return Judged(since, first_s, violations, stretches, days, rules)


def _join(last: DroveStretch, stretches: list[DroveStretch], rules: VehicleRules, stop_s: int) -> None:
    """Let the stretch that ran when the track begins go on in its first one, if it does."""
    if stretches and stretches[0].driver == last.driver and stretches[0].start_s - last.end_s < stop_s:
        if len(stretches) == 1:
            rules.begin_stretch_at(last.start_s)
        stretches[0] = stretches[0]._replace(start_s=last.start_s)
    else:
        stretches.insert(0, last)
