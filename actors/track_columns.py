"""A vehicle's track as a page draws it: columns, and of a long one only what a pixel can show. Pure.

Of each stretch of time the first position, the slowest, the fastest, the one furthest over its limit and the first of
each visible fault are kept, each at its own instant, so that no excess and no defect falls between two pixels.

Invariant: what is kept is kept as it came; nothing is averaged or moved.
"""

from collections.abc import Sequence
from math import ceil, inf, isnan
from typing import Any, NamedTuple

from actors.rules.distance import is_position
from actors.rules.waypoint_faults import WaypointFault
from protocols.waypoint import Waypoint

KEPT_OF_A_STRETCH = 4


class Seen(NamedTuple):
    """One position with the limit of its place and what is visibly wrong with it."""

    waypoint: Waypoint
    limit_kmh: float | None
    faults: tuple[WaypointFault, ...]


def stretch_s(count: int, span_s: int, most: int) -> int:
    """Seconds that one stretch stands for; 0 where everything may be kept."""
    return 0 if count <= most else max(1, ceil(span_s * KEPT_OF_A_STRETCH / most))


def thin(track: Sequence[Seen], from_s: int, every_s: int) -> list[Seen]:
    """Keep of each stretch what stands out; `every_s` 0 keeps everything."""
    if not every_s:
        return list(track)
    kept: set[int] = set()
    at = 0
    while at < len(track):
        stretch, end = (track[at].waypoint.time_s - from_s) // every_s, at + 1
        while end < len(track) and (track[end].waypoint.time_s - from_s) // every_s == stretch:
            end += 1
        kept |= _outstanding(track, at, end)
        at = end
    return [track[number] for number in sorted(kept)]


def _outstanding(track: Sequence[Seen], at: int, end: int) -> set[int]:
    numbers = range(at, end)
    kept = {
        at,
        min(numbers, key=lambda number: _speed_kmh(track[number], inf)),
        max(numbers, key=lambda number: _speed_kmh(track[number], -inf)),
        max(numbers, key=lambda number: _excess_kmh(track[number])),
    }
    told: set[WaypointFault] = set()
    for number in numbers:
        if new := set(track[number].faults) - told:
            told |= new
            kept.add(number)
    return kept


def _excess_kmh(seen: Seen) -> float:
    return -inf if seen.limit_kmh is None else _speed_kmh(seen, -inf) - seen.limit_kmh


def _speed_kmh(seen: Seen, without: float) -> float:
    speed_kmh = seen.waypoint.speed_kmh
    return without if isnan(speed_kmh) else speed_kmh


def columns(track: Sequence[Seen], from_s: int) -> dict[str, Any]:
    """The track by column; a place that is none, or has its axes swapped, is null and counted."""
    drivers: dict[str, int] = {}
    placed = [_is_placed(seen) for seen in track]
    return {
        "offset_s": [seen.waypoint.time_s - from_s for seen in track],
        "lon": [seen.waypoint.x_lon if there else None for seen, there in zip(track, placed, strict=True)],
        "lat": [seen.waypoint.y_lat if there else None for seen, there in zip(track, placed, strict=True)],
        "speed_kmh": [seen.waypoint.speed_kmh for seen in track],
        "limit_kmh": [seen.limit_kmh for seen in track],
        "driver": [drivers.setdefault(seen.waypoint.driver, len(drivers)) for seen in track],
        "drivers": list(drivers),
        "faults": [[number, [str(fault) for fault in seen.faults]] for number, seen in enumerate(track) if seen.faults],
        "unplaced": placed.count(False),
    }


def _is_placed(seen: Seen) -> bool:
    sent = seen.waypoint
    return is_position(sent.y_lat, sent.x_lon) and WaypointFault.SWAPPED_AXES not in seen.faults
