"""Follows a window of the map: first everything in it, then only who sent something, went or came.

Whoever is shown is looked at each second, which costs a comparison; whoever may have come into the window is found in a
grid that all followers share and that is filled anew every few seconds. So a map costs the hot path nothing, and a
hundred maps cost one walk over the vehicles.

Invariant: a follower holds at most its limit of vehicles; above it, it holds counts.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain
from math import floor
from typing import Any, Protocol

from actors.fleet import Place
from actors.map_view import Found, Pin, Shown, Wanted, Window, columns, found_in
from storage.breaths import in_breaths

SWEEP_S = 5.0
CELLS_PER_DEGREE = 10
Cell = tuple[int, int]


class Vehicles(Protocol):
    """All vehicles, as a map looks at them."""

    def pins(self) -> Iterable[Pin]:
        """Everybody."""
        ...

    def pin(self, vehicle_id: int) -> Pin | None:
        """One of them."""
        ...


class FleetGrid:
    """Where the vehicles were at the last sweep, by cell of a tenth of a degree."""

    def __init__(self, vehicles: Vehicles, now: Callable[[], float]) -> None:
        self.vehicles = vehicles
        self._now = now
        self._swept_s = float("-inf")
        self._cells: dict[Cell, list[int]] = {}
        self._asleep: dict[int, Cell] | None = None
        """Who sleeps stays where it is, and is looked at once."""
        self._turn = asyncio.Lock()

    async def near(self, window: Window) -> list[Pin]:
        """Who was in the cells of a window; it may have left it since."""
        async with self._turn:
            if self._now() - self._swept_s >= SWEEP_S:
                await self._sweep()
        west, south, east, north = (floor(side * CELLS_PER_DEGREE) for side in window)
        cells = [
            ids for (x, y), ids in self._cells.items() if west - 1 <= x <= east + 1 and south - 1 <= y <= north + 1
        ]
        found = [self.vehicles.pin(number) async for number in in_breaths(chain.from_iterable(cells))]
        return [pin for pin in found if pin is not None]

    async def _sweep(self) -> None:
        cells: dict[Cell, list[int]] = defaultdict(list)
        known, asleep = self._asleep or {}, dict[int, Cell]()
        async for pin in in_breaths(self.vehicles.pins()):
            number = pin.vehicle_id
            cell = known.get(number) if isinstance(pin, Place) else None
            if cell is None:
                last = pin.glimpse().last
                if last is None or not (-180.0 <= last.x_lon <= 180.0 and -90.0 <= last.y_lat <= 90.0):
                    continue
                cell = floor(last.x_lon * CELLS_PER_DEGREE), floor(last.y_lat * CELLS_PER_DEGREE)
            cells[cell].append(number)
            if isinstance(pin, Place):
                asleep[number] = cell
        self._cells, self._asleep, self._swept_s = cells, asleep, self._now()


class MapFeed:
    """One follower."""

    def __init__(self, grid: FleetGrid, wanted: Wanted) -> None:
        self._grid = grid
        self._wanted = wanted
        self._held: dict[int, Shown] = {}
        self._found = Found(0, [], None)

    def narrow(self, plates: frozenset[str] | None) -> None:
        """Follow these plates from now on: a scope may change while somebody looks."""
        self._wanted = replace(self._wanted, plates=plates)

    async def whole(self) -> dict[str, Any]:
        """Everything that the window shows."""
        self._found = await found_in(await self._grid.near(self._wanted.window), self._wanted)
        self._held = {pin.vehicle_id: self._wanted.shown(pin) for pin in self._found.pins}
        told = None if self._found.cells is not None else columns(list(self._held.values()))
        return {"total": self._found.total, "cells": self._found.cells, "vehicles": told}

    async def look_around(self) -> tuple[str, dict[str, Any]] | None:
        """What changed, those included that came into the window: `view` or `moved` and its data; None for nothing."""
        was, counted = self._held, self._found.cells
        view = await self.whole()
        if view["cells"] is not None or counted is not None:
            return None if view["cells"] == counted else ("view", view)
        fresh = [row for number, row in self._held.items() if was.get(number) != row]
        return self._told(fresh, [row.plate for number, row in was.items() if number not in self._held])

    def moved(self) -> tuple[str, dict[str, Any]] | None:
        """What moved or went of those that are shown."""
        fresh: list[Shown] = []
        gone: list[str] = []
        for number, row in list(self._held.items()):
            pin = self._grid.vehicles.pin(number)
            if pin is None or isinstance(pin, Place):
                continue
            last, freshness, _ = pin.glimpse()
            if last is not None and last.time_s == row.time_s and freshness == row.state:
                continue
            if not self._wanted.admits(pin):
                gone.append(row.plate)
                del self._held[number]
                continue
            fresh.append(self._wanted.shown(pin))
            self._held[number] = fresh[-1]
        return self._told(fresh, gone)

    def _told(self, fresh: list[Shown], gone: list[str]) -> tuple[str, dict[str, Any]] | None:
        if not fresh and not gone:
            return None
        return "moved", {"total": len(self._held), "vehicles": columns(fresh), "gone": gone}
