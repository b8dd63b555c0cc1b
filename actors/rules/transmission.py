"""Whether a vehicle's tracker sends as often and as fully as it must.

Two consecutive messages are judged by their own times, so data that arrive late are not silence. The state of the first
one governs the interval: a parked vehicle may be silent for 15 minutes, and starts moving at the second message.

Invariant: a vehicle that moved without data is charged once, as non-transmission, never also as frequency.
Source: TT 09/2015/TT-BGTVT Điều 4 khoản 2, Điều 5 khoản 5, Phụ lục 19.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from actors.rules.distance import distance_m, is_position
from actors.rules.identity import clean_identity


@dataclass(frozen=True, slots=True)
class TransmissionLimits:
    """How often to send; the values stand in vehicle_limits.toml."""

    moving_kmh: float
    """From this speed on a vehicle moves."""
    moving_period_s: int
    parked_period_s: int
    displacement_m: float
    """A parked vehicle's position may drift this far."""
    resend_latency_s: int
    """A message that arrives later than this after its time is a resend, and may be older than others."""


class NonTransmission(NamedTuple):
    """The vehicle was elsewhere when it spoke again."""

    start_s: int
    end_s: int
    distance_m: float

    @property
    def duration_s(self) -> int:
        """How long nothing was sent."""
        return self.end_s - self.start_s


class TooRare(NamedTuple):
    """An interval longer than the rule allows."""

    start_s: int
    end_s: int
    allowed_s: int

    @property
    def interval_s(self) -> int:
        """The interval as it was."""
        return self.end_s - self.start_s


class TransmissionState:
    """One vehicle's last message."""

    __slots__ = ("_lat", "_limits", "_lon", "_moving", "_time_s")

    def __init__(self, limits: TransmissionLimits) -> None:
        self._limits = limits
        self._time_s: int | None = None
        self._moving = False
        self._lat: float | None = None
        self._lon: float | None = None

    def push(
        self, time_s: int, speed_kmh: float | None, lat: float | None, lon: float | None
    ) -> NonTransmission | TooRare | None:
        """Take the next message in time; give what the interval before it violates."""
        limits, before_s = self._limits, self._time_s
        verdict = None
        if before_s is not None and time_s - before_s > limits.moving_period_s:
            verdict = judge_interval(limits, before_s, time_s, self._moving, (self._lat, self._lon), (lat, lon))
        self._time_s, self._lat, self._lon = time_s, lat, lon
        self._moving = speed_kmh is not None and speed_kmh >= limits.moving_kmh
        return verdict

    def state(self) -> tuple[int | None, bool, float | None, float | None]:
        """The last message, as plain values."""
        return self._time_s, self._moving, self._lat, self._lon

    @classmethod
    def from_state(cls, stored: Iterable[Any], limits: TransmissionLimits) -> Self:
        """Stand up again where `state()` was taken."""
        state = cls(limits)
        state._time_s, state._moving, state._lat, state._lon = stored
        return state


Place = tuple[float | None, float | None]
"""Latitude and longitude as received."""


def judge_interval(
    limits: TransmissionLimits, before_s: int, time_s: int, moving: bool, before: Place, after: Place
) -> NonTransmission | TooRare | None:
    """Say what an interval between two consecutive messages violates; `moving` speaks of the first."""
    moved_m = _displacement_m(*before, *after)
    displaced = moved_m is not None and moved_m > limits.displacement_m
    if moved_m is not None and displaced and time_s - before_s > limits.parked_period_s:
        return NonTransmission(before_s, time_s, moved_m)
    allowed_s = limits.moving_period_s if moving or displaced else limits.parked_period_s
    return TooRare(before_s, time_s, allowed_s) if time_s - before_s > allowed_s else None


TransmissionMessage = tuple[int, float | None, float | None, float | None]
"""time_s, speed_kmh, lat, lon."""


def evaluate(messages: Iterable[TransmissionMessage], limits: TransmissionLimits) -> list[NonTransmission | TooRare]:
    """Judge a whole track in order of time."""
    state = TransmissionState(limits)
    return [verdict for message in messages if (verdict := state.push(*message)) is not None]


def missing_fields(
    *,
    plate: str | None,
    time_s: int | None,
    speed_kmh: float | None,
    lat: float | None,
    lon: float | None,
    licence: str | None,
) -> tuple[str, ...]:
    """Name the fields of a message that are absent or malformed; speed 0 and latitude 0 are legitimate.

    Returns:
        Words of `plate, plate_format, time, speed, position, licence`, in this order.
    Source: TT 09/2015/TT-BGTVT Điều 4 khoản 1 điểm b, Phụ lục 1.
    """
    missing: list[str] = []
    clean_plate = clean_identity(plate or "")
    if not clean_plate:
        missing.append("plate")
    elif clean_plate != plate:
        missing.append("plate_format")
    if time_s is None or time_s <= 0:
        missing.append("time")
    if speed_kmh is None or not speed_kmh >= 0.0:
        missing.append("speed")
    if not is_position(lat, lon):
        missing.append("position")
    if not clean_identity(licence or ""):
        missing.append("licence")
    return tuple(missing)


def _displacement_m(
    from_lat: float | None, from_lon: float | None, to_lat: float | None, to_lon: float | None
) -> float | None:
    if from_lat is None or from_lon is None or to_lat is None or to_lon is None:
        return None
    if not (is_position(from_lat, from_lon) and is_position(to_lat, to_lon)):
        return None
    return distance_m(from_lat, from_lon, to_lat, to_lon)
