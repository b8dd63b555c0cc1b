"""Cells of a station's history: what came, when, and what did not."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.timetable import Timetable
from storage.models import FileRow, FlipRow
from storage.slot_files import Worth
from web.history import CAME, Pace, Slot, by_hour, count_slots, day_look, runs, slots, uptime

DAY_S = 1_763_571_600
"""Midnight of 2025-11-20 in Vietnam."""
NOW_S = DAY_S + 10 * 3600 + 30
PACE = Pace(Timetable(300), 120, DAY_S - 86400)


def file(time_s: int, delay_s: float = 60, **changes: Any) -> FileRow:
    fields: dict[str, Any] = {"id": time_s, "fate": "stored", "faults": [], "records": 6} | changes
    return FileRow(time_s=time_s, received_ms=int((time_s + delay_s) * 1000), **fields)


def states(files: list[FileRow], first_s: float | None = DAY_S - 86400) -> dict[int, str]:
    row = slots(PACE.day(DAY_S), Pace(PACE.timetable, 120, first_s), files, {}, NOW_S)
    return {(slot.time_s - DAY_S) // 300: slot.state for slot in row}


def test_a_day_of_five_minutes_has_288_slots_and_the_last_24_hours_end_with_the_running_hour() -> None:
    assert len(PACE.day(DAY_S)) == 288
    times = PACE.last_day(NOW_S)
    assert (len(times), times[0], times[-1]) == (288, DAY_S - 13 * 3600 + 300, DAY_S + 11 * 3600)
    assert len(Pace(Timetable.at_times([0, 21600, 43200, 64800]), 120, 0.0).last_day(NOW_S)) == 4


def test_each_hour_of_the_day_has_its_slots_and_a_right_closed_hour_its_end() -> None:
    row = [Slot(time_s, "got") for time_s in PACE.day(DAY_S)]
    assert [len(hour) for hour in by_hour(row, DAY_S)] == [12] * 24
    closed = by_hour([Slot(time_s, "got") for time_s in PACE.last_day(NOW_S)], DAY_S - 13 * 3600 + 1)
    assert [hour[-1].time_s % 3600 for hour in closed] == [0] * 24


def test_a_file_is_on_time_late_or_backfilled_by_its_delay() -> None:
    found = states([file(DAY_S, 120), file(DAY_S + 300, 121), file(DAY_S + 600, 1201)])
    assert [found[slot] for slot in (0, 1, 2, 3)] == ["got", "late", "backfilled", "missing"]


def test_what_is_not_due_yet_is_not_missing() -> None:
    found = states([])
    assert (found[118], found[119], found[120], found[121]) == ("missing", "waiting", "due", "due")


def test_before_the_first_file_nothing_is_missing() -> None:
    found = states([], first_s=DAY_S + 7200)
    assert (found[23], found[24]) == ("before", "missing")
    assert set(states([], first_s=None).values()) == {"before", "due"}


def test_a_clock_that_is_off_by_seconds_keeps_its_slot() -> None:
    assert states([file(DAY_S + 310), file(DAY_S + 595)])[1] == "got"
    assert states([file(DAY_S + 595)])[2] == "got"


def test_a_refused_file_leaves_its_slot_missing_and_leads_to_it() -> None:
    row = slots(PACE.day(DAY_S), PACE, [file(DAY_S, fate="refused")], {DAY_S: Worth(4, 2)}, NOW_S)
    assert (row[0].state, row[0].faulty, row[0].share) == ("missing", True, 3) and row[0].file is not None


@given(st.sets(st.integers(0, 119)), st.integers(0, 3000))
def test_every_slot_that_is_due_is_counted_once(there: set[int], delay_s: int) -> None:
    files = [file(DAY_S + 300 * slot, delay_s) for slot in sorted(there)]
    counts = count_slots(slots(PACE.day(DAY_S), PACE, files, {}, NOW_S))
    assert counts["came"] == sum(counts[state] for state in CAME) == len(there)
    assert counts["expected"] + counts["due"] == 288


def test_a_hole_is_told_by_its_ends_from_each_of_its_cells() -> None:
    row = [Slot(n * 300, "missing" if n in (2, 3, 6) else "got") for n in range(7)]
    assert runs(row) == {600: (600, 900, 2), 900: (600, 900, 2), 1800: (1800, 1800, 1)}


def test_a_day_is_told_by_its_completeness_and_hatched_by_its_failures() -> None:
    day = {"expected": 100, "received": 100, "backfilled": 0, "failed": 0}
    assert day_look(day) == ("got", 0, 100)
    assert day_look(day | {"failed": 30, "backfilled": 9}) == ("backfilled", 2, 100)
    assert day_look(day | {"received": 94}) == ("late", 0, 94) and day_look(day | {"received": 9})[0] == "missing"
    assert day_look(day | {"expected": 0, "received": 0}) == ("before", 0, None)


def test_uptime_is_the_share_in_which_the_source_was_not_silent() -> None:
    flips = [FlipRow(was="silent", now="fresh", at_s=800.0), FlipRow(was="late", now="silent", at_s=600.0)]
    assert uptime(flips, "fresh", 0, 1000) == 0.8
    assert uptime(flips, "fresh", 700, 1000) == 1 - 100 / 300
    assert uptime([], "silent", 0, 10) == 0.0 and uptime([], "never_seen", 0, 10) is None
