"""What a station would measure: plausible daily curves per kind of station.

A value is a base, a swing over the day, and noise. The numbers are invented; they lie where real ones lie.

Invariant: the same instant, profile and random state give the same value.
"""

from dataclasses import dataclass
from math import pi, sin
from random import Random

from protocols.times import DAY_S, HOUR_S, ICT_OFFSET_S
from protocols.vocabulary import StationKind


@dataclass(frozen=True, slots=True)
class Profile:
    """One parameter's day."""

    symbol: str
    unit: str
    base: float
    swing: float
    """Half the way between the day's lowest and highest."""
    peak_h: float
    """Hour of Vietnamese time at which the day is highest."""
    noise: float
    decimals: int
    range_hi: float
    """Top of the measuring range; the bottom is 0."""
    limit: float | None = None


_WASTEWATER = (
    Profile("pH", "-", 7.3, 0.3, 15, 0.05, 2, 14),
    Profile("COD", "mg/L", 48, 12, 11, 2.0, 1, 500, 90),
    Profile("TSS", "mg/L", 31, 8, 10, 1.5, 1, 500, 60),
    Profile("Amoni", "mg/L", 3.4, 1.0, 12, 0.2, 2, 100, 6),
    Profile("Temp", "oC", 28, 2.5, 14, 0.2, 1, 60, 40),
    Profile("LuuLuong", "m3/h", 62, 30, 10, 3.0, 1, 400),
)
_SURFACE_WATER = (
    Profile("pH", "-", 7.1, 0.3, 15, 0.04, 2, 14),
    Profile("DO", "mg/L", 5.6, 1.1, 15, 0.1, 2, 20),
    Profile("COD", "mg/L", 14, 3, 9, 0.8, 1, 200, 20),
    Profile("TSS", "mg/L", 38, 7, 7, 2.0, 1, 1000, 60),
    Profile("Temp", "oC", 26, 2.0, 15, 0.1, 1, 50),
)
_AIR = (
    Profile("PM2.5", "ug/m3", 26, 12, 7, 1.5, 1, 1000, 50),
    Profile("PM10", "ug/m3", 58, 22, 7, 4.0, 1, 1000, 100),
    Profile("SO2", "ug/m3", 19, 6, 9, 1.0, 1, 1000, 125),
    Profile("NO2", "ug/m3", 31, 14, 18, 1.5, 1, 1000, 100),
    Profile("CO", "ug/m3", 900, 300, 18, 40, 0, 50000, 30000),
    Profile("O3", "ug/m3", 44, 35, 14, 2.5, 1, 1000, 200),
    Profile("Temp", "oC", 27, 4.0, 14, 0.2, 1, 60),
)
_EMISSION = (
    Profile("Bui", "mg/Nm3", 42, 12, 10, 2.0, 1, 1000, 120),
    Profile("SO2", "mg/Nm3", 160, 60, 11, 8.0, 1, 3000, 300),
    Profile("NOx", "mg/Nm3", 310, 90, 11, 12.0, 1, 3000, 510),
    Profile("CO", "mg/Nm3", 210, 80, 10, 10.0, 1, 5000, 600),
    Profile("O2", "%", 9.5, 1.5, 3, 0.2, 2, 25),
    Profile("Temp", "oC", 118, 15, 12, 1.5, 1, 600),
)

PROFILES = {
    StationKind.WASTEWATER: _WASTEWATER,
    StationKind.AIR: _AIR,
    StationKind.EMISSION: _EMISSION,
    StationKind.SURFACE_WATER: _SURFACE_WATER,
}
"""Parameters of the kinds of station that the simulated world has."""


def value_at(profile: Profile, time_s: int, random: Random, factor: float = 1.0) -> str:
    """Measure a parameter, as the text a logger writes."""
    hour = (time_s + ICT_OFFSET_S) % DAY_S / HOUR_S
    curve = profile.base + profile.swing * sin((hour - profile.peak_h + 6) / 24 * 2 * pi)
    value = curve * factor + random.gauss(0, profile.noise)
    return f"{min(max(value, 0.0), profile.range_hi):.{profile.decimals}f}"
