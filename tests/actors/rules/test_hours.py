"""The mean of many hours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.hours import mean_of_hours
from protocols.vocabulary import Flag

hour = st.one_of(
    st.just((None, Flag.MISSING)), st.tuples(st.floats(-50, 50), st.sampled_from([Flag.GOOD, Flag.SUSPECT]))
)


@pytest.mark.parametrize(("present", "value"), [(6, 4.0), (5, None)])
def test_six_of_eight_hours_make_a_mean_and_five_do_not(present: int, value: float | None) -> None:
    hours = [(4.0, Flag.GOOD)] * present + [(None, Flag.MISSING)] * (8 - present)
    found = mean_of_hours(hours, 8, 0.75)
    assert (found.value, found.members, found.expected) == (value, present, 8)
    assert found.flag is (Flag.GOOD if value else Flag.MISSING)


def test_the_example_of_the_decision_for_ozone() -> None:
    """QĐ 1459/QĐ-TCMT: the 8 h mean at 1:00 of the hours 18:00 to 1:00 is about 18.0."""
    hours = [(mean, Flag.GOOD) for mean in (16.9, 17.5, 18.2, 18.6, 18.3, 18.0, 18.2, 18.1)]
    assert mean_of_hours(hours, 8, 0.75).value == pytest.approx(17.975)


@given(st.lists(hour, max_size=24))
def test_a_number_stands_only_on_enough_hours_and_a_suspect_one_shows(hours: list[tuple[float | None, Flag]]) -> None:
    found = mean_of_hours(hours, 24, 0.75)
    assert (found.value is not None) is (found.members >= 18) is (found.flag is not Flag.MISSING)
    if found.value is not None:
        assert (found.flag is Flag.SUSPECT) is any(flag is Flag.SUSPECT for _, flag in hours)
