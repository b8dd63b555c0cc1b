"""The clock in service is proved by tests/end_to_end/test_driving_vectors.py; here, what its marks say."""

from actors.driving_clock import LONGEST_WAIT_S, QUIET_S


def test_a_touched_track_waits_for_quiet_but_not_for_ever() -> None:
    assert 0 < QUIET_S < LONGEST_WAIT_S
