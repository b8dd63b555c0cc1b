"""The tables that a series is judged with, and their hash."""

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.series_thresholds import SeriesThresholds
from actors.rules.threshold_tables import HASH_LENGTH, canonical_hash, origins_of, settled_tables
from conf.qc_tables import QC_TABLES

OWN = {"range": {"fail_lo": 0, "fail_hi": 100}, "spike": False, "cusum": {"sigma_min": 1}}
DEFAULTS = {"step": {"s10": 1, "s60": 2}}


def settled(own: dict[str, object]) -> dict[str, object]:
    thresholds = SeriesThresholds.from_tables(own, 300, DEFAULTS)
    return settled_tables(thresholds, own, DEFAULTS, QC_TABLES, 300)


def test_every_test_stands_in_it_with_all_its_keys_and_false_where_it_is_off() -> None:
    tables = settled(OWN)
    assert tables["range"] == {"fail_lo": 0.0, "fail_hi": 100.0, "sus_lo": None, "sus_hi": None}
    assert (tables["spike"], tables["flat_line"]) == (False, False)
    assert isinstance(tables["step"], dict) and tables["step"]["s10"] == 1.0
    assert isinstance(tables["cusum"], dict) and tables["cusum"]["M"] == 30


@given(st.permutations(list(OWN)), st.sampled_from([100, 100.0]))
def test_the_hash_is_of_what_is_meant_and_not_of_how_it_is_written(order: list[str], high: float) -> None:
    written: dict[str, object] = {test: OWN[test] for test in order} | {"range": {"fail_hi": high, "fail_lo": 0.0}}
    assert canonical_hash(settled(written)) == canonical_hash(settled(OWN))
    assert len(canonical_hash(settled(OWN))) == HASH_LENGTH


def test_another_threshold_is_another_hash() -> None:
    assert canonical_hash(settled({**OWN, "range": {"fail_hi": 99}})) != canonical_hash(settled(OWN))


def test_a_table_is_the_stations_where_the_inventory_names_its_test_else_the_default() -> None:
    origins = origins_of(settled(OWN), OWN, {}, {})
    assert (origins["range"], origins["step"]) == ("station", "default")


def test_a_calibrated_table_stays_calibrated_until_it_changes() -> None:
    own = {**OWN, "step": {"s10": 3, "s60": 6}}
    tables = settled(own)
    assert origins_of(tables, own, {"step": "calibrated"}, tables)["step"] == "calibrated"
    assert origins_of(tables, own, {"step": "calibrated"}, settled(OWN))["step"] == "station"
