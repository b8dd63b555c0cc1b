"""Words over columns, in the spellings that people type."""

import pytest

from protocols.formats.headings import heading_of, read_headings


@pytest.mark.parametrize("text", ["Kinhdo", "KINH ĐỘ", "Kinh độ", "kinh_do:"])
def test_a_heading_is_known_in_any_spelling(text: str) -> None:
    assert heading_of(text) == "longitude"


def test_a_row_of_headings_gives_places_and_any_other_row_none() -> None:
    assert read_headings(["Yếu tố", "Thời gian", "Giá trị", "x"]) == {"element": 0, "time": 1, "value": 2}
    assert read_headings(["Tram01", "1052445", "91309"]) == {}
