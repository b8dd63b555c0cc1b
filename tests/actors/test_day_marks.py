"""Marks of days whose violations changed."""

from actors.day_marks import DayMarks
from actors.messages import DroveStretch, ViolationFound
from protocols.vocabulary import ViolationKind
from storage.ids import Ids
from storage.models import DirtyTrafficDayRow
from storage.writer import Unit

MIDNIGHT_S = 20_454 * 86_400 - 25_200


def found(vehicle_id: int, start_s: int) -> ViolationFound:
    return ViolationFound(vehicle_id, ViolationKind.SPEED, start_s, start_s + 40, True, {})


def test_a_day_is_marked_once_until_it_is_counted() -> None:
    marks, unit = DayMarks(Ids({"dirty_traffic_days": 6})), Unit()
    marks.judged(unit, [found(1, MIDNIGHT_S), found(1, MIDNIGHT_S + 86_399), DroveStretch(1, "D", 1, 2)])
    marks.judged(unit, [found(1, MIDNIGHT_S - 1), found(2, MIDNIGHT_S)])
    assert unit.rows == {"dirty_traffic_days": [(7, 1, 20_454), (8, 1, 20_453), (9, 2, 20_454)]}
    marks.let_go([DirtyTrafficDayRow(id=7, vehicle_id=1, day=20_454)])
    again = Unit()
    marks.judged(again, [found(1, MIDNIGHT_S), found(2, MIDNIGHT_S)])
    assert again.rows == {"dirty_traffic_days": [(10, 1, 20_454)]}
