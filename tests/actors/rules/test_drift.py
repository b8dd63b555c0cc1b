"""Days made of hours, neighbours taken off, changes dated as the vectors say."""

import pytest

from actors.rules.drift import PeltTable, change_days, day_mean, fed_with, hour_means, spread
from tests.actors.rules.vector_files import Case, cases


@cases("pelt")
def test_changes_are_those_of_the_vectors(case: Case) -> None:
    days = list(enumerate(case["input"]["daily"]))
    assert change_days(days, PeltTable.from_table(case["params"])) == case["expected"]["breakpoints"]


@pytest.mark.parametrize(("hours", "cadence_s", "is_day"), [(20, 300, True), (19, 300, False), (1, 86400, True)])
def test_a_day_counts_with_four_fifths_of_the_hours_it_can_have(hours: int, cadence_s: int, is_day: bool) -> None:
    mean, count = day_mean([2.0] * hours, cadence_s, 0.8)
    assert (mean, count) == (2.0 if is_day else None, hours)


def test_one_value_makes_an_hour_and_a_day_where_no_share_is_asked() -> None:
    hours = hour_means({3600: [4.0]}, 300, 0.0)
    assert hours == {3600: 4.0} and day_mean(list(hours.values()), 300, 0.0).mean == 4.0
    assert hour_means({3600: [4.0] * 8}, 300, 0.75) == {}


def test_the_neighbours_median_is_taken_off_where_there_are_enough_of_them() -> None:
    assert fed_with(10.0, [1.0, 2.0, 9.0], 3) == 8.0
    assert fed_with(10.0, [1.0, 2.0], 3) is None and fed_with(None, [1.0, 2.0, 9.0], 3) is None


def test_without_a_price_a_shift_of_many_sigmas_is_found_and_noise_is_not() -> None:
    noise = [(day, float((day * 7) % 5)) for day in range(60)]
    assert change_days(noise, PeltTable()) == []
    shifted = [(day, value + (20 if day >= 30 else 0)) for day, value in noise]
    assert change_days(shifted, PeltTable()) == [30]
    assert change_days([(day, 5.0) for day in range(60)], PeltTable()) == []


def test_a_shift_hardly_widens_the_spread() -> None:
    noise = [float((day * 7) % 5) for day in range(60)]
    assert spread([value + (100 if day >= 30 else 0) for day, value in enumerate(noise)]) < 1.5 * spread(noise)
