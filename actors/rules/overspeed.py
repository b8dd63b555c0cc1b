"""Speed violations of one vehicle, message by message.

The speed of a message is its own field when the message before is at most 10 s old, else the way between the two over
the time; 5 km/h are taken off, and above 200 km/h the message is not believed. A case runs from the first message over
its limit to the first that is not; it counts when that lasts more than 30 s. A gap of more than 60 s voids it.

Invariant: times ascend strictly (`sequence.py` says which do); state is O(1).
Source: TT 09/2015/TT-BGTVT Phụ lục 2.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, isnan, nan
from typing import Any, Final, NamedTuple, Self

from actors.rules.bands import EPS_KMH, Band, band_of
from actors.rules.distance import distance_m

LONG_AGO_S: Final = -(2**40)
"""When a vehicle was believed that never was: any message comes after a gap."""


@dataclass(frozen=True, slots=True)
class OverspeedLimits:
    """The numbers of Phụ lục 2; their values stand in vehicle_limits.toml."""

    tolerance_kmh: float
    """Taken off the speed before it is compared with the limit."""
    min_duration_s: int
    """A case must last longer than this."""
    instantaneous_max_s: int
    """Up to this interval the speed field counts, above it the distance."""
    void_gap_s: int
    """A longer interval voids a running case."""
    implausible_kmh: float
    """A message above this speed is left out."""


class SpeedViolation(NamedTuple):
    """One case of driving too fast. An open one (`closed` false) is provisional and not counted."""

    start_s: int
    end_s: int
    v_kmh: float
    """Speed less the tolerance where the excess was largest, which need not be the largest speed."""
    limit_kmh: float
    worst_s: int
    """When the excess was largest; the earliest such message."""
    distance_m: float
    """Way driven from start to end."""
    closed: bool

    @property
    def duration_s(self) -> int:
        """Seconds from the first message over the limit to the first that was not."""
        return self.end_s - self.start_s

    @property
    def excess_kmh(self) -> float:
        """The largest excess over the limit."""
        return self.v_kmh - self.limit_kmh

    @property
    def band(self) -> Band:
        """The column of the summary tables."""
        return band_of(self.excess_kmh)


class RunningCase:
    """A case that goes on."""

    __slots__ = ("over_s", "start_m", "start_s", "worst_kmh", "worst_limit_kmh", "worst_s")

    def __init__(self, start_s: int, start_m: float) -> None:
        self.start_s = start_s
        self.start_m = start_m
        self.over_s = self.worst_s = start_s
        self.worst_kmh = self.worst_limit_kmh = 0.0

    def state(self) -> tuple[int, float, int, float, float, int]:
        """All of it, as plain values."""
        return self.over_s, self.start_m, self.start_s, self.worst_kmh, self.worst_limit_kmh, self.worst_s

    @classmethod
    def from_state(cls, stored: Iterable[Any]) -> Self:
        """Stand up again where `state()` was taken."""
        case = cls(0, 0.0)
        case.over_s, case.start_m, case.start_s, case.worst_kmh, case.worst_limit_kmh, case.worst_s = stored
        return case


class OverspeedState:
    """One vehicle's last believed message and running case. Its numbers lie in it: what is none is NaN."""

    __slots__ = ("_lat", "_lon", "believed_s", "limits", "running", "travelled_m")

    def __init__(self, limits: OverspeedLimits) -> None:
        self.limits = limits
        """The numbers this state judges by."""
        self.believed_s = LONG_AGO_S
        """Time of the last message that was not left out."""
        self._lat = nan
        self._lon = nan
        self.running: RunningCase | None = None
        self.travelled_m = 0.0
        """Way between believed messages at most `void_gap_s` apart: the kilometres of art. 7."""

    def push(
        self, time_s: int, speed_kmh: float | None, lat: float | None, lon: float | None, limit_kmh: float | None
    ) -> SpeedViolation | None:
        """Take the next message in time; give the case it closes, if that one counts."""
        return self.judge(
            time_s,
            nan if speed_kmh is None else speed_kmh,
            nan if lat is None else lat,
            nan if lon is None else lon,
            inf if limit_kmh is None else limit_kmh,
        )

    def judge(self, time_s: int, speed_kmh: float, lat: float, lon: float, limit_kmh: float) -> SpeedViolation | None:
        """Do as `push` does, with NaN for what a message lacks and an infinite limit for none."""
        # The same judgement as distance.is_position, written out: a call costs a tenth of this rule.
        if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0) or lat == lon == 0.0:
            lat = lon = nan
        limits = self.limits
        gap_s = time_s - self.believed_s
        if gap_s > limits.void_gap_s:
            self.believed_s, self._lat, self._lon = time_s, lat, lon
            self.running = None
            return None

        step_m = distance_m(self._lat, self._lon, lat, lon)  # NaN where one of them is no position
        if gap_s > limits.instantaneous_max_s:
            speed_kmh = step_m / gap_s * 3.6
        if not speed_kmh >= 0.0:  # a NaN is no speed either
            if isnan(self._lat) and not isnan(lat):
                self.believed_s, self._lat, self._lon = time_s, lat, lon
            return None
        if speed_kmh - limits.implausible_kmh > EPS_KMH:
            return None

        self.believed_s, self._lat, self._lon = time_s, lat, lon
        if not isnan(step_m):
            self.travelled_m += step_m
        v_kmh = speed_kmh - limits.tolerance_kmh
        case = self.running
        if v_kmh - limit_kmh > EPS_KMH:
            if case is None:
                case = self.running = RunningCase(time_s, self.travelled_m)
            elif v_kmh - limit_kmh - (case.worst_kmh - case.worst_limit_kmh) <= EPS_KMH:
                case.over_s = time_s
                return None
            case.over_s = case.worst_s = time_s
            case.worst_kmh, case.worst_limit_kmh = v_kmh, limit_kmh
            return None
        if case is None:
            return None
        self.running = None
        return self._violation(case, time_s, closed=True)

    @property
    def open_case(self) -> SpeedViolation | None:
        """The running case as far as it is proven, if it lasted long enough already."""
        case = self.running
        return None if case is None else self._violation(case, case.over_s, closed=False)

    def state(self) -> tuple[Any, ...]:
        """Everything but the limits, as plain values."""
        case = self.running
        believed_s = None if self.believed_s == LONG_AGO_S else self.believed_s
        lat, lon = (None, None) if isnan(self._lat) else (self._lat, self._lon)
        return believed_s, lat, lon, self.travelled_m, None if case is None else case.state()

    @classmethod
    def from_state(cls, stored: Iterable[Any], limits: OverspeedLimits) -> Self:
        """Stand up again where `state()` was taken.

        Raises:
            ValueError: the state has another version's shape.
        """
        state = cls(limits)
        believed_s, lat, lon, state.travelled_m, running = stored
        state.believed_s = LONG_AGO_S if believed_s is None else believed_s
        state._lat, state._lon = (nan, nan) if lat is None else (lat, lon)
        if running is not None:
            state.running = RunningCase.from_state(running)
        return state

    def _violation(self, case: RunningCase, end_s: int, *, closed: bool) -> SpeedViolation | None:
        if end_s - case.start_s <= self.limits.min_duration_s:
            return None
        way_m = self.travelled_m - case.start_m
        return SpeedViolation(case.start_s, end_s, case.worst_kmh, case.worst_limit_kmh, case.worst_s, way_m, closed)


SpeedMessage = tuple[int, float | None, float | None, float | None, float | None]
"""time_s, speed_kmh, lat, lon, limit_kmh."""


def evaluate(messages: Iterable[SpeedMessage], limits: OverspeedLimits) -> list[SpeedViolation]:
    """Judge a whole track in order of time; a case still open at its end stands last, with `closed` false."""
    state = OverspeedState(limits)
    found = [violation for message in messages if (violation := state.push(*message)) is not None]
    if (unfinished := state.open_case) is not None:
        found.append(unfinished)
    return found
