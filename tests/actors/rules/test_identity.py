"""Plates and licences as one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.identity import LONGEST_LICENCE, clean_identity, driver_of
from storage.models.judged import StretchRow, ViolationRow


@pytest.mark.parametrize("spelling", ["29A12345", "29a12345", " 29A-123.45", "29A 123.45\n"])
def test_every_spelling_of_a_plate_is_one_key(spelling: str) -> None:
    assert clean_identity(spelling) == "29A12345"


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("29A12345", "29A12345"),
        ("29K-8942", "29K8942"),
        (" 51b.123 45", "51B12345"),
        ("50LD-012.34", "50LD01234"),
        ("- .", ""),
    ],
)
def test_a_plate_is_capital_letters_and_digits(text: str, plate: str) -> None:
    assert clean_identity(text) == plate


@given(st.text())
def test_a_clean_spelling_has_only_digits_and_capitals_and_stays(text: str) -> None:
    clean = clean_identity(text)
    assert set(clean) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert clean_identity(clean) == clean


@pytest.mark.parametrize("filler", ["123451234512345", "SoBangLaiXe", "000000000000", "", "  ", "0123456789-" * 4])
def test_a_filler_names_no_driver(filler: str) -> None:
    assert driver_of(filler) == ""


def test_a_licence_number_names_its_driver() -> None:
    assert driver_of(" 010123456789") == "010123456789"


def test_the_longest_licence_has_room_in_a_case_and_in_a_stretch_at_the_wheel() -> None:
    longest = ("0123456789" * 4)[:LONGEST_LICENCE]
    assert driver_of(longest) == longest and driver_of(longest + "0") == ""
    for row in (ViolationRow, StretchRow):
        rooms = {field["name"]: field["constraints"].get("max_length") for field in row.describe()["data_fields"]}
        assert rooms["driver"] == len(longest)
