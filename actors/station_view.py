"""How a station and a vehicle look on the board: plain values read off their actors."""

from collections.abc import Collection
from math import isnan
from typing import Any

from actors.board import SourceView
from actors.exceeding import NOTHING, GoingOn, level_now, limit_now, station_level
from actors.rules.exceedance import is_beyond
from actors.rules.gap import GAP_CADENCES
from actors.series import Series
from actors.station import StationActor
from actors.vehicle import PARKED_CADENCE_S, SILENCE_GRACE_S, VehicleActor
from protocols.times import DAY_S
from protocols.vocabulary import ActorState, DeliveryState, Flag, Freshness


def station_view(
    actor: StationActor,
    name: str,
    delivery: DeliveryState,
    queued: int,
    now_s: float,
    going_on: GoingOn = NOTHING,
) -> SourceView:
    """A station's line."""
    level = station_level(actor, going_on)
    seen_s = actor.last_seen_ms / 1000 if actor.last_seen_ms else None
    profile = actor.profile
    deadline_s = None if seen_s is None else actor.due_s + profile.grace_s
    shares = [completeness(series, now_s) for series in _registered(actor)]
    return SourceView(
        id=actor.id,
        kind=str(profile.kind),
        name=name or profile.code,
        freshness=shown(actor.freshness, actor.state),
        actor=actor.state,
        last_seen_s=seen_s,
        last_time_s=actor.last_time_s or None,
        deadline_s=deadline_s,
        completeness_24h=round(sum(shares) / len(shares), 4) if shares else None,
        worst_flag=actor.worst_flag,
        exceeding=is_beyond(level),
        delivery=delivery,
        queued=queued,
        exceedance=level,
    )


def _registered(actor: StationActor) -> list[Series]:
    """The series that are expected: a name that a broken line made up is none; all of a station without parameters."""
    every = list(actor.series.values())
    return [series for series in every if series.profile.unit is not None] if actor.profile.series else every


def vehicle_view(actor: VehicleActor, delivery: DeliveryState) -> SourceView:
    """A vehicle's line."""
    seen_s = actor.last_seen_ms / 1000 if actor.last_seen_ms else None
    return SourceView(
        id=actor.id,
        kind="vehicle",
        name=actor.plate,
        freshness=shown(actor.freshness, actor.state),
        actor=actor.state,
        last_seen_s=seen_s,
        last_time_s=actor.last_time_s or None,
        deadline_s=None if seen_s is None else seen_s + PARKED_CADENCE_S + SILENCE_GRACE_S,
        completeness_24h=None,
        worst_flag=None,
        exceeding=actor.rules.speed.open_case is not None,
        delivery=delivery,
    )


def shown(freshness: Freshness, state: ActorState) -> Freshness:
    """A stopped actor's source is paused: nobody judges whether it is on time."""
    return Freshness.PAUSED if state is ActorState.STOPPED else freshness


def completeness(series: Series, now_s: float) -> float:
    """Share of the expected values of the last 24 hours (or since the first one) that came."""
    first_s, newest_s, *_ = series.gaps.state()
    if first_s is None or newest_s is None:
        return 0.0
    begin_s = max(first_s, now_s - DAY_S)
    beats = series.gaps.timetable.beats
    expected = max(beats(begin_s, now_s), 1.0)
    missing = sum(
        max(0.0, beats(max(start_s, begin_s), end_s) - 1) for start_s, end_s in series.gaps.holes() if end_s > begin_s
    )
    if beats(newest_s, now_s) > GAP_CADENCES:
        missing += beats(max(newest_s, begin_s), now_s)
    return max(0.0, min(1.0, 1 - missing / expected))


def station_values(actor: StationActor, tending: Collection[str] = ()) -> list[dict[str, Any]]:
    """The last value of each parameter; `tending`: those with a tendency to pass their limit."""
    return [
        {
            "parameter": symbol,
            "time_s": series.last.time_s,
            "value": series.last.value,
            "raw": series.last.raw,
            "unit": series.last.unit if series.profile.unit is None else series.profile.unit,
            "device_status": series.last.status,
            "flag": int(series.last_flag),
            "limit": limit.cmax if (limit := limit_now(series)) is not None else None,
            "exceeding": is_beyond(level_now(actor, series)),
            "exceedance": level_now(actor, series, tending),
        }
        for symbol, series in sorted(actor.series.items())
        if series.last is not None
    ]


def vehicle_values(actor: VehicleActor) -> list[dict[str, Any]]:
    """The last position."""
    last = actor.last
    if last is None:
        return []
    return [
        {
            "time_s": last.time_s,
            "speed_kmh": None if isnan(last.speed_kmh) else last.speed_kmh,
            "lon": None if isnan(last.x_lon) else last.x_lon,
            "lat": None if isnan(last.y_lat) else last.y_lat,
            "heading_deg": last.heading_deg,
            "driver": last.driver,
            "limit_kmh": actor.limit_kmh,
        }
    ]


RANK = {
    Freshness.SILENT: 0,
    Freshness.LATE: 2,
    Freshness.NEVER_SEEN: 3,
    Freshness.BACKFILLING: 4,
    Freshness.MAINTENANCE: 5,
    Freshness.PAUSED: 6,
    Freshness.FRESH: 7,
}


def badness(view: SourceView) -> tuple[int, float, str]:
    """Sort key: worst first, of equals the one whose deadline passed or passes first."""
    rank = RANK[view.freshness]
    if view.actor is ActorState.QUARANTINED:
        rank = 0
    elif view.actor in (ActorState.BACKING_OFF, ActorState.BEHIND) or view.exceeding:
        rank = min(rank, 1)
    elif view.worst_flag is Flag.FAIL:
        rank = min(rank, 2)
    return (rank, view.deadline_s or 0.0, view.id)
