"""How one provider's numbers are to be read, where that was agreed with the provider.

The rule text says "Unix-time theo múi giờ Việt Nam"; almost every sender sends true UTC. One that really sends shifted
time or exchanged axes is read by a convention that a person has set; nothing is ever guessed from the data.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProviderConvention:
    """What a provider's `datetime`, `x` and `y` mean."""

    time_offset_s: int = 0
    """How far ahead of UTC the provider's clock runs; 25200 for Vietnamese time."""
    swapped_axes: bool = False
    """Whether x is the latitude and y the longitude."""

    def time_s(self, sent_s: int) -> int:
        """Read a time as UTC."""
        return sent_s - self.time_offset_s

    def lat_lon(self, x: float, y: float) -> tuple[float, float]:
        """Read a place as latitude and longitude."""
        return (x, y) if self.swapped_axes else (y, x)
