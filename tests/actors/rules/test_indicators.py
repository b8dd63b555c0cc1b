"""Indicators of Điều 7."""

import pytest

from actors.rules.bands import Band
from actors.rules.indicators import speed_indicators
from actors.rules.overspeed import SpeedViolation


def violation(excess_kmh: float, *, closed: bool = True) -> SpeedViolation:
    return SpeedViolation(0, 40, 80 + excess_kmh, 80, 10, 1000.0, closed)


def test_cases_are_counted_per_band_and_per_1000_km() -> None:
    found = [violation(4), violation(7), violation(7), violation(40), violation(12, closed=False)]
    indicators = speed_indicators(found, travelled_m=600_000)
    assert indicators.per_band[Band.UNDER_5] == 1
    assert indicators.per_band[Band.FROM_5] == 2
    assert indicators.count == 3
    assert indicators.per_1000_km == pytest.approx(5.0)
    assert indicators.violating_share == pytest.approx(0.005)


def test_a_vehicle_that_did_not_drive_has_no_ratio() -> None:
    assert speed_indicators([], travelled_m=0).per_1000_km is None
