"""From which receipt on a track is read; judging anew in service: tests/end_to_end/test_driving_vectors.py."""

from actors.rejudging import NEAR_S, since_ms
from actors.vehicle import FUTURE_S


def test_no_row_that_can_count_lies_before_what_is_read() -> None:
    assert since_ms(1_780_000_000, NEAR_S) == (1_780_000_000 - NEAR_S - FUTURE_S) * 1000
