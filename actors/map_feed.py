"""Follows a window of the map: first everything in it, then only who sent something, went or came.

Whoever is shown is looked at each second, which costs a comparison; whoever may have come into the window is found in a
grid that all followers share and that is filled anew every few seconds. So a map costs the hot path nothing, and a
hundred maps cost one walk over the vehicles. Of those that sleep there are columns, for a country has many of them.

Invariant: a follower holds at most its limit of vehicles; above it, it holds counts.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from math import floor
from typing import Any, NamedTuple

from actors.fleet import Place
from actors.map_sleepers import Sleepers, Still, Vehicles, still_of
from actors.map_view import Cell, Found, Pin, Shown, Tally, Wanted, columns
from actors.rules.distance import is_position
from storage.breaths import in_breaths

SWEEP_S = 5.0
CELLS_PER_DEGREE = 10


class Ground(NamedTuple):
    """Vehicles by where they were: awake by cell, asleep in columns."""

    cells: Mapping[Cell, Sequence[Pin]]
    still: Still


class FleetGrid:
    """Where the vehicles were at the last sweep, by cell of a tenth of a degree."""

    def __init__(self, vehicles: Vehicles, now: Callable[[], float]) -> None:
        self.vehicles = vehicles
        self._now = now
        self._sleepers = Sleepers(vehicles)
        self._swept_s = float("-inf")
        self._ground = Ground({}, still_of(()))
        self._turn = asyncio.Lock()

    async def all(self, wanted: Wanted) -> Found:
        """Find by looking at everybody now."""
        async with self._turn:
            awake, still = self.vehicles.awake(), await self._sleepers.follow()
        return await self._found(awake, still, wanted)

    async def near(self, wanted: Wanted) -> Found:
        """Find in the cells of the window as they were at the last sweep; what has left them since is left out."""
        async with self._turn:
            if self._now() - self._swept_s >= SWEEP_S:
                await self._sweep()
        west, south, east, north = (floor(side * CELLS_PER_DEGREE) for side in wanted.window)
        cells, still = self._ground
        awake = [pins for (x, y), pins in cells.items() if west - 1 <= x <= east + 1 and south - 1 <= y <= north + 1]
        return await self._found(chain.from_iterable(awake), still, wanted)

    async def _found(self, awake: Iterable[Pin], still: Still, wanted: Wanted) -> Found:
        tally = await Tally(wanted).look(awake)
        asleep = await still.within(wanted)
        if tally.total + len(asleep) > wanted.limit and not wanted.violating:
            tally.count(still.cells(asleep, wanted))
            return tally.found()
        pins = [pin for number in still.ids[asleep].tolist() if (pin := self.vehicles.pin(number)) is not None]
        sure = [] if wanted.violating else [pin for pin in pins if isinstance(pin, Place)]
        tally.add(sure)
        await tally.look(pins if not sure else [pin for pin in pins if not isinstance(pin, Place)])
        return tally.found()

    async def _sweep(self) -> None:
        awake, still = self.vehicles.awake(), await self._sleepers.follow()
        cells: dict[Cell, list[Pin]] = defaultdict(list)
        async for pin in in_breaths(awake):
            last = pin.glimpse().last
            if last is not None and is_position(last.y_lat, last.x_lon):
                cells[floor(last.x_lon * CELLS_PER_DEGREE), floor(last.y_lat * CELLS_PER_DEGREE)].append(pin)
        self._ground, self._swept_s = Ground(cells, still), self._now()


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
        self._found = await self._grid.near(self._wanted)
        self._held = {pin.vehicle_id: self._shown(pin) for pin in self._found.pins}
        told = None if self._found.cells is not None else columns(list(self._held.values()))
        return {"total": self._found.total, "cells": self._found.cells, "vehicles": told}

    def _shown(self, pin: Pin) -> Shown:
        """How a vehicle is drawn; one that sleeps as it was."""
        held = self._held.get(pin.vehicle_id) if isinstance(pin, Place) else None
        return held or self._wanted.shown(pin)

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
