"""Reading a test's table: every complaint names the key and the mend."""

import pytest

from actors.rules.flat_line import Exclusion, FlatLineThresholds
from actors.rules.gap import GapThresholds
from actors.rules.range_check import RangeThresholds
from actors.rules.spatial import SpatialThresholds
from actors.rules.spike import SpikeThresholds
from actors.rules.step import StepThresholds


def test_an_unknown_key_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ValueError, match=r"qc\.step: unknown key 's1O'; write 's10'"):
        StepThresholds.from_table({"s1O": 3})


def test_a_key_like_no_other_is_refused_with_all_of_them() -> None:
    with pytest.raises(ValueError, match=r"unknown key 'zzz'; use one of sus, fail, max_gap_s"):
        SpikeThresholds.from_table({"zzz": 1}, 300)


def test_a_missing_key_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"qc\.flat_line: key 'tol' is missing"):
        FlatLineThresholds.from_table({"sus_s": 3600}, 300)


@pytest.mark.parametrize("value", ["3", True, float("nan"), float("inf"), [1]])
def test_a_value_that_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"qc\.range\.fail_hi: .* is not a number"):
        RangeThresholds.from_table({"fail_hi": value})


def test_a_fraction_is_refused_where_a_whole_number_stands() -> None:
    with pytest.raises(ValueError, match=r"qc\.step\.reanchor: 2\.5 is not a whole number"):
        StepThresholds.from_table({"s10": 1, "reanchor": 2.5})


def test_swapped_bounds_are_refused() -> None:
    with pytest.raises(ValueError, match=r"qc\.range: fail_lo = 50 is over fail_hi = -10"):
        RangeThresholds.from_table({"fail_lo": 50, "fail_hi": -10})


def test_an_unknown_word_is_refused_with_the_known_ones() -> None:
    table = {"radius_m": 1, "dz_max_m": 1, "sigma_min": 1, "k_sus": 1, "transform": "cube"}
    with pytest.raises(ValueError, match=r"use one of 'identity', 'sqrt', 'log1p'"):
        SpatialThresholds.from_table(table)


def test_a_table_inside_a_table_is_read_and_checked() -> None:
    table = {"tol": 0.1, "sus_s": 3600, "exclude": {"le": 0}}
    assert FlatLineThresholds.from_table(table, 300).exclude == Exclusion(le=0.0)
    with pytest.raises(ValueError, match=r"qc\.flat_line\.exclude: unknown key 'lt'"):
        FlatLineThresholds.from_table({**table, "exclude": {"lt": 0}}, 300)


def test_a_silent_duration_stands_at_its_multiple_of_the_cadence() -> None:
    assert SpikeThresholds.from_table({"sus": 1}, 600).max_gap_s == 900
    assert FlatLineThresholds.from_table({"tol": 1, "sus_s": 1}, 600).max_gap_s == 1800
    assert GapThresholds.from_table({}, 600) == GapThresholds(interval_s=600, fail_s=3600)


def test_without_a_cadence_the_duration_must_be_given() -> None:
    with pytest.raises(ValueError, match="'max_gap_s' is missing"):
        SpikeThresholds.from_table({"sus": 1})


@pytest.mark.parametrize("kind", [RangeThresholds, StepThresholds, SpikeThresholds])
def test_a_table_without_any_limit_is_refused(
    kind: type[RangeThresholds] | type[StepThresholds] | type[SpikeThresholds],
) -> None:
    with pytest.raises(ValueError, match="is given; add"):
        kind.from_table({}, 300)
