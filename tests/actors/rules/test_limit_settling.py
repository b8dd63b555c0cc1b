"""From a permit's table to limits that say where they come from."""

from math import inf

import pytest

from actors.rules.limit_presets import load_presets
from actors.rules.limit_settling import SettledLimit, limit_in_force, limit_tables, settle_limits
from actors.rules.limits import Averaging
from protocols.times import parse_iso

BOOK = load_presets()
Table = dict[str, object]


def settle(*tables: Table, symbol: str = "COD", unit: str = "mg/L") -> tuple[SettledLimit, ...]:
    return settle_limits(tables, symbol, unit, BOOK)


def test_a_preset_is_multiplied_by_the_factors_that_flow_and_discharge_give() -> None:
    """QCVN 40:2011/BTNMT, the EnviSoft slide: COD, column A, 75 x 1.2 x 1.2 = 108."""
    (found,) = settle({"preset": "qcvn_40_2011:A", "river_m3_s": 600.0, "discharge_m3_day": 40.0})
    assert found.limit.cmax == pytest.approx(108)
    assert found.how == "75 x Kq 1.2 x Kf 1.2 = 108"
    assert found.reasons["kq"] == "river_m3_s = 600.0: QCVN 40:2011/BTNMT Bảng 2"
    assert (found.document, found.article, found.confidence) == ("QCVN 40:2011/BTNMT", "Bảng 1", "high")


def test_the_permits_own_numbers_win_over_its_preset() -> None:
    (found,) = settle({"preset": "qcvn_40_2011:A", "value": 60.0, "kq": 1.1, "river_m3_s": 600.0, "permit": "GPMT 1"})
    assert (found.limit.value, found.limit.kq, found.permit) == (60, 1.1, "GPMT 1")
    assert found.reasons == {"kq": "permit"}


def test_what_a_document_does_not_scale_stays() -> None:
    (found,) = settle({"preset": "qcvn_40_2011:B", "kq": 1.2, "kf": 0.9}, symbol="pH", unit="")
    assert (found.limit.low, found.limit.cmax, found.how) == (5.5, 9, "5.5 .. 9")


def test_a_presets_unit_becomes_the_parameters_own() -> None:
    """A CO limit in micrograms against a series in milligrams would be wrong by a thousand."""
    found = settle({"preset": "qcvn_05_2023"}, symbol="CO", unit="mg/m3")
    assert {each.limit.averaging: each.limit.cmax for each in found} == {("hour",): 30, ("8h",): 10}
    with pytest.raises(ValueError, match="give the parameter's unit"):
        settle({"preset": "qcvn_05_2023"}, symbol="CO", unit="ppm")


def test_rows_of_ambient_air_hold_for_their_own_averaging_and_days() -> None:
    found = settle({"preset": "qcvn_05_2023"}, symbol="PM2.5", unit="µg/m3")
    for day, cmax in (("2025-12-31", 50), ("2026-01-01", 45)):
        in_force = limit_in_force(found, Averaging.DAY, parse_iso(f"{day}T12:00:00"))
        assert in_force is not None and in_force.limit.cmax == cmax
    assert limit_in_force(found, Averaging.HOUR, parse_iso("2026-01-01T12:00:00")) is None


def test_a_table_may_take_some_of_a_presets_averagings() -> None:
    found = settle({"preset": "qcvn_05_2023", "averaging": ["hour"]}, symbol="NO2", unit="µg/m3")
    assert [(each.limit.averaging, each.limit.cmax) for each in found] == [(("hour",), 200)]


def test_a_preset_holds_as_long_as_its_document_and_with_a_permit_as_long_as_that() -> None:
    after = parse_iso("2026-06-01T00:00:00")
    alone = settle({"preset": "qcvn_19_2009:B"}, symbol="SO2", unit="mg/Nm3")
    permitted = settle({"preset": "qcvn_19_2009:B", "permit": "GPMT 7"}, symbol="SO2", unit="mg/Nm3")
    assert limit_in_force(alone, Averaging.HOUR, after) is None
    assert limit_in_force(permitted, Averaging.HOUR, after) is permitted[0]


def test_permits_follow_each_other_on_their_day_and_the_last_of_two_counts() -> None:
    found = settle(
        {"value": 100.0, "scaled": True, "valid_to": "2026-01-01"},
        {"value": 75.0, "scaled": True, "valid_from": "2026-01-01"},
        {"value": 50.0, "scaled": True, "averaging": ["day"]},
    )
    times = [parse_iso(text) for text in ("2025-12-31T23:59:59", "2026-01-01T00:00:00")]
    hours = [limit_in_force(found, Averaging.HOUR, time_s) for time_s in times]
    assert [each and each.limit.cmax for each in hours] == [100, 75]
    assert [each and each.limit.cmax for each in [limit_in_force(found, Averaging.DAY, times[1])]] == [50]


def test_only_a_lower_end_has_no_upper_one() -> None:
    (found,) = settle({"preset": "qcvn_08mt_2015:A1"}, symbol="DO")
    assert (found.limit.low, found.limit.cmax, found.how) == (6, inf, ">= 6")
    assert [found.limit.is_passed_by(value) for value in (5.9, 6.0)] == [True, False]


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"scaled": True}, "neither an upper nor a lower end"),
        ({"value": 5.0, "low": 9.0, "scaled": False}, "over the upper end"),
        ({"preset": "qcvn_40_2011:A", "kp": 1.0}, "kp is no factor of QCVN 40:2011/BTNMT"),
        ({"value": 1.0, "river_m3_s": 1.0, "lake_m3": 1.0}, "follows from two things"),
        ({"value": 1.0, "valid_from": "2026-01-01", "valid_to": "2026-01-01"}, "valid_to is not after"),
        ({"value": 1.0, "valid_from": "soon"}, "is no day"),
    ],
)
def test_what_contradicts_itself_is_refused(table: Table, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        settle(table)


def test_a_stored_limit_is_none_one_or_several() -> None:
    assert [len(limit_tables(stored)) for stored in (None, {"value": 1}, [{"value": 1}, {"value": 2}])] == [0, 1, 2]
