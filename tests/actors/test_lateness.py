"""Late items by day, from the totals of the store."""

from actors.lateness import SHOWN_DAYS, late_counter, late_days

MIDNIGHT_S = 1_774_026_000.0
"""The beginning of 21 March 2026 in Vietnam."""


def test_what_came_too_late_counts_for_the_day_in_vietnam_on_which_it_was_confirmed() -> None:
    totals = {late_counter("csgt", MIDNIGHT_S - 1): 3, late_counter("csgt", MIDNIGHT_S): 4, late_counter("bo", 0): 5}
    days = late_days(lambda name: totals.get(name, 0), "csgt", MIDNIGHT_S + 10)
    assert list(days.items())[:3] == [("2026-03-21", 4), ("2026-03-20", 3), ("2026-03-19", 0)]
    assert len(days) == SHOWN_DAYS


def test_after_midnight_yesterdays_misses_are_not_todays_though_nothing_was_sent_since() -> None:
    totals = {late_counter("csgt", MIDNIGHT_S - 1): 3}
    days = late_days(lambda name: totals.get(name, 0), "csgt", MIDNIGHT_S + 3600)
    assert next(iter(days.values())) == 0
