"""Indicators of a vehicle or a company over a period: counts per band, per 1000 km, share of the way.

Source: TT 09/2015/TT-BGTVT Điều 7, Phụ lục 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from actors.rules.bands import Band
from actors.rules.overspeed import SpeedViolation


@dataclass(frozen=True, slots=True)
class SpeedIndicators:
    """What the summary tables show. The two ratios are None where nothing was driven."""

    per_band: dict[Band, int]
    count: int
    """Cases in the columns of the tables; those under 5 km/h are in `per_band` only."""
    travelled_km: float
    per_1000_km: float | None
    violating_share: float | None
    """Way driven in violation over the whole way, 0..1."""


def speed_indicators(violations: Sequence[SpeedViolation], travelled_m: float) -> SpeedIndicators:
    """Sum up closed cases and the way driven in the same period; provisional cases do not count."""
    counted = [violation for violation in violations if violation.closed]
    per_band = {band: sum(violation.band is band for violation in counted) for band in Band}
    in_columns = [violation for violation in counted if violation.band is not Band.UNDER_5]
    driven = travelled_m > 0
    return SpeedIndicators(
        per_band=per_band,
        count=len(in_columns),
        travelled_km=travelled_m / 1000,
        per_1000_km=len(in_columns) * 1_000_000 / travelled_m if driven else None,
        violating_share=sum(violation.distance_m for violation in in_columns) / travelled_m if driven else None,
    )
