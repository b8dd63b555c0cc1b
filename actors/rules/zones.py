"""A speed limit with a place: which zone holds for a direction and at a time, and its limit for a class of vehicles.

Invariant: a zone of one direction holds for nobody whose heading is not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from protocols.times import DAY_S, ICT_OFFSET_S


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone, without its geometry."""

    name: str
    limit_kmh: float
    priority: int = 0
    class_limits_kmh: Mapping[str, float] = field(default_factory=dict[str, float])
    heading_deg: float | None = None
    """The direction it holds for; None: both, or the direction of the line."""
    along: int = 0
    """1: as the line is drawn, -1: against it, 0: whatever `heading_deg` says."""
    tolerance_deg: float = 45.0
    from_s: int = 0
    to_s: int | None = None
    """First second in which it holds no more."""
    hours: tuple[tuple[int, int], ...] = ()
    """Minutes of the day in +07:00, [from, to); over midnight where `to` is the smaller one; empty: always."""

    @property
    def always(self) -> bool:
        """Whether it holds at any time."""
        return not self.from_s and self.to_s is None and not self.hours

    def in_force(self, time_s: int) -> bool:
        """Whether it holds at an instant."""
        if time_s < self.from_s or (self.to_s is not None and time_s >= self.to_s):
            return False
        if not self.hours:
            return True
        minute = (time_s + ICT_OFFSET_S) % DAY_S // 60
        return any((a <= minute < b) if a < b else (minute >= a or minute < b) for a, b in self.hours)

    def faces(self, heading_deg: float | None, bearing_deg: float) -> bool:
        """Whether it holds for a heading, on a piece of line with this bearing."""
        wanted = self.heading_deg
        if self.along:
            wanted = bearing_deg if self.along > 0 else bearing_deg + 180.0
        if wanted is None:
            return True
        if heading_deg is None:
            return False
        return abs((heading_deg - wanted + 180.0) % 360.0 - 180.0) <= self.tolerance_deg
