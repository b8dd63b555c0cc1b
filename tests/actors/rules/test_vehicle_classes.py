"""Classes of vehicles by what is registered of them."""

from datetime import date

import pytest

from actors.rules.vehicle_classes import ceilings, class_of, load_classes

ROWS = [row for row in load_classes() if row.holds_on(date(2026, 1, 1))]


@pytest.mark.parametrize(
    ("business", "seats", "payload_kg", "name"),
    [
        ("Xe buýt", 45, None, "bus_or_semitrailer"),
        ("hợp đồng", 45, None, "heavy"),
        ("taxi", 5, None, "light"),
        ("", None, 3500, "light"),
        ("", 3, 8000, "heavy"),
        ("", None, None, ""),
    ],
)
def test_the_class_follows_type_seats_and_payload(
    business: str, seats: int | None, payload_kg: int | None, name: str
) -> None:
    assert class_of(business, seats, payload_kg, ROWS) == name


def test_every_day_has_one_row_of_each_class_from_the_first_on() -> None:
    for day in (date(2019, 10, 15), date(2024, 12, 31), date(2025, 1, 1)):
        names = [row.name for row in load_classes() if row.holds_on(day)]
        assert len(names) == len(set(names)) == 4


def test_without_a_kind_of_road_there_is_no_ceiling() -> None:
    assert ceilings("none", ROWS) == {}
    assert ceilings("dual", ROWS)["light"] == 90
    assert ceilings("single", ROWS)["heavy"] == 70
