"""The back-off of the forwarders."""

from actors.backoff import retry_delay_s


def test_the_delay_doubles_from_one_second_to_sixty() -> None:
    assert [retry_delay_s(failures) for failures in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_an_outage_may_last_for_years() -> None:
    assert retry_delay_s(10_000_000) == 60
