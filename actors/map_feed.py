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
from math import floor
from typing import Any

from actors.map_view import Found, Shown, Wanted, Window, columns, found_in
from actors.vehicle import VehicleActor
from storage.breaths import in_breaths

SWEEP_S = 5.0
CELLS_PER_DEGREE = 10


class FleetGrid:
    """Where the vehicles were at the last sweep, by cell of a tenth of a degree."""

    def __init__(self, vehicles: Callable[[], Iterable[VehicleActor]], now: Callable[[], float]) -> None:
        self._vehicles = vehicles
        self._now = now
        self._swept_s = float("-inf")
        self._cells: dict[tuple[int, int], list[VehicleActor]] = {}
        self._turn = asyncio.Lock()

    async def near(self, window: Window) -> list[VehicleActor]:
        """Who was in the cells of a window; it may have left it since."""
        async with self._turn:
            if self._now() - self._swept_s >= SWEEP_S:
                await self._sweep()
        west, south, east, north = (floor(side * CELLS_PER_DEGREE) for side in window)
        cells = [
            actors
            for (x, y), actors in self._cells.items()
            if west - 1 <= x <= east + 1 and south - 1 <= y <= north + 1
        ]
        return [actor for actors in cells for actor in actors]

    async def _sweep(self) -> None:
        cells: dict[tuple[int, int], list[VehicleActor]] = defaultdict(list)
        async for actor in in_breaths(list(self._vehicles())):
            last = actor.last
            if last is not None and -180.0 <= last.x_lon <= 180.0 and -90.0 <= last.y_lat <= 90.0:
                cells[floor(last.x_lon * CELLS_PER_DEGREE), floor(last.y_lat * CELLS_PER_DEGREE)].append(actor)
        self._cells, self._swept_s = cells, self._now()


class MapFeed:
    """One follower."""

    def __init__(self, grid: FleetGrid, wanted: Wanted) -> None:
        self._grid = grid
        self._wanted = wanted
        self._held: dict[VehicleActor, Shown] = {}
        self._found = Found(0, [], None)

    def narrow(self, plates: frozenset[str] | None) -> None:
        """Follow these plates from now on: a scope may change while somebody looks."""
        self._wanted = replace(self._wanted, plates=plates)

    async def whole(self) -> dict[str, Any]:
        """Everything that the window shows."""
        self._found = await found_in(await self._grid.near(self._wanted.window), self._wanted)
        self._held = {actor: self._wanted.shown(actor) for actor in self._found.actors}
        told = None if self._found.cells is not None else columns(list(self._held.values()))
        return {"total": self._found.total, "cells": self._found.cells, "vehicles": told}

    async def look_around(self) -> tuple[str, dict[str, Any]] | None:
        """What changed, those included that came into the window: `view` or `moved` and its data; None for nothing."""
        was, counted = self._held, self._found.cells
        view = await self.whole()
        if view["cells"] is not None or counted is not None:
            return None if view["cells"] == counted else ("view", view)
        fresh = [row for actor, row in self._held.items() if was.get(actor) != row]
        return self._told(fresh, [actor.plate for actor in was if actor not in self._held])

    def moved(self) -> tuple[str, dict[str, Any]] | None:
        """What moved or went of those that are shown."""
        fresh: list[Shown] = []
        gone: list[VehicleActor] = []
        for actor, row in self._held.items():
            last = actor.last
            if last is not None and last.time_s == row.time_s and actor.freshness == row.state:
                continue
            if not self._wanted.admits(actor):
                gone.append(actor)
                continue
            fresh.append(self._wanted.shown(actor))
            self._held[actor] = fresh[-1]
        for actor in gone:
            del self._held[actor]
        return self._told(fresh, [actor.plate for actor in gone])

    def _told(self, fresh: list[Shown], gone: list[str]) -> tuple[str, dict[str, Any]] | None:
        if not fresh and not gone:
            return None
        return "moved", {"total": len(self._held), "vehicles": columns(fresh), "gone": gone}
