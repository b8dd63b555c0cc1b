"""What the inventory says of a station, settled for its actor."""

import pytest

from actors.station_profile import settle
from storage.models import ParameterRow, StationRow
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


@pytest.mark.parametrize(
    ("point", "symbol"), [("34_hochuaA", "HTL"), ("HOCHUAA", "HTL"), ("34_HochuaA", "HTL"), ("Tram01", "Tram01.HTL")]
)
def test_a_point_that_is_the_station_itself_is_none_of_its_own(point: str, symbol: str) -> None:
    """Column `Tram` of TT 13/2023: some write the work's own code there."""
    row = ParameterRow(id=1, station_id=1, symbol="HTL", unit="cm", aliases=[], qc={})
    work = settle(StationRow(id=1, code="34_hochuaA", kind="hydromet", cadence_s=3600), [row], [])
    series = work.series_named("HTL", point)
    assert series is not None
    assert series.symbol == symbol
