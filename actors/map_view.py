"""What a map shows of a part of the country: vehicles in columns, or a count per cell where they are too many.

Invariant: it only looks; a vehicle that never told its place is on no map.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from actors.rules.distance import is_position
from actors.vehicle import VehicleActor
from protocols.times import iso
from storage.breaths import in_breaths

CELLS_ACROSS, CELLS_DOWN = 24, 16


class Window(NamedTuple):
    """A part of the country in degrees."""

    west: float
    south: float
    east: float
    north: float


class Shown(NamedTuple):
    """One vehicle as a map draws it."""

    plate: str
    lon: float
    lat: float
    heading: float | None
    speed_kmh: float
    state: str
    violation: bool
    time_s: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see: only a freshness, part of a plate, these plates, those with a violation going on."""

    window: Window
    limit: int
    is_violating: Callable[[VehicleActor], bool]
    state: str = ""
    q: str = ""
    plates: Collection[str] | None = None
    violating: bool = False

    def admits(self, actor: VehicleActor) -> bool:
        """Whether a vehicle is one of them, in the window now."""
        last, (west, south, east, north) = actor.last, self.window
        if last is None or not (west <= last.x_lon <= east and south <= last.y_lat <= north):
            return False
        if (self.state and actor.freshness != self.state) or self.q not in actor.plate:
            return False
        if self.plates is not None and actor.plate not in self.plates:
            return False
        return is_position(last.y_lat, last.x_lon) and (not self.violating or self.is_violating(actor))

    def shown(self, actor: VehicleActor) -> Shown:
        """How a vehicle that is admitted is drawn."""
        last = actor.last
        assert last is not None
        heading, speed_kmh, state = last.heading_deg, last.speed_kmh, str(actor.freshness)
        place = (actor.plate, last.x_lon, last.y_lat, heading, speed_kmh, state)
        return Shown(*place, self.is_violating(actor), last.time_s)


class Found(NamedTuple):
    """The vehicles of a window, or above the limit their number in each cell."""

    total: int
    actors: list[VehicleActor]
    cells: list[list[float]] | None


async def found_in(vehicles: Iterable[VehicleActor], wanted: Wanted) -> Found:
    """Look at vehicles one after the other."""
    west, south, east, north = wanted.window
    wide, high = (east - west) / CELLS_ACROSS, (north - south) / CELLS_DOWN
    actors: list[VehicleActor] = []
    cells: dict[tuple[int, int], int] = {}
    total = 0
    async for actor in in_breaths(list(vehicles)):
        if not wanted.admits(actor):
            continue
        last = actor.last
        assert last is not None
        total += 1
        if total <= wanted.limit:
            actors.append(actor)
        cell = int((last.x_lon - west) / wide), int((last.y_lat - south) / high)
        cells[cell] = cells.get(cell, 0) + 1
    if total <= wanted.limit:
        return Found(total, actors, None)
    counted = [
        [round(west + (x + 0.5) * wide, 5), round(south + (y + 0.5) * high, 5), count]
        for (x, y), count in sorted(cells.items())
    ]
    return Found(total, [], counted)


def columns(rows: Sequence[Shown]) -> dict[str, list[Any]]:
    """Vehicles by column; the time of the last message is told as ISO 8601."""
    told: dict[str, list[Any]] = {name: [row[place] for row in rows] for place, name in enumerate(Shown._fields)}
    told["time"] = [iso(time_s) for time_s in told.pop("time_s")]
    return told


async def vehicles_in(vehicles: Iterable[VehicleActor], wanted: Wanted) -> dict[str, Any]:
    """Give the vehicles of a window by column; above the limit the counts of its cells instead."""
    found = await found_in(vehicles, wanted)
    told = None if found.cells is not None else columns([wanted.shown(actor) for actor in found.actors])
    return {"total": found.total, "cells": found.cells, "vehicles": told}
