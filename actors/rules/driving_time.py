"""What a vehicle's messages say about who drove when.

Between two messages at most 15 minutes apart the vehicle was driven if it moved at the first one. Longer silence proves
neither driving nor rest, so it is not charged. The hours themselves are counted per licence, over all vehicles:
`driver_clock.py`.

Invariant: the intervals of one vehicle are disjoint and ascend.
Source: TT 09/2015/TT-BGTVT Điều 5 khoản 3 and 4.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self


@dataclass(frozen=True, slots=True)
class DrivingLimits:
    """Hours at the wheel; the values stand in vehicle_limits.toml. None switches a test off."""

    moving_kmh: float
    """From this speed on a vehicle moves."""
    stop_s: int
    """A pause this long ends continuous driving; longer silence between two messages is not driving."""
    day_s: int
    """A working day ends this long after it began ..."""
    day_rest_s: int
    """... or where a rest this long begins."""
    continuous_s: int | None = None
    """Driving this long without a stop is a violation."""
    day_driving_s: int | None = None
    """Driving longer than this within a working day is a violation."""
    week_driving_s: int | None = None
    """Driving longer than this within a week of the calendar is a violation."""


class DrivingInterval(NamedTuple):
    """The half-open time [start_s, end_s) in which a driver drove one vehicle."""

    driver: str
    start_s: int
    end_s: int


class VehicleDriving:
    """One vehicle's last message and last known driver."""

    __slots__ = ("_limits", "_moving", "_time_s", "driver")

    def __init__(self, limits: DrivingLimits) -> None:
        self._limits = limits
        self._time_s: int | None = None
        self._moving = False
        self.driver = ""
        """Last known driver; empty until a message names one."""

    def push(self, time_s: int, speed_kmh: float | None, driver: str) -> DrivingInterval | None:
        """Take the next message in time; give the driving that it proves.

        Args:
            driver: clean licence number (`identity.driver_of`); empty means the last known driver.
        """
        proven, before_s = None, self._time_s
        if before_s is not None and self._moving and self.driver and time_s - before_s <= self._limits.stop_s:
            proven = DrivingInterval(self.driver, before_s, time_s)
        self._time_s = time_s
        self._moving = speed_kmh is not None and speed_kmh >= self._limits.moving_kmh
        if driver:
            self.driver = driver
        return proven

    def state(self) -> tuple[int | None, bool, str]:
        """The last message, as plain values."""
        return self._time_s, self._moving, self.driver

    @classmethod
    def from_state(cls, stored: Iterable[Any], limits: DrivingLimits) -> Self:
        """Stand up again where `state()` was taken."""
        state = cls(limits)
        state._time_s, state._moving, state.driver = stored
        return state


DrivingMessage = tuple[int, float | None, str]
"""time_s, speed_kmh, driver."""


def driving_intervals(messages: Iterable[DrivingMessage], limits: DrivingLimits) -> list[DrivingInterval]:
    """List the proven driving of one vehicle's track in order of time."""
    state = VehicleDriving(limits)
    return [proven for message in messages if (proven := state.push(*message)) is not None]
