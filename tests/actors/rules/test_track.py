"""One message per instant, in order of time."""

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.track import TrackMessage, arrange


@given(st.lists(st.integers(0, 20)))
def test_the_first_arrival_of_an_instant_wins_and_times_ascend(times: list[int]) -> None:
    arrived = [TrackMessage(index, time_s, None, None, None, "", None) for index, time_s in enumerate(times)]
    track = arrange(arrived)
    assert [message.time_s for message in track] == sorted(set(times))
    assert all(times.index(message.time_s) == message.received_s for message in track)
