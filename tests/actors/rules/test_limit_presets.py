"""Values of the QCVN: dated, with a document, and never two on one day."""

from datetime import date

import pytest

from actors.rules.limit_presets import load_presets, parse_presets

BOOK = load_presets()
HEAD = """[[preset]]
name = "x"
document = "X"
article = "1"
kinds = []
valid_from = 2020-01-01
"""


@pytest.mark.parametrize(
    ("name", "symbol", "lo", "hi"),
    [
        ("qcvn_40_2011:A", "COD", None, 75),
        ("qcvn_40_2011:B", "pH", 5.5, 9),
        ("qcvn_40_2011:A", "Amoni", None, 5),
        ("qcvn_19_2009:B", "SO2", None, 500),
        ("qcvn_08mt_2015:A1", "DO", 6, None),
        ("qcvn_08_2023:B", "TOC", None, 6),
    ],
)
def test_a_preset_has_the_documents_number(name: str, symbol: str, lo: float | None, hi: float | None) -> None:
    _, rows = BOOK.rows(name, symbol)
    assert [(row.lo, row.hi) for row in rows] == [(lo, hi)]


def test_particles_of_ambient_air_change_on_the_first_of_january_2026() -> None:
    """QCVN 05:2023/BTNMT: 50, then 45 micrograms; the day of the change is of medium confidence and says so."""
    _, rows = BOOK.rows("qcvn_05_2023", "PM2,5")
    days = [row for row in rows if row.averaging == ("day",)]
    assert [(row.hi, row.valid_from, row.valid_to) for row in days] == [
        (50, None, date(2026, 1, 1)),
        (45, date(2026, 1, 1), None),
    ]
    assert {row.confidence for row in days} == {"medium"}


def test_numbers_on_which_sources_disagree_say_so() -> None:
    _, rows = BOOK.rows("qcvn_05_2023:1", "O3")
    assert [(row.hi, row.confidence) for row in rows if row.averaging == ("hour",)] == [(200, "medium")]


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("river_m3_s", 50, 0.9), ("river_m3_s", 50.1, 1.0), ("river_m3_s", 501, 1.2), ("lake_m3", 10e6, 0.6),
        ("receiver", "coast_other", 1.3), ("discharge_m3_day", 50, 1.2), ("discharge_m3_day", 5001, 0.9),
        ("gas_m3_h", 20001, 0.9), ("zone", 1, 0.6), ("zone", 5, 1.4),
    ],
)  # fmt: skip
def test_a_factor_follows_from_what_the_site_says(name: str, given: float | str, value: float) -> None:
    (factor,) = (each for each in BOOK.factors if each.basis == name)
    assert factor.of(given) == pytest.approx(value)


@pytest.mark.parametrize(
    ("basis", "given"), [("zone", 6), ("receiver", "sea"), ("river_m3_s", -1), ("lake_m3", "many")]
)
def test_a_factor_refuses_what_is_not_in_its_table(basis: str, given: object) -> None:
    (factor,) = (each for each in BOOK.factors if each.basis == basis)
    with pytest.raises(ValueError, match=basis):
        factor.of(given)


@pytest.mark.parametrize(
    ("name", "symbol", "complaint"),
    [
        ("qcvn_40_2025:A", "COD", "'qcvn_40_2011'"),
        ("qcvn_40_2011:C", "COD", "qcvn_40_2011:A, qcvn_40_2011:B"),
        ("qcvn_40_2011:A", "Vinyl chloride", "it has Temp, Color"),
    ],
)
def test_an_unknown_name_is_refused_with_what_there_is(name: str, symbol: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        BOOK.rows(name, symbol)


@pytest.mark.parametrize(
    "rows",
    [
        '{column = "1", parameter = "A", unit = "", confidence = "high", hi = 1}, '
        '{column = "1", parameter = "A", unit = "", confidence = "high", hi = 2}',
        '{column = "1"}',
        '{column = "1", parameter = "A", unit = "", confidence = "high", wrong = 1}',
    ],
)
def test_rows_that_overlap_or_lack_something_are_refused(rows: str) -> None:
    with pytest.raises(ValueError, match="limit presets"):
        parse_presets(f"{HEAD}rows = [{rows}]")
