"""Vehicles in a list, as a map looks at them."""

from collections.abc import Iterable, Mapping, Sequence

from actors.map_view import Pin


class Listed:
    """Stands where the fleet stands, all awake; `walks` counts how often all of it was walked over."""

    def __init__(self, fleet: Sequence[Pin]) -> None:
        self.fleet = fleet
        self.walks = 0

    @property
    def sleeping(self) -> Mapping[int, Pin]:
        return {}

    def awake(self) -> Iterable[Pin]:
        self.walks += 1
        return list(self.fleet)

    def pin(self, vehicle_id: int) -> Pin | None:
        return next((pin for pin in self.fleet if pin.vehicle_id == vehicle_id), None)
