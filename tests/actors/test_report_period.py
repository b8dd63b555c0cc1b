"""Periods of the reports and their days."""

import pytest

from actors.report_period import month_before, read_period
from protocols.times import iso, parse_iso


@pytest.mark.parametrize(
    ("text", "start", "end", "due"),
    [
        ("2026-11", "2026-11-01", "2026-12-01", "2026-12-10"),
        ("2026-12", "2026-12-01", "2027-01-01", "2027-01-10"),
        ("2026-H1", "2026-01-01", "2026-07-01", "2026-07-15"),
        ("2026", "2026-01-01", "2027-01-01", "2027-01-20"),
    ],
)
def test_a_period_is_due_on_the_day_of_the_decision(text: str, start: str, end: str, due: str) -> None:
    period = read_period(text)
    assert period is not None
    assert [iso(at)[:10] for at in (period.from_s, period.to_s, period.due_s)] == [start, end, due]
    assert iso(period.from_s)[11:] == "00:00:00+07:00"


@pytest.mark.parametrize("text", ["", "2026-13", "2026-H2", "26-01", "2026-00", "9999-01", "2026-1"])
def test_anything_else_is_no_period(text: str) -> None:
    assert read_period(text) is None


def test_the_month_that_ended_last() -> None:
    assert month_before(parse_iso("2026-11-27T12:00:00")) == "2026-10"
    assert month_before(parse_iso("2026-01-01T00:00:00")) == "2025-12"
