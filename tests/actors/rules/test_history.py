"""Cells of the history bars."""

from actors.rules.history import Arrived, DayTotals, Expectation, day_cells, slot_cells
from actors.rules.timetable import Timetable
from protocols.times import DAY_S, day_start, parse_iso
from protocols.vocabulary import Flag

NOW = parse_iso("2026-03-02T12:01:00+07:00")
TWO = Expectation(Timetable(300), 120, 2, NOW - 2 * DAY_S)


def value(time_s: int, delay_s: int = 10, flag: Flag = Flag.GOOD, parameter: str = "COD") -> Arrived:
    return Arrived(parameter, time_s, (time_s + delay_s) * 1000, flag)


def test_a_day_has_a_cell_for_each_of_its_288_slots_and_the_last_is_not_due_yet() -> None:
    cells = slot_cells(TWO, NOW, [])
    assert (len(cells), sum(cell.expected for cell in cells), cells[-1].expected) == (288, 2 * 287, 0)


def test_a_cell_tells_what_came_late_as_a_backfill_or_failed() -> None:
    noon = NOW - 60
    found = [
        value(noon - 3600, 121),
        value(noon - 3600, 1201, parameter="pH"),
        value(noon - 3300, 1200, Flag.FAIL),
        value(noon, 5),
    ]
    cells = {cell.to_s: cell for cell in slot_cells(TWO, NOW, found)}
    assert cells[noon - 3600][2:] == (1, 1, 2, 2, 1, 1, 0)
    assert cells[noon - 3300][2:] == (1, 1, 2, 1, 1, 0, 1)
    assert cells[noon][2:] == (1, 1, 1, 1, 0, 0, 0)


def test_two_values_of_a_parameter_in_one_slot_count_once() -> None:
    cells = {cell.to_s: cell for cell in slot_cells(TWO, NOW, [value(NOW - 3660), value(NOW - 3640)])}
    assert cells[NOW - 3660].received == 1


def test_four_times_a_day_gives_four_cells() -> None:
    owed = Expectation(Timetable.at_times((3600, 25200, 46800, 68400)), 1800, 2, NOW - 2 * DAY_S)
    cells = slot_cells(owed, NOW, [value(parse_iso("2026-03-02T07:00:00+07:00"), 900)])
    assert [(cell.expected, cell.received, cell.late) for cell in cells] == [(2, 0, 0), (2, 0, 0), (2, 0, 0), (2, 1, 0)]


def test_nothing_is_expected_before_the_first_record() -> None:
    assert sum(cell.expected for cell in slot_cells(TWO._replace(first_s=NOW - 3660), NOW, [])) == 2 * 12
    assert sum(cell.expected for cell in slot_cells(TWO._replace(first_s=None), NOW, [])) == 0


def test_a_month_has_a_cell_per_day_and_today_owes_what_is_due() -> None:
    today = day_start(NOW)
    days = [today - DAY_S, today]
    whole, part = day_cells(TWO, days, NOW, {today: DayTotals(280, 3, 2, 1)})
    assert (whole.slots, whole.expected, whole.received) == (144, 288, 0) or whole.slots > 0
    assert (part.slots, part.expected, part[5:]) == (143, 286, (280, 3, 2, 1))
