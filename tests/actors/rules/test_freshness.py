"""Late and silent as pure functions of time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.freshness import Standing, deadline, due_at, standing, watchdog_at
from actors.rules.timetable import Raised, Timetable
from protocols.vocabulary import Freshness

spans_s = st.integers(1, 10**5)


@pytest.mark.parametrize(
    ("now_s", "expected"),
    [
        (1000, Standing(Freshness.FRESH, 1300)),
        (1299, Standing(Freshness.FRESH, 1300)),
        (1300, Standing(Freshness.LATE, 1420)),
        (1419, Standing(Freshness.LATE, 1420)),
        (1420, Standing(Freshness.SILENT, None)),
        (10**6, Standing(Freshness.SILENT, None)),
    ],
)
def test_a_source_is_fresh_then_late_then_silent(now_s: int, expected: Standing) -> None:
    assert standing(1000, 300, 120, now_s) == expected


def test_a_source_that_never_spoke_and_is_not_expected_stays_never_seen() -> None:
    assert standing(None, 300, 120, 10**9) == Standing(Freshness.NEVER_SEEN, None)


def test_a_source_that_never_spoke_is_silent_when_the_grace_of_its_first_day_ends() -> None:
    assert standing(None, 300, 120, 1119, first_expected_s=1000) == Standing(Freshness.NEVER_SEEN, 1120)
    assert standing(None, 300, 120, 1120, first_expected_s=1000) == Standing(Freshness.SILENT, None)


@given(st.integers(0, 10**9), spans_s, spans_s, st.integers(0, 10**6))
def test_waking_exactly_at_a_deadline_always_finds_the_next_state(
    last_s: int, cadence_s: int, grace_s: int, later_s: int
) -> None:
    before = standing(last_s, cadence_s, grace_s, last_s + later_s)
    if before.next_deadline_s is not None:
        after = standing(last_s, cadence_s, grace_s, before.next_deadline_s)
        assert after.freshness is not before.freshness
        assert after.next_deadline_s is None or after.next_deadline_s > before.next_deadline_s


def test_the_deadlines_are_cadence_and_cadence_with_grace_after_the_last_sign() -> None:
    assert (due_at(1000, 300), deadline(1000, 300, 120)) == (1300, 1420)


def test_the_watchdog_waits_three_cadences_and_two_minutes() -> None:
    assert watchdog_at(due_at(0, 600), Timetable(600)) == 3 * 600 + 120
    raised = Timetable(600).with_raised([Raised(0, None, 300)])
    assert watchdog_at(raised.due_after(0), raised) == 3 * 300 + 120
