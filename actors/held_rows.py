"""Rows that a peer refused, each with all later ones of its vehicle: others go on, and a vehicle keeps its order.

Invariant: a row is held until the peer took it, and its batch says how many of its own are.
"""

from collections.abc import Collection, Iterable, Sequence

from actors.waypoint_feed import Batch
from storage.waypoint_rows import StoredWaypoint

Held = tuple[StoredWaypoint, Batch]


class HeldRows:
    """Those of a destination, by vehicle; who was tried longest ago comes first."""

    def __init__(self) -> None:
        self._by_vehicle: dict[int, list[Held]] = {}
        self.count = 0

    def hold(self, batch: Batch, rows: Iterable[StoredWaypoint]) -> None:
        """Keep rows of a batch back."""
        for row in rows:
            self._by_vehicle.setdefault(row.vehicle_id, []).append((row, batch))
            batch.held += 1
            self.count += 1

    def behind(self, rows: Sequence[StoredWaypoint]) -> list[int]:
        """The places of rows whose vehicle has others that are held."""
        vehicles = self._by_vehicle.keys()
        return [place for place, row in enumerate(rows) if row.vehicle_id in vehicles]

    def next(self, most: int) -> list[Held]:
        """Whom to try now: the rows of a vehicle by their time."""
        found: list[Held] = []
        for rows in self._by_vehicle.values():
            rows.sort(key=lambda held: held[0].time_s)
            found += rows[: most - len(found)]
            if len(found) == most:
                break
        return found

    def tried(self, sent: Sequence[Held], refused: Collection[int]) -> list[Held]:
        """Let go what the peer took now, all but some places; gives it."""
        taken = [held for place, held in enumerate(sent) if place not in refused]
        for _, batch in taken:
            batch.held -= 1
        self.count -= len(taken)
        gone = {row.id for row, _ in taken}
        for vehicle in dict.fromkeys(row.vehicle_id for row, _ in sent):
            rows = [held for held in self._by_vehicle.pop(vehicle) if held[0].id not in gone]
            if rows:
                self._by_vehicle[vehicle] = rows
        return taken
