"""Bands of excess speed: the column heads of Phụ lục 4."""

import pytest

from actors.rules.bands import Band, band_of


@pytest.mark.parametrize(
    ("excess_kmh", "band"),
    [
        (0.1, Band.UNDER_5),
        (4.999, Band.UNDER_5),
        (5.0, Band.FROM_5),
        (9.999, Band.FROM_5),
        (10.0, Band.FROM_10),
        (20.0, Band.FROM_20),
        (28.0, Band.FROM_20),
        (35.0, Band.FROM_20),
        (35.001, Band.OVER_35),
        (5 - 1e-10, Band.FROM_5),  # noise of a speed measured by the way
        (35 + 1e-10, Band.FROM_20),
    ],
)
def test_a_band_begins_at_its_lower_edge_and_35_still_belongs_below(excess_kmh: float, band: Band) -> None:
    assert band_of(excess_kmh) is band
