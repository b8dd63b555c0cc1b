"""Columns line up as they are shown."""

import unicodedata

from server.verbs.text_table import text_table, width_of


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert text_table(("A", "B"), [("xyz", "1"), ("x", "22")]) == "A    B\nxyz  1\nx    22"


def test_a_composed_and_a_decomposed_letter_are_one_cell_wide() -> None:
    word = "Trạm nước"
    assert width_of(unicodedata.normalize("NFC", word)) == width_of(unicodedata.normalize("NFD", word)) == 9
