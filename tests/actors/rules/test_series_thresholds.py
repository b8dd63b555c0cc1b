"""The thresholds of one series: own tables before the element's."""

import pytest

from actors.rules.detection import DetectionThresholds
from actors.rules.range_check import RangeThresholds
from actors.rules.series_thresholds import SeriesThresholds

DEFAULTS = {
    "range": {"fail_lo": 0, "sus_hi": 1000},
    "detection_limit": {"mdl": 5, "may_be_negative": True},
    "step": {"s10": 100},
}


def test_an_absent_test_takes_the_default_and_an_own_table_replaces_it() -> None:
    thresholds = SeriesThresholds.from_tables({"range": {"fail_hi": 9}}, 300, DEFAULTS)
    assert thresholds.range == RangeThresholds(fail_hi=9)
    assert thresholds.step is not None
    assert thresholds.spike is None


def test_false_turns_a_test_off() -> None:
    off = {"range": False, "step": False, "gap": False, "detection_limit": False}
    assert SeriesThresholds.from_tables(off, 300, DEFAULTS) == SeriesThresholds()


def test_the_gap_test_needs_no_table() -> None:
    gap = SeriesThresholds.from_tables({}, 300).gap
    assert gap is not None
    assert (gap.interval_s, gap.fail_s) == (300, 3600)


def test_the_parameters_own_instrument_fills_the_detection_test() -> None:
    thresholds = SeriesThresholds.from_tables({}, 300, DEFAULTS, measuring_range=(0, 500), detection_limit=2)
    assert thresholds.detection_limit == DetectionThresholds(2, 0, 500, may_be_negative=True)


def test_an_explicit_detection_table_wins_key_by_key() -> None:
    own = {"detection_limit": {"mdl": 7}}
    thresholds = SeriesThresholds.from_tables(own, 300, measuring_range=(0, 500), detection_limit=2)
    assert thresholds.detection_limit == DetectionThresholds(7, 0, 500)


def test_all_faults_are_told_together() -> None:
    own = {"range": {"hi": 1}, "step": 3, "spike": {"fail": "x"}}
    with pytest.raises(ValueError, match=r"qc\.range: unknown key") as caught:
        SeriesThresholds.from_tables(own, 300)
    assert len(str(caught.value).splitlines()) == 3


def test_tests_of_other_scopes_are_left_alone() -> None:
    assert SeriesThresholds.from_tables({"cusum": {"k": 1}}, 300) == SeriesThresholds.from_tables({}, 300)


def test_what_is_from_the_future_is_the_stations_own_setting() -> None:
    assert SeriesThresholds.from_tables({"order": {"future_s": 60}}, 300).order.future_s == 60


def test_a_detection_test_without_any_bound_still_looks_for_negatives() -> None:
    assert SeriesThresholds.from_tables({"detection_limit": {}}, 300).detection_limit is not None
    assert SeriesThresholds.from_tables({}, 300).detection_limit is None
