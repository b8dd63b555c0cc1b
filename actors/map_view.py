"""What a map shows of a part of the country: vehicles in columns, or a count per cell where they are too many.

Invariant: it only looks, and wakes nobody; a vehicle that never told its place is on no map.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from actors.fleet import Place
from actors.rules.distance import is_position
from actors.vehicle import VehicleActor
from protocols.times import iso
from storage.breaths import in_breaths

CELLS_ACROSS, CELLS_DOWN = 24, 16
Cell = tuple[int, int]
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

    @property
    def cell_size(self) -> tuple[float, float]:
        """How wide and how high a cell is, in degrees."""
        west, south, east, north = self.window
        return (east - west) / CELLS_ACROSS, (north - south) / CELLS_DOWN

    def names(self, plate: str) -> bool:
        """Whether a plate is one of those."""
        return self.q in plate and (self.plates is None or plate in self.plates)

    def admits(self, pin: Pin) -> bool:
        """Whether a vehicle is one of them, in the window now."""
        last, freshness, running = pin.glimpse()
        west, south, east, north = self.window
        if last is None or not (west <= last.x_lon <= east and south <= last.y_lat <= north):
            return False
        if (self.state and freshness != self.state) or not self.names(pin.plate):
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


class Tally:
    """Vehicles as they are found."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.total = 0
        self.pins: list[Pin] = []
        self._cells: dict[Cell, int] = {}

    async def look(self, vehicles: Iterable[Pin]) -> "Tally":
        """Look at vehicles one after the other."""
        wanted, cells = self._wanted, self._cells
        west, south, _, _ = wanted.window
        wide, high = wanted.cell_size
        async for pin in in_breaths(vehicles):
            if not wanted.admits(pin):
                continue
            last = pin.glimpse().last
            assert last is not None
            self.total += 1
            if self.total <= wanted.limit:
                self.pins.append(pin)
            cell = int((last.x_lon - west) / wide), int((last.y_lat - south) / high)
            cells[cell] = cells.get(cell, 0) + 1
        return self

    def add(self, pins: Sequence[Pin]) -> None:
        """Add vehicles that are sure to be wanted and no more than may be shown."""
        self.total += len(pins)
        self.pins += pins

    def count(self, cells: Mapping[Cell, int]) -> None:
        """Add vehicles that were counted by their cell."""
        for cell, count in cells.items():
            self.total += count
            self._cells[cell] = self._cells.get(cell, 0) + count

    def found(self) -> Found:
        """What a map shows of it."""
        if self.total <= self._wanted.limit:
            return Found(self.total, self.pins, None)
        west, south, _, _ = self._wanted.window
        wide, high = self._wanted.cell_size
        counted = [
            [round(west + (x + 0.5) * wide, 5), round(south + (y + 0.5) * high, 5), count]
            for (x, y), count in sorted(self._cells.items())
        ]
        return Found(self.total, [], counted)


def columns(rows: Sequence[Shown]) -> dict[str, list[Any]]:
    """Vehicles by column; the time of the last message is told as ISO 8601."""
    by_name: dict[str, list[Any]] = {name: [row[place] for row in rows] for place, name in enumerate(Shown._fields)}
    by_name["time"] = [iso(time_s) for time_s in by_name.pop("time_s")]
    return by_name


def told(found: Found, wanted: Wanted) -> dict[str, Any]:
    """The vehicles of a window by column; above the limit the counts of its cells instead."""
    vehicles = None if found.cells is not None else columns([wanted.shown(pin) for pin in found.pins])
    return {"total": found.total, "cells": found.cells, "vehicles": vehicles}
