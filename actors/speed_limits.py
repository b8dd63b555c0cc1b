"""The limit of a message: that of the zone it is in, else the vehicle's own, else the ceiling of its class.

One object for all vehicles; an import of zones gives it another index, which is like any change of the inventory.

Invariant: what it says depends on the message and the inventory alone, so a replay says the same.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from actors.rules.vehicle_classes import ceilings, class_of, load_classes
from actors.rules.zones import Zone
from actors.zone_index import ZoneIndex
from protocols.waypoint import Waypoint
from storage.models import ZoneRow


class SpeedLimits:
    """What limits there are; `road` is the kind of road that ceilings are taken for (`dual`, `single`, none)."""

    __slots__ = ("_ceilings", "_classes", "_grid", "_known", "index", "rows")

    def __init__(self, today: date, road: str = "") -> None:
        self._classes = [row for row in load_classes() if row.holds_on(today)]
        self._ceilings: Mapping[str, float] = ceilings(road, self._classes)
        self._known: dict[tuple[str, int | None, int | None], str] = {}
        self.index = ZoneIndex()
        self._grid = self.index.grid
        self.rows: dict[str, ZoneRow] = {}

    def class_of(self, business: str, seats: int | None, payload_kg: int | None) -> str:
        """The class of a vehicle by what is registered of it; found once for all that are alike."""
        alike = business, seats, payload_kg
        if (known := self._known.get(alike)) is None:
            known = self._known[alike] = class_of(*alike, self._classes)
        return known

    async def renew(self, rows: Iterable[ZoneRow]) -> None:
        """Use these zones from now on; cutting them takes a thread's time, not that of who receives and judges."""
        named = {row.name: row for row in rows}
        entries = [(zone_of(row), row.geometry, row.width_m / 2) for row in named.values()]
        self.index = await asyncio.to_thread(self.index.renewed, entries)
        self._grid = self.index.grid
        self.rows = named

    def limit_at(self, waypoint: Waypoint, own_kmh: float | None, vehicle_class: str) -> float | None:
        """The limit of one message in km/h, None for no limit."""
        zone = self._grid.find(waypoint.x_lon, waypoint.y_lat, waypoint.heading_deg, waypoint.time_s)
        if zone is not None:
            return zone.class_limits_kmh.get(vehicle_class, zone.limit_kmh)
        return self._ceilings.get(vehicle_class) if own_kmh is None else own_kmh


def zone_of(row: ZoneRow) -> Zone:
    """The rule of a stored zone."""
    limits: Any = row.class_limits_kmh
    along = {"forward": 1, "backward": -1}.get(row.direction, 0)
    return Zone(
        row.name,
        row.limit_kmh,
        row.priority,
        dict(limits),
        None if along or row.direction == "both" else float(row.direction),
        along,
        row.tolerance_deg,
        row.from_s,
        row.to_s,
        tuple((begin, end) for begin, end in row.hours),
    )
