"""When a box that fell behind is on time again."""

from tests.bench.shock import FOR_S, ON_TIME_S, on_time_at

LATE, FINE = ON_TIME_S + 1, ON_TIME_S / 2


def test_on_time_is_when_nothing_was_late_for_a_while() -> None:
    seen = [(0.0, FINE), (10.0, LATE), (12.0, FINE), (13.0, LATE), (14.0, FINE), (16.0, FINE), (14.0 + FOR_S, FINE)]
    assert on_time_at(seen, 9.0) == 14.0
    assert on_time_at(reversed(seen), 9.0) == 14.0


def test_a_box_that_was_late_to_the_end_is_not_on_time() -> None:
    assert on_time_at([(0.0, FINE), (20.0, FINE), (21.0, LATE), (22.0, FINE)], 19.0) is None
    assert on_time_at([], 0.0) is None
