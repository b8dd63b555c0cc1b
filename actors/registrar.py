"""Makes vehicles that nobody registered, in the transaction of their first waypoint; ids below zero are theirs."""

from collections.abc import Callable

import structlog

from actors.vehicle import VehicleActor
from storage.tracks import Track, Tracks
from storage.writer import Unit

log = structlog.get_logger()


class Registrar:
    """Registers vehicles by what their tracker says; ids below zero never meet those of an import.

    Args:
        lowest: the lowest id that a vehicle has.
    """

    def __init__(self, tracks: Tracks, born: Callable[[Track], VehicleActor], lowest: int = 0) -> None:
        self._tracks = tracks
        self._born = born
        self._lowest = lowest

    def register(self, plate: str, provider: str, unit: Unit) -> Track:
        """Add a vehicle in the transaction of its first waypoint."""
        self._lowest = min(self._lowest, 0) - 1
        track = Track(self._lowest, plate)
        self._tracks.add(track)
        self._born(track)
        log.debug("vehicle_registered", plate=plate, provider=provider)
        unit.add("vehicles", (track.vehicle_id, plate, provider, "", "", "", None, None, None, False, "", "", "", ""))
        return track
