"""All rules of one vehicle in one step a message: speed, transmission, fields, who drove when, and the day's totals.

The stream and a recomputation use this same class: what a backlog changes is found by pushing the track again, in order
of time, and the state that results takes the place of the stream's. Each day is judged by the numbers of that day.

Invariant: times ascend strictly; state is O(1), and what only some vehicles need is None for the others.
Source: TT 09/2015/TT-BGTVT Điều 4, Điều 5, Phụ lục 1 and 2.
"""

from collections.abc import Sequence
from math import inf, nan
from typing import Any, Final, NamedTuple, Self

from actors.rules.identity import clean_identity, driver_of
from actors.rules.limit_book import LimitBook
from actors.rules.overspeed import OverspeedState, SpeedViolation
from actors.rules.transmission import NonTransmission, Place, TooRare, judge_interval, missing_fields
from actors.rules.vehicle_limits import VehicleLimits
from protocols.times import DAY_S, midnight_s
from protocols.waypoint import Waypoint

GROWTH_S: Final = 900
"""A stretch that goes on is told again after so long."""


class SpeedCase(NamedTuple):
    """A speed violation with its driver and where it began and ended."""

    case: SpeedViolation
    driver: str
    start: Place
    end: Place


class TransmissionCase(NamedTuple):
    """A silence or a too long interval, with both its ends."""

    case: NonTransmission | TooRare
    driver: str
    start: Place
    end: Place


class DriverStretch(NamedTuple):
    """One driver at the wheel of this vehicle, pauses too short for a stop included; told when it begins and grows."""

    driver: str
    start_s: int
    end_s: int


class MissingRun(NamedTuple):
    """Consecutive messages of one day that lack the same fields."""

    fields: tuple[str, ...]
    start_s: int
    end_s: int
    messages: int
    closed: bool


class DayTotals(NamedTuple):
    """What a vehicle did on a day in Vietnam."""

    day_s: int
    """Its midnight."""
    travelled_m: float
    """Way between believed messages at most 60 s apart; an interval over midnight counts for the day it ends in."""
    moving_s: int
    """Time in which it moved, as far as proven: intervals of at most 15 minutes, split at midnight."""
    messages: int


Found = SpeedCase | TransmissionCase | DriverStretch | MissingRun | DayTotals
_NO_LIMIT: Final = inf
_NOTHING: Final[tuple[Found, ...]] = ()


def waypoint_again(stored: Sequence[Any]) -> Waypoint:
    """A waypoint out of a state: JSON, which a state is written in, has null for a number that the message lacked."""
    vehicle, driver, speed_kmh, time_s, x_lon, y_lat, *rest = stored
    speed_kmh, x_lon, y_lat = (nan if number is None else number for number in (speed_kmh, x_lon, y_lat))
    return Waypoint(vehicle, driver, speed_kmh, time_s, x_lon, y_lat, *rest)


class VehicleRules:
    """One vehicle's last message, running speed case, stretch at the wheel, lacking fields, and totals of its day.

    What each message asks for stands first and close together: it comes from memory that nobody has read for long.
    """

    __slots__ = (
        "_at_wheel",
        "_begun",
        "_day_end_s",
        "_day_from_m",
        "_driving",
        "_lacking",
        "_last",
        "_messages",
        "_moving_s",
        "_transmission",
        "_wheel_from_s",
        "_wheel_to_s",
        "_wheel_told_s",
        "book",
        "driver",
        "speed",
    )

    def __init__(self, book: LimitBook) -> None:
        limits = book.on(0)
        self._day_end_s = 0
        self.speed = OverspeedState(limits.overspeed)
        self._begun: tuple[str, Place] | None = None
        """Driver and place of a running speed case."""
        self._last: Waypoint | None = None
        self._driving = limits.driving
        self._transmission = limits.transmission
        self._moving_s = 0
        self._messages = 0
        self._lacking: tuple[tuple[str, ...], int, int, int] | None = None
        """A running run of lacking messages: fields, first, last, how many."""
        self.driver = ""
        """Last known licence."""
        self._at_wheel = ""
        """Who has the newest stretch at the wheel; empty where there is none."""
        self._wheel_to_s = 0
        self._wheel_told_s = 0
        self._wheel_from_s = 0
        self._day_from_m = 0.0
        self.book = book
        """The numbers of every day."""

    @property
    def limits(self) -> VehicleLimits:
        """The numbers of the day that the vehicle is in."""
        return VehicleLimits(self.speed.limits, self._driving, self._transmission)

    def push(self, waypoint: Waypoint, limit_kmh: float | None, plate: str) -> tuple[Found, ...]:
        """Take the next message in time; give what it closes and who it shows at the wheel.

        Args:
            limit_kmh: the limit at its place.
            plate: the vehicle's plate in clean spelling.
        """
        driver, speed_kmh, time_s = waypoint.driver, waypoint.speed_kmh, waypoint.time_s
        lon, lat = waypoint.x_lon, waypoint.y_lat
        found = self._begin_day(time_s) if time_s >= self._day_end_s else _NOTHING
        speed = self.speed
        case = speed.judge(time_s, speed_kmh, lat, lon, _NO_LIMIT if limit_kmh is None else limit_kmh)
        if self._begun is not None:
            if case is not None:
                found += (SpeedCase(case, *self._begun, (lat, lon)),)
            if speed.running is None:
                self._begun = None
        last, named = self._last, True
        if last is not None:
            before_s, driving = last.time_s, self._driving
            gap_s = time_s - before_s
            if gap_s > self._transmission.moving_period_s:
                found += self._judge_silence(last, waypoint)
            if last.speed_kmh >= driving.moving_kmh and gap_s <= driving.stop_s:
                self._moving_s += gap_s
                if not self._at_wheel or self._at_wheel != self.driver or before_s - self._wheel_to_s >= driving.stop_s:
                    found += self._take_wheel(before_s, time_s)
                else:
                    self._wheel_to_s = time_s
                    if time_s - self._wheel_told_s >= GROWTH_S:
                        found += (self._tell_wheel(),)
            elif self._wheel_told_s < self._wheel_to_s <= time_s - driving.stop_s:
                found += (self._tell_wheel(),)
        if last is None or driver != last.driver:
            self.driver = driver_of(driver) or self.driver
            named = clean_identity(driver) != ""
        self._last = waypoint
        self._messages += 1
        if speed.running is not None and self._begun is None:
            self._begun = self.driver, (lat, lon)
        complete = (
            named and waypoint.vehicle == plate and speed_kmh >= 0.0 and -90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0
        )
        if not complete or self._lacking is not None or lat == lon == 0.0:
            found += self._lacks(waypoint, plate)
        return found

    def _begin_day(self, time_s: int) -> tuple[Found, ...]:
        """A message of another day: the numbers may have changed; tell what the day before came to."""
        last, over_s, rest_s = self._last, self._day_end_s, 0
        found: tuple[Found, ...] = _NOTHING
        if last is not None:
            driving = self._driving
            if last.speed_kmh >= driving.moving_kmh and time_s - last.time_s <= driving.stop_s:
                rest_s = over_s - last.time_s
            self._moving_s += rest_s
            found = (self.totals(),)
        self._day_end_s = midnight_s(time_s) + DAY_S
        self._day_from_m, self._moving_s, self._messages = self.speed.travelled_m, -rest_s, 0
        self._judge_by(self.book.on(time_s))
        return found

    def _judge_by(self, limits: VehicleLimits) -> None:
        self.speed.limits, self._driving, self._transmission = limits.overspeed, limits.driving, limits.transmission

    @property
    def has_day(self) -> bool:
        """Whether there is a day to tell of."""
        return self._day_end_s > 0

    def totals(self) -> DayTotals:
        """What the vehicle's newest day came to so far."""
        travelled_m = round(self.speed.travelled_m - self._day_from_m, 1)
        return DayTotals(self._day_end_s - DAY_S, travelled_m, max(self._moving_s, 0), self._messages)

    def _judge_silence(self, last: Waypoint, now: Waypoint) -> tuple[TransmissionCase, ...]:
        limits = self._transmission
        moving, before, after = last.speed_kmh >= limits.moving_kmh, (last.y_lat, last.x_lon), (now.y_lat, now.x_lon)
        case = judge_interval(limits, last.time_s, now.time_s, moving, before, after)
        return () if case is None else (TransmissionCase(case, self.driver, before, after),)

    def _take_wheel(self, before_s: int, time_s: int) -> tuple[DriverStretch, ...]:
        """Another driver, or the same after a stop; hours of nobody known are counted for nobody."""
        if not self.driver:
            return ()
        ended = (self._tell_wheel(),) if self._wheel_told_s < self._wheel_to_s else ()
        self._at_wheel, self._wheel_from_s, self._wheel_to_s = self.driver, before_s, time_s
        return (*ended, self._tell_wheel())

    def _tell_wheel(self) -> DriverStretch:
        self._wheel_told_s = self._wheel_to_s
        return DriverStretch(self._at_wheel, self._wheel_from_s, self._wheel_to_s)

    def _lacks(self, waypoint: Waypoint, plate: str) -> tuple[MissingRun, ...]:
        lacks = missing_fields(
            plate=plate if waypoint.vehicle == plate else waypoint.vehicle,
            time_s=waypoint.time_s,
            speed_kmh=waypoint.speed_kmh,
            lat=waypoint.y_lat,
            lon=waypoint.x_lon,
            licence=waypoint.driver,
        )
        running = self._lacking
        if running is not None and running[0] == lacks and running[1] >= self._day_end_s - DAY_S:
            self._lacking = (lacks, running[1], waypoint.time_s, running[3] + 1)
            return ()
        self._lacking = (lacks, waypoint.time_s, waypoint.time_s, 1) if lacks else None
        return () if running is None else (MissingRun(*running, closed=True),)

    def unfinished(self) -> tuple[Found, ...]:
        """What is running: a speed case that lasted long enough, a run of lacking messages; provisional."""
        runs = () if self._lacking is None else (MissingRun(*self._lacking, closed=False),)
        case, last = self.speed.open_case, self._last
        if case is None or self._begun is None or last is None:
            return runs
        return (SpeedCase(case, *self._begun, (last.y_lat, last.x_lon)), *runs)

    @staticmethod
    def is_running(stored: Sequence[Any]) -> bool:
        """Whether a case or a run of lacking messages goes on in a state."""
        return stored[3] is not None or stored[5] is not None

    @property
    def stretch(self) -> DriverStretch | None:
        """The newest stretch at the wheel, as far as it is proven."""
        return DriverStretch(self._at_wheel, self._wheel_from_s, self._wheel_to_s) if self._at_wheel else None

    def tell_stretch(self) -> DriverStretch | None:
        """Tell how far the newest stretch came, where that was not told: nothing more may come for long."""
        return self._tell_wheel() if self._wheel_told_s < self._wheel_to_s else None

    def begin_stretch_at(self, start_s: int) -> None:
        """The newest stretch is known to have begun earlier than the messages pushed."""
        self._wheel_from_s = start_s

    def state(self) -> list[Any]:
        """Everything but the numbers of the law, as plain values."""
        wheel = (self._at_wheel, self._wheel_from_s, self._wheel_to_s, self._wheel_told_s) if self._at_wheel else None
        return [
            self.speed.state(),
            self.driver,
            None if self._last is None else self._last.values(),
            self._begun,
            wheel,
            self._lacking,
            (self._day_end_s, self._day_from_m, self._moving_s, self._messages),
        ]

    @classmethod
    def from_state(cls, stored: Sequence[Any], book: LimitBook) -> Self:
        """Stand up again where `state()` was taken.

        Raises:
            ValueError, TypeError: the state has another version's shape.
        """
        rules = cls(book)
        speed, rules.driver, last, begun, wheel, lacking, day = stored
        rules._day_end_s, rules._day_from_m, rules._moving_s, rules._messages = day
        limits = book.on(max(rules._day_end_s - 1, 0))
        rules.speed = OverspeedState.from_state(speed, limits.overspeed)
        rules._judge_by(limits)
        rules._last = None if last is None else waypoint_again(last)
        rules._begun = None if begun is None else (begun[0], tuple(begun[1]))
        if wheel is not None:
            rules._at_wheel, rules._wheel_from_s, rules._wheel_to_s, rules._wheel_told_s = wheel
        rules._lacking = None if lacking is None else (tuple(lacking[0]), *lacking[1:])
        return rules
