"""What a map shows of a part of the country: vehicles in columns, or a count per cell where they are too many.

Invariant: it only looks, and wakes nobody; a vehicle that never told its place is on no map.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from actors.fleet import Place
from actors.rules.distance import is_position
from actors.vehicle import VehicleActor
from protocols.times import iso
from storage.breaths import in_breaths

CELLS_ACROSS, CELLS_DOWN = 24, 16
Pin = VehicleActor | Place
"""A vehicle, or the row of one that sleeps."""


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
    is_violating: Callable[[Pin], bool]
    state: str = ""
    q: str = ""
    plates: Collection[str] | None = None
    violating: bool = False

    def admits(self, pin: Pin) -> bool:
        """Whether a vehicle is one of them, in the window now."""
        last, freshness, running = pin.glimpse()
        west, south, east, north = self.window
        if last is None or not (west <= last.x_lon <= east and south <= last.y_lat <= north):
            return False
        if (self.state and freshness != self.state) or self.q not in pin.plate:
            return False
        if self.plates is not None and pin.plate not in self.plates:
            return False
        return is_position(last.y_lat, last.x_lon) and (not self.violating or (running and self.is_violating(pin)))

    def shown(self, pin: Pin) -> Shown:
        """How a vehicle that is admitted is drawn."""
        last, freshness, running = pin.glimpse()
        assert last is not None
        place = (pin.plate, last.x_lon, last.y_lat, last.heading_deg, last.speed_kmh, str(freshness))
        return Shown(*place, running and self.is_violating(pin), last.time_s)


class Found(NamedTuple):
    """The vehicles of a window, or above the limit their number in each cell."""

    total: int
    pins: list[Pin]
    cells: list[list[float]] | None


async def found_in(vehicles: Iterable[Pin], wanted: Wanted) -> Found:
    """Look at vehicles one after the other."""
    west, south, east, north = wanted.window
    wide, high = (east - west) / CELLS_ACROSS, (north - south) / CELLS_DOWN
    pins: list[Pin] = []
    cells: dict[tuple[int, int], int] = {}
    total = 0
    async for pin in in_breaths(vehicles):
        if not wanted.admits(pin):
            continue
        last = pin.glimpse().last
        assert last is not None
        total += 1
        if total <= wanted.limit:
            pins.append(pin)
        cell = int((last.x_lon - west) / wide), int((last.y_lat - south) / high)
        cells[cell] = cells.get(cell, 0) + 1
    if total <= wanted.limit:
        return Found(total, pins, None)
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


async def vehicles_in(vehicles: Iterable[Pin], wanted: Wanted) -> dict[str, Any]:
    """Give the vehicles of a window by column; above the limit the counts of its cells instead."""
    found = await found_in(vehicles, wanted)
    told = None if found.cells is not None else columns([wanted.shown(pin) for pin in found.pins])
    return {"total": found.total, "cells": found.cells, "vehicles": told}
