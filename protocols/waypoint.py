"""A vehicle's position as its tracker sent it: a record of its own, for it is the one that a vehicle keeps.

Compiled, its numbers lie in it without objects, and it is no member of cycles, so the collector has no word on it: one
piece of memory a message where a named tuple took six.

Invariant: it is never altered.
"""

from typing import Final, final

from mypy_extensions import mypyc_attr
from typing_extensions import override

Values = tuple[str, str, float, int, float, float, float | None, bool | None, bool | None, bool | None]
"""What a waypoint holds, in its order."""
FIELDS = (
    "vehicle", "driver", "speed_kmh", "time_s", "x_lon", "y_lat", "heading_deg", "ignition", "door", "aircon",
)  # fmt: skip


@final
@mypyc_attr(acyclic=True)
class Waypoint:
    """A vehicle position as its tracker sent it (message WayPoint of the UFMS schema)."""

    __slots__ = FIELDS

    def __init__(
        self,
        vehicle: str,
        driver: str,
        speed_kmh: float,
        time_s: int,
        x_lon: float,
        y_lat: float,
        heading_deg: float | None,
        ignition: bool | None,
        door: bool | None,
        aircon: bool | None,
    ) -> None:
        self.vehicle: Final = vehicle
        """Plate as received."""
        self.driver: Final = driver
        """Driving licence number, may be empty."""
        self.speed_kmh: Final = speed_kmh
        """NaN where the message has none, as of the coordinates."""
        self.time_s: Final = time_s
        self.x_lon: Final = x_lon
        """Longitude as received (some senders swap the two)."""
        self.y_lat: Final = y_lat
        self.heading_deg: Final = heading_deg
        self.ignition: Final = ignition
        self.door: Final = door
        self.aircon: Final = aircon

    def values(self) -> Values:
        """All of it, as plain values."""
        return (
            self.vehicle,
            self.driver,
            self.speed_kmh,
            self.time_s,
            self.x_lon,
            self.y_lat,
            self.heading_deg,
            self.ignition,
            self.door,
            self.aircon,
        )

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Waypoint) and self.values() == other.values()

    @override
    def __hash__(self) -> int:
        return hash(self.values())

    @override
    def __repr__(self) -> str:
        said = zip(FIELDS, self.values(), strict=True)
        return f"Waypoint({', '.join([f'{name}={value!r}' for name, value in said])})"
