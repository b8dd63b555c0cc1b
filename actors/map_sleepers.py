"""Where the vehicles are that sleep, in columns: their rows do not change, so each is read once and then only counted.

Invariant: whoever woke is left out from the next `follow` on; whoever never told a place stands in no column.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from actors.map_view import CELLS_DOWN, Cell, Pin, Wanted
from actors.rules.distance import is_position
from protocols.vocabulary import Freshness
from storage.breaths import in_breaths

_CODES = {freshness: code for code, freshness in enumerate(Freshness)}
EDGED_DOWN = CELLS_DOWN + 1
"""What stands on the upper edge of a window is in a cell of its own."""
TOGETHER = 20_000
"""So many plates are compared in one breath."""


class Vehicles(Protocol):
    """All vehicles, as a map looks at them."""

    @property
    def sleeping(self) -> Mapping[int, Any]:
        """Who sleeps, by id; it changes while one looks."""
        ...

    def awake(self) -> Iterable[Pin]:
        """The others."""
        ...

    def pin(self, vehicle_id: int) -> Pin | None:
        """One of them all."""
        ...


@dataclass(frozen=True, slots=True)
class Still:
    """Those that sleep: id, degrees, how each was told to stand, whether a case may be going on, and plate."""

    ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    told: NDArray[np.int8]
    running: NDArray[np.bool_]
    plates: NDArray[np.object_]

    def only(self, kept: NDArray[np.bool_]) -> "Still":
        """Some of them."""
        return Still(
            self.ids[kept], self.lon[kept], self.lat[kept], self.told[kept], self.running[kept], self.plates[kept]
        )

    def beside(self, more: "Still") -> "Still":
        """Both."""
        return Still(
            np.concatenate((self.ids, more.ids)),
            np.concatenate((self.lon, more.lon)),
            np.concatenate((self.lat, more.lat)),
            np.concatenate((self.told, more.told)),
            np.concatenate((self.running, more.running)),
            np.concatenate((self.plates, more.plates)),
        )

    async def within(self, wanted: Wanted) -> NDArray[np.intp]:
        """The places in the columns of those that somebody wants to see; a case that may go on is not looked at."""
        west, south, east, north = wanted.window
        there = (self.lon >= west) & (self.lon <= east) & (self.lat >= south) & (self.lat <= north)
        if wanted.state:
            there &= self.told == _CODES[Freshness(wanted.state)]
        if wanted.violating:
            there &= self.running
        places = np.flatnonzero(there)
        if not wanted.q and wanted.plates is None:
            return places
        parts = []
        for at in range(0, len(places), TOGETHER):
            part = places[at : at + TOGETHER]
            parts.append(part[[wanted.names(plate) for plate in self.plates[part]]])
            await asyncio.sleep(0)
        return np.concatenate(parts) if parts else places

    def cells(self, places: NDArray[np.intp], wanted: Wanted) -> dict[Cell, int]:
        """How many of them stand in each cell of the window."""
        west, south, _, _ = wanted.window
        wide, high = wanted.cell_size
        x, y = ((self.lon[places] - west) / wide).astype(int), ((self.lat[places] - south) / high).astype(int)
        counts = np.bincount(x * EDGED_DOWN + y)
        return {divmod(cell, EDGED_DOWN): int(counts[cell]) for cell in np.flatnonzero(counts).tolist()}


def still_of(rows: Sequence[tuple[int, float, float, int, bool, str]]) -> Still:
    """Columns of rows."""
    ids, lon, lat, told, running, plates = zip(*rows, strict=True) if rows else [()] * 6
    return Still(
        np.array(ids, np.int64),
        np.array(lon, np.float64),
        np.array(lat, np.float64),
        np.array(told, np.int8),
        np.array(running, np.bool_),
        np.array(plates, np.object_),
    )


class Sleepers:
    """Keeps the columns up to date."""

    def __init__(self, vehicles: Vehicles) -> None:
        self._vehicles = vehicles
        self._known: set[int] = set()
        self._still = still_of(())

    async def follow(self) -> Still:
        """Let go who woke, read who is new, and give those that slept as this was called."""
        now, known = self._vehicles.sleeping, self._known
        woken = known.difference(now)
        fresh = [number for number in now if number not in known] if len(now) > len(known) - len(woken) else []
        if woken:
            known.difference_update(woken)
            self._still = self._still.only(~np.isin(self._still.ids, list(woken)))
        if fresh:
            rows = [row async for number in in_breaths(fresh) if (row := self._read(number)) is not None]
            known.update(fresh)
            self._still = self._still.beside(still_of(rows))
        return self._still

    def _read(self, number: int) -> tuple[int, float, float, int, bool, str] | None:
        pin = self._vehicles.pin(number)
        if pin is None:
            return None
        last, freshness, running = pin.glimpse()
        if last is None or not is_position(last.y_lat, last.x_lon):
            return None
        return number, last.x_lon, last.y_lat, _CODES[freshness], running, pin.plate
