"""The wiring of the night."""

from server.nightly import seconds_of


def test_a_time_of_night_is_read_as_seconds_after_midnight() -> None:
    assert seconds_of("02:30") == 9000 and seconds_of("00:00") == 0
