"""Rows behind those of a laid out sheet, read back by another reader of Excel files."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from actors.sheet_rows import Cell, write_rows


def test_rows_stand_behind_the_heads_as_numbers_and_as_words(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("A")
    bold = WriteOnlyCell(sheet, value=0)
    bold.font, bold.number_format = Font(bold=True), "0.00"
    style = bold.style_id
    sheet.append(["head"])
    book.save(tmp_path / "heads.xlsx")
    words = "=1+1 <&> \x01 \ufffe Sở\n"
    rows: list[Sequence[Cell]] = [[(1, 0), (words, 0)], [], [(2.5, style), ("", 0)]]
    many: list[Sequence[Cell]] = [[(number, 0)] for number in range(5_000)]
    write_rows(tmp_path / "heads.xlsx", tmp_path / "x.xlsx", 2, [*rows, *many])
    read = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert read is not None
    assert [read["A1"].value, read["A2"].value, read["A4"].value, read["A5004"].value] == ["head", 1, 2.5, 4_999]
    assert (read["B2"].value, read["B2"].data_type) == ("=1+1 <&> � � Sở\n", "s")
    assert (read["A4"].font.bold, read["A4"].number_format, read["B4"].value) == (True, "0.00", None)
