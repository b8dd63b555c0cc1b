"""What a day's violations come to in the columns of the annexes."""

from actors.rules.counted_day import Cases, CountedDay, count_day


def cases(kind: str, band: str = "", count: int = 1, lasted_s: int = 60, distance_m: float = 0.0) -> Cases:
    return Cases(kind, band, count, lasted_s, distance_m, 12.5 if kind == "speed" else 0.0, 0)


def test_speeding_is_counted_by_band_and_its_way_and_time_from_5_km_h_on() -> None:
    """TT 09/2015/TT-BGTVT Phụ lục 3 to 13: the columns begin at 5 km/h."""
    day = count_day([cases("speed", "<5", 4, 400, 900.0), cases("speed", "10-20", 2, 120, 800.26)])
    assert (day.under_5, day.over_10, day.over_m, day.over_s, day.worst_kmh) == (4, 2, 800.3, 120, 12.5)


def test_every_kind_has_its_column_and_another_kind_none() -> None:
    kinds = ("continuous_driving", "daily_driving", "weekly_driving", "frequency", "order", "no_transmission")
    day = count_day([cases(kind, count=number) for number, kind in enumerate(kinds, 1)])
    found = (day.continuous, day.daily, day.weekly, day.rare, day.disorder, day.silences, day.silent_s)
    assert found == (1, 2, 3, 4, 5, 6, 60)
    assert count_day([cases("door_open")]) == CountedDay()


def test_messages_that_lack_a_field_are_counted_not_their_runs() -> None:
    """TT 09/2015/TT-BGTVT Phụ lục 19: times that data were sent without what is wanted."""
    assert count_day([cases("missing_field", count=2)._replace(messages=7)]).lacking == 7
    assert count_day([cases("missing_field", count=2)]).lacking == 2


def test_the_values_stand_in_the_order_of_the_columns() -> None:
    assert count_day([cases("order", count=9)]).values() == (*([0] * 5), 0.0, 0, 0.0, *([0] * 7), 9)
