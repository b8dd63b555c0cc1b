"""Hours of a licence: two vehicles are one clock, and a stretch told twice counts once."""

from datetime import date

from actors.driver_hours import hours_of
from actors.messages import DroveStretch
from actors.rules.vehicle_limits import limits_on, load_limits
from protocols.vocabulary import ViolationKind

DRIVING = limits_on(date(2026, 3, 2), load_limits()).driving


def test_two_vehicles_are_one_clock() -> None:
    told = [DroveStretch(1, "D1", 0, 7200), DroveStretch(2, "D1", 7300, 14400), DroveStretch(1, "D1", 0, 7200)]
    (case,) = hours_of("D1", told, DRIVING)
    assert (case.kind, case.start_s, case.end_s, case.vehicle_id) == (ViolationKind.CONTINUOUS_DRIVING, 0, 14400, 2)
    assert case.detail["vehicle_ids"] == [1, 2]
