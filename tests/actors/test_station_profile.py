"""What the inventory says of a station, settled for its actor."""

import pytest

from actors.station_profile import settle
from tests.actors.station_kit import parameter_row, profile, station_row


@pytest.mark.parametrize("spelling", ["COD", "COD_out"])
def test_a_series_is_found_under_its_symbol_and_its_aliases(spelling: str) -> None:
    found = profile().series_of(spelling)
    assert found is not None
    assert (found.symbol, found.unit) == ("COD", "mg/L")


def test_a_symbol_nobody_registered_has_no_unit_and_only_the_gap_test() -> None:
    settled = profile()
    assert settled.series_of("Xyz") is None
    unknown = settled.unknown_series("Xyz")
    assert unknown.unit is None
    assert unknown.thresholds.range is None
    assert unknown.thresholds.gap is not None


def test_a_scaled_limit_is_multiplied_by_its_factors() -> None:
    row = parameter_row()
    row.limit = {"value": 75, "kq": 1.2, "kf": 1.2, "scaled": True}
    (series,) = settle(station_row(), [row], []).series
    assert series.limit is not None
    assert series.limit.cmax == pytest.approx(108)


def test_thresholds_that_contradict_themselves_are_refused() -> None:
    row = parameter_row()
    row.qc = {"range": {"fail_lo": 10, "fail_hi": 1}}
    with pytest.raises(ValueError, match="range"):
        settle(station_row(), [row], [])
