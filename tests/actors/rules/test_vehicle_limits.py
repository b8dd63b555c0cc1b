"""Dated thresholds: what holds on a day, and what is refused."""

from datetime import date

import pytest

from actors.rules.vehicle_limits import limits_on, parse_limit_rows
from tests.actors.rules.tracks import LIMITS_FILE

TEXT = LIMITS_FILE.read_text(encoding="utf-8")
ROWS = parse_limit_rows(TEXT)
TODAY = date(2026, 3, 2)


def test_thirty_seconds_hold_unless_the_twenty_of_the_device_rule_are_chosen() -> None:
    assert limits_on(TODAY, ROWS).overspeed.min_duration_s == 30
    assert limits_on(TODAY, ROWS, {"qcvn_31_2014"}).overspeed.min_duration_s == 20


def test_the_numbers_of_today_are_those_of_the_circular() -> None:
    today = limits_on(TODAY, ROWS)
    assert (today.overspeed.tolerance_kmh, today.overspeed.void_gap_s, today.overspeed.implausible_kmh) == (5, 60, 200)
    assert (today.driving.continuous_s, today.driving.day_driving_s, today.driving.day_rest_s) == (14400, 36000, 50400)
    assert (today.transmission.moving_period_s, today.transmission.parked_period_s) == (30, 900)


def test_every_row_names_its_article() -> None:
    assert [row.name for row in ROWS if not row.article.strip()] == []


def test_a_day_before_the_circular_has_no_limits() -> None:
    with pytest.raises(ValueError, match=r"overspeed\.tolerance_kmh has no row for 2015-05-31"):
        limits_on(date(2015, 5, 31), ROWS)


def test_a_cap_that_was_taken_out_of_the_law_is_not_tested_any_more() -> None:
    rows = [row for row in ROWS if row.name != "driving.day_driving_s"]
    assert limits_on(TODAY, rows).driving.day_driving_s is None


def test_a_row_ends_the_day_before_the_next_begins() -> None:
    changed = parse_limit_rows(
        TEXT.replace("value = 14400\nvalid_from = 2025-01-01", "value = 10800\nvalid_from = 2025-01-01")
    )
    assert limits_on(date(2024, 12, 31), changed).driving.continuous_s == 14400
    assert limits_on(date(2025, 1, 1), changed).driving.continuous_s == 10800


@pytest.mark.parametrize(
    ("addition", "complaint"),
    [
        ('[[limit]]\nname = "overspeed.void_gap_s"\nvalue = 90\nvalid_from = 2020-01-01\narticle = "x"', "two rows"),
        ('[[limit]]\nname = "overspeed.void_gap_s"', "missing"),
        ('[[limit]]\nname = "a"\nvalue = 1\nvalid_from = 2020-01-01\narticle = "x"\nunit = "s"', "unexpected"),
        ("[[limit", "line"),
    ],
)
def test_a_broken_table_is_refused(addition: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_limit_rows(f"{TEXT}\n{addition}\n")


def test_seconds_are_whole_however_they_are_written() -> None:
    written = "value = 60\nvalid_from = 2015-06-01"
    speed = limits_on(TODAY, parse_limit_rows(TEXT.replace(written, "value = 60.0\nvalid_from = 2015-06-01"))).overspeed
    assert (speed.void_gap_s, type(speed.void_gap_s)) == (60, int)
    with pytest.raises(ValueError, match="no whole number of seconds"):
        limits_on(TODAY, parse_limit_rows(TEXT.replace(written, "value = 60.5\nvalid_from = 2015-06-01")))
