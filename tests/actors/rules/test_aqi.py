"""Q16, air quality index."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.aqi import NOWCAST_HOURS, Mode, aqi_of_day, aqi_of_hour, nowcast, sub_index
from actors.rules.aqi_table import AqiTable, load_aqi_table, parse_aqi_tables
from tests.actors.rules.vector_files import Case, cases

hours = st.lists(st.one_of(st.none(), st.floats(0, 600)), min_size=NOWCAST_HOURS, max_size=NOWCAST_HOURS)
modes = st.sampled_from(["law", "law_norm", "epa"])


@pytest.fixture(scope="module")
def table() -> AqiTable:
    return load_aqi_table(date(2026, 1, 1))


@cases("nowcast")
def test_nowcast_equals_the_vector(case: Case) -> None:
    found, expected = nowcast(case["input"]["c"], case["params"]["mode"]), case["expected"]["nowcast"]
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert abs(found - expected) <= 1e-6


@cases("aqi_sub")
def test_the_sub_index_equals_the_vector(case: Case, table: AqiTable) -> None:
    assert sub_index(case["params"]["pollutant"], case["input"]["c"], table) == case["expected"]["aqi"]


@cases("aqi_hour")
def test_the_index_of_an_hour_equals_the_vector(case: Case, table: AqiTable) -> None:
    hour = case["input"]["hour"]
    particles = {name: series for name, series in hour.items() if isinstance(series, list)}
    gases = {name: mean for name, mean in hour.items() if name not in particles}
    found = aqi_of_hour(gases, particles, table, case["params"]["mode"])
    expected = case["expected"]
    assert (found.sub, found.value, found.main) == (expected["sub"], expected["aqi"], expected["main"])


@given(hours, modes)
def test_without_two_of_the_newest_three_hours_there_is_no_nowcast(series: list[float | None], mode: Mode) -> None:
    enough = sum(mean is not None for mean in series[:3]) >= 2
    assert (nowcast(series, mode) is not None) is enough


@given(st.floats(0, 700), st.floats(0, 700))
def test_a_higher_concentration_has_no_lower_index(left: float, right: float) -> None:
    table = load_aqi_table(date(2026, 1, 1))
    low, high = sub_index("pm25", min(left, right), table), sub_index("pm25", max(left, right), table)
    assert low is not None
    assert high is not None
    assert low <= high


def test_a_day_takes_particles_by_their_mean_and_gases_by_their_largest_hour(table: AqiTable) -> None:
    """QĐ 1459/QĐ-TCMT."""
    found = aqi_of_day({"pm25": [50.0] * 24, "no2": [10.0] * 23 + [200.0], "o3_1h": [80.0] * 24}, table)
    assert found.sub == {"pm25": 100, "no2": 100, "o3_1h": 25, "o3_8h": 40}
    assert (found.value, found.main) == (100, "no2")


def test_a_day_needs_18_of_24_hours_of_particles(table: AqiTable) -> None:
    assert aqi_of_day({"pm25": [50.0] * 18 + [None] * 6}, table).value == 100
    assert aqi_of_day({"pm25": [50.0] * 17 + [None] * 7}, table).value is None


def test_an_index_has_a_name_and_a_colour(table: AqiTable) -> None:
    assert [table.band_of(aqi).name for aqi in (0, 50, 51, 150, 300, 301, 500)] == [
        "Tốt",
        "Tốt",
        "Trung bình",
        "Kém",
        "Rất xấu",
        "Nguy hại",
        "Nguy hại",
    ]


def test_a_table_whose_breakpoints_do_not_ascend_is_refused() -> None:
    head = '[[index]]\narticle = "x"\nvalid_from = 2020-01-01\nlevels = [0, 50]\nbands = []\n'
    with pytest.raises(ValueError, match="breakpoints of co do not ascend"):
        parse_aqi_tables(head + "breakpoints = { co = [5, 1] }\n")


def test_a_later_document_takes_over_from_its_day() -> None:
    row = '[[index]]\narticle = "{}"\nvalid_from = {}\nlevels = [0, 50]\nbreakpoints = {{}}\nbands = []\n'
    tables = parse_aqi_tables(row.format("new", "2030-01-01") + row.format("old", "2019-11-12"))
    assert [document.article for document in tables] == ["old", "new"]
