"""Which vehicles a case of hours names; the desk in service: tests/end_to_end/test_driving_vectors.py."""

from actors.hours_desk import vehicles_in
from actors.messages import ViolationFound
from protocols.vocabulary import ViolationKind


def test_a_case_names_its_vehicles() -> None:
    case = ViolationFound(2, ViolationKind.DAILY_DRIVING, 0, 1, True, {"vehicle_ids": [1, 2]}, "D1")
    assert vehicles_in(case) == [1, 2]
