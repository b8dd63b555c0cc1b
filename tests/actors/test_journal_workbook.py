"""The Excel files: the annex's columns, and words that stay words."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from actors.journal_workbook import COLUMNS, JournalWorkbook, sums_workbook, text_cell
from storage.models import ReviewJournalRow, StationRow
from storage.review_journal import JournalLine
from web.words import load_words

SAY = load_words()["vi"]


def line(**changes: object) -> JournalLine:
    row = ReviewJournalRow(
        id=1, episode_id=1, station_id=1, parameter="COD", from_s=1_763_600_400, to_s=1_763_601_000, test="range",
        error_type="out_of_range", count=3, value_before="450", action="reject", mark="likely_wrong", who="an",
        role="reviewer", at_ms=1_763_600_400_000, unit="mg/L",
    )  # fmt: skip
    for name, value in changes.items():
        setattr(row, name, value)
    return JournalLine(row, StationRow(code="TB_A", name="Trạm A", owner="Công ty A", kind="air"), "done", "", "")


def test_the_columns_stand_in_the_order_of_the_annex(tmp_path: Path) -> None:
    book = JournalWorkbook(SAY, "NHẬT KÝ")
    book.add([line(), line(cause="=1+1", note="@x\x00y")])
    book.close(tmp_path / "x.xlsx")
    sheet = load_workbook(tmp_path / "x.xlsx").worksheets[0]
    heads = [cell.value for cell in sheet[3]]
    assert heads == [SAY(f"journal.{name}") for _, name, _ in COLUMNS]
    parts = [str(cell.value) for cell in sheet[2] if cell.value]
    assert [part.split(".")[0] for part in parts[:4]] == ["I", "II", "III", "IV"]
    first, second = (dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=4, max_row=5))
    assert first["Mã trạm"].value == "TB_A" and first["Số giá trị"].value == 3
    assert first["Thời gian/Điểm phát sinh lỗi"].value == "08:00 20/11/2025 – 08:10 20/11/2025"
    assert first["Kết quả sau xử lý"].value == "đã loại bỏ, giữ bản gốc"
    cause = second["Lý do/Nguyên nhân gốc rễ của lỗi"]
    assert (cause.value, cause.data_type) == ("=1+1", "s")
    assert second["Ghi chú khác"].value == "@x�y"
    assert str(next(cell.value for cell in sheet[7] if cell.value)).startswith("Người thực hiện kiểm soát")


@given(st.text(max_size=30))
def test_no_words_become_a_formula(text: str) -> None:
    sheet = Workbook(write_only=True).create_sheet()
    assert text_cell(sheet, text).data_type == "s"


def test_a_report_has_a_sheet_for_each_grouping(tmp_path: Path) -> None:
    sums_workbook(tmp_path / "x.xlsx", SAY, "BÁO CÁO", [("station", [("=TB", 2, 5)]), ("action", [])])
    book = load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["Theo trạm", "Theo thao tác xử lý"]
    assert [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)] == [
        ["Theo trạm", "Số thao tác", "Số giá trị"], ["=TB", 2, 5],
    ]  # fmt: skip
    assert book.worksheets[0]["A3"].data_type == "s"
