"""What a map shows of a part of the country: vehicles in columns, or a count per cell where they are too many.

Invariant: it only looks; a vehicle that never told its place is on no map.
"""

import asyncio
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from actors.rules.distance import is_position
from actors.vehicle import VehicleActor

CELLS_ACROSS = 24
BREATH = 5_000
"""So many vehicles are looked at before others get their turn."""


class Window(NamedTuple):
    """A part of the country in degrees."""

    west: float
    south: float
    east: float
    north: float


async def vehicles_in(
    vehicles: Iterable[VehicleActor], window: Window, limit: int, state: str, plates: Collection[str] | None
) -> dict[str, Any]:
    """Give the vehicles of a window by column; above `limit` the counts of its cells instead.

    Args:
        state: only of this freshness; empty: all.
        plates: only these vehicles; None: all.
    """
    west, south, east, north = window
    wide, high = (east - west) / CELLS_ACROSS, (north - south) / CELLS_ACROSS
    shown: list[VehicleActor] = []
    cells: dict[tuple[int, int], int] = {}
    total = 0
    for number, actor in enumerate(list(vehicles)):
        if number % BREATH == BREATH - 1:
            await asyncio.sleep(0)
        last = actor.last
        if last is None or not (west <= last.x_lon <= east and south <= last.y_lat <= north):
            continue
        if (state and actor.freshness != state) or (plates is not None and actor.plate not in plates):
            continue
        if not is_position(last.y_lat, last.x_lon):
            continue
        total += 1
        if total <= limit:
            shown.append(actor)
        cell = int((last.x_lon - west) / wide), int((last.y_lat - south) / high)
        cells[cell] = cells.get(cell, 0) + 1
    if total > limit:
        counted = [
            [round(west + (x + 0.5) * wide, 5), round(south + (y + 0.5) * high, 5), count]
            for (x, y), count in cells.items()
        ]
        return {"total": total, "cells": counted, "vehicles": None}
    places = [(actor, actor.last) for actor in shown if actor.last is not None]
    columns = {
        "plate": [actor.plate for actor, _ in places],
        "lon": [last.x_lon for _, last in places],
        "lat": [last.y_lat for _, last in places],
        "heading": [last.heading_deg for _, last in places],
        "speed_kmh": [last.speed_kmh for _, last in places],
        "state": [str(actor.freshness) for actor, _ in places],
    }
    return {"total": total, "cells": None, "vehicles": columns}
