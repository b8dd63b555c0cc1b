"""Expected instants: every interval, fixed times, and increased frequency."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.timetable import Raised, Timetable, missing_beats
from protocols.times import DAY_S, HOUR_S, iso, parse_iso

SIX = parse_iso("2026-03-01T06:00:00+07:00")
FOUR_TIMES = Timetable.at_times((3600, 25200, 46800, 68400))

stretches = st.builds(
    lambda from_s, length_s, cadence_s: Raised(SIX + from_s, SIX + from_s + length_s, cadence_s),
    st.integers(-DAY_S, DAY_S),
    st.integers(1, DAY_S),
    st.sampled_from([60, 300, 600, 1800]),
)
timetables = st.builds(
    lambda base, raised: base.with_raised(raised),
    st.sampled_from([FOUR_TIMES, Timetable(300), Timetable(HOUR_S), Timetable.at_times((25200, 46800, 68400))]),
    st.lists(stretches, max_size=4),
)
instants = st.integers(SIX - 2 * DAY_S, SIX + 2 * DAY_S)


def test_fixed_times_are_told_in_vietnamese_time() -> None:
    assert [iso(slot_s)[11:16] for slot_s in FOUR_TIMES.slots(SIX, SIX + DAY_S)] == ["07:00", "13:00", "19:00", "01:00"]


def test_a_day_of_five_minutes_expects_288_records() -> None:
    assert len(Timetable(300).slots(SIX, SIX + DAY_S)) == 288


@given(timetables, instants, instants, instants)
def test_stretches_of_time_add_up(timetable: Timetable, one: int, two: int, three: int) -> None:
    a, b, c = sorted((one, two, three))
    assert timetable.slots(a, b) + timetable.slots(b, c) == timetable.slots(a, c)
    assert timetable.beats(a, b) + timetable.beats(b, c) == pytest.approx(timetable.beats(a, c), abs=1e-6)


@given(timetables, instants, st.floats(0, 20))
def test_after_is_the_inverse_of_beats(timetable: Timetable, from_s: int, beats: float) -> None:
    assert timetable.beats(from_s, timetable.after(from_s, beats)) == pytest.approx(beats, abs=1e-6)


@given(timetables, instants)
def test_a_slot_stands_for_itself(timetable: Timetable, at_s: int) -> None:
    for slot_s in timetable.slots(at_s, at_s + DAY_S):
        assert timetable.nearest(slot_s) == slot_s


@given(timetables, instants)
def test_the_next_record_is_due_in_the_future(timetable: Timetable, at_s: int) -> None:
    assert timetable.due_after(at_s) > at_s


def test_the_shortest_of_overlapping_disasters_counts_and_each_ends_by_itself() -> None:
    raised = FOUR_TIMES.with_raised([Raised(SIX, SIX + 2 * HOUR_S, 3600), Raised(SIX + HOUR_S, None, 1800)])
    found = [iso(slot_s)[11:16] for slot_s in raised.slots(SIX - 6 * HOUR_S, SIX + 3 * HOUR_S)]
    assert found == ["01:00", "07:00", "07:30", "08:00", "08:30", "09:00"]
    assert (raised.cadence_at(SIX - 1), raised.cadence_at(SIX), raised.cadence_at(SIX + DAY_S)) == (21600, 3600, 1800)


def test_a_slower_interval_raises_nothing() -> None:
    assert Timetable(300).with_raised([Raised(SIX, None, 3600)]) == Timetable(300)


def test_a_beat_begun_before_a_disaster_ends_faster_in_it() -> None:
    assert Timetable(300).with_raised([Raised(SIX, SIX + 600, 60)]).after(SIX - 150, 1) == SIX + 30


@pytest.mark.parametrize(("beats", "missing"), [(1.0, 0), (1.49, 0), (2.0, 1), (2.5, 2), (0.2, 0)])
def test_records_that_lack_between_two(beats: float, missing: int) -> None:
    assert missing_beats(beats) == missing
