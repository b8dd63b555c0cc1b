"""Bands of excess speed, for the summary tables of TT 09/2015/TT-BGTVT.

The heads of Phụ lục 4 decide the edges ("từ ... đến dưới"), for those of Phụ lục 2 and 3 overlap: [5, 10), [10, 20),
[20, 35], above 35. An excess under 5 is reported, but has no column.
"""

from enum import StrEnum
from typing import Final

EPS_KMH: Final = 1e-9
"""A speed exactly at a limit or an edge is so within this (`flags.EPS`); compiled, no look-up for each message."""


class Band(StrEnum):
    """How far above the limit, km/h."""

    UNDER_5 = "<5"
    FROM_5 = "5-10"
    FROM_10 = "10-20"
    FROM_20 = "20-35"
    OVER_35 = ">35"


COLUMNS = (Band.FROM_5, Band.FROM_10, Band.FROM_20, Band.OVER_35)


def band_of(excess_kmh: float) -> Band:
    """Find the band of an excess over the limit.

    Source: TT 09/2015/TT-BGTVT Phụ lục 2, column heads of Phụ lục 4.
    """
    if 5 - excess_kmh > EPS_KMH:
        return Band.UNDER_5
    if 10 - excess_kmh > EPS_KMH:
        return Band.FROM_5
    if 20 - excess_kmh > EPS_KMH:
        return Band.FROM_10
    return Band.FROM_20 if excess_kmh - 35 <= EPS_KMH else Band.OVER_35
