"""A filled form of TT 09/2015/TT-BGTVT as an Excel file in the annex's own layout.

Rows are written as they come; heads over several columns or rows are merged, as printed.
Invariant: every cell that holds words is a text cell (`actors/journal_workbook.py`).
"""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from actors.journal_workbook import text_cell
from actors.rules.annexes import Annex, Column
from actors.traffic_report import Filled, Line
from protocols.times import day_begin, iso

ISSUED = (
    "(Ban hành kèm theo Thông tư số 09/2015/TT-BGTVT ngày 15 tháng 04 năm 2015 của Bộ trưởng Bộ Giao thông vận tải)"
)
HEADINGS = {
    "department": "Tên Sở Giao thông vận tải",
    "company": "Đơn vị kinh doanh vận tải",
    "business": "Loại hình vận tải",
}
ALL, NONE = "Tất cả", "Chưa đăng ký"
TOTAL = "Tổng cộng"
NUMBER_FORMATS = {"count": "#,##0", "number": "#,##0.000", "km": "#,##0.0", "percent": "0.00", "time": "[h]:mm:ss"}
WIDTHS = {"text": 30, "day": 12, "time": 13, "km": 13}
THIN = Side(style="thin")
FRAME = Border(THIN, THIN, THIN, THIN)
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
SECONDS_OF_A_DAY = 86400


def period_words(from_day: int, to_day: int) -> str:
    """The line under a form's title."""
    return f"Từ {_date_words(from_day)} đến {_date_words(to_day)}"


def _date_words(day: int) -> str:
    year, month, number = iso(day_begin(day))[:10].split("-")
    return f"ngày {number} tháng {month} năm {year}"


def heading_words(annex: Annex, chosen: dict[str, str]) -> list[str]:
    """The lines above a table: whose report it is; what is chosen without a name is nobody's."""
    return [f"{HEADINGS[name]}: {chosen.get(name, ALL) or NONE}" for name in annex.heading]


def write_annex(path: Path, filled: Filled, chosen: dict[str, str]) -> None:
    """Write the file; for a thread of its own."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(f"Phụ lục {filled.annex.number}")
    form = _Form(sheet, filled.annex)
    form.title(period_words(filled.asked.from_day, filled.asked.to_day), heading_words(filled.annex, chosen))
    form.heads()
    for number, line in enumerate(filled.lines, 1):
        form.line(number, line)
    form.line("", Line({}, filled.total), TOTAL)
    form.end()
    book.save(path)


class _Form:
    """One sheet, written downwards."""

    def __init__(self, sheet: Any, annex: Annex) -> None:
        self._sheet = sheet
        self._annex = annex
        self._row = 0
        self._width = len(annex.columns) + 1
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.column_dimensions["A"].width = 6
        for at, column in enumerate(annex.columns, 2):
            sheet.column_dimensions[get_column_letter(at)].width = WIDTHS.get(column.shows, 12)

    def title(self, period: str, headings: Sequence[str]) -> None:
        self._centred(f"PHỤ LỤC {self._annex.number}", bold=True)
        self._centred(ISSUED, italic=True)
        self._centred(self._annex.title, bold=True)
        self._centred(period, italic=True)
        for text in headings:
            self._append([text_cell(self._sheet, text)])
        self._append([])

    def heads(self) -> None:
        """Two rows: the groups above their columns; a column without a group takes both."""
        columns, first = self._annex.columns, self._row + 1
        self._merge(1, first, 1, first + 1)
        upper, lower, at = [self._head("TT")], [self._head("")], 2
        for group, members in groupby(columns, key=_group):
            own = list(members)
            if isinstance(group, Column):
                self._merge(at, first, at, first + 1)
                upper.append(self._head(group.head))
                lower.append(self._head(""))
            else:
                self._merge(at, first, at + len(own) - 1, first)
                upper += [self._head(group), *(self._head("") for _ in own[1:])]
                lower += [self._head(column.head) for column in own]
            at += len(own)
        self._append(upper)
        self._append(lower)

    def line(self, number: int | str, line: Line, name: str = "") -> None:
        cells = [self._cell(number, "count")]
        for at, column in enumerate(self._annex.columns):
            value = name if name and at == 0 else shown(line, column)
            cells.append(self._cell(value, column.shows, bold=bool(name)))
        self._append(cells)

    def end(self) -> None:
        self._append([])
        note = (
            "Ghi chú: ô để trống là chỉ tiêu không tính được (xe không chạy, hoặc Thông tư không quy định cách tính)."
        )
        self._append([text_cell(self._sheet, note)])

    def _append(self, cells: list[Any]) -> None:
        self._sheet.append(cells)
        self._row += 1

    def _centred(self, text: str, *, bold: bool = False, italic: bool = False) -> None:
        cell = text_cell(self._sheet, text)
        cell.font, cell.alignment = Font(bold=bold, italic=italic), MIDDLE
        self._merge(1, self._row + 1, self._width, self._row + 1)
        self._append([cell])

    def _merge(self, left: int, top: int, right: int, bottom: int) -> None:
        if (left, top) != (right, bottom):
            self._sheet.merged_cells.add(CellRange(min_col=left, min_row=top, max_col=right, max_row=bottom))

    def _head(self, text: str) -> Any:
        cell = text_cell(self._sheet, text, bold=True)
        cell.alignment, cell.border = MIDDLE, FRAME
        return cell

    def _cell(self, value: float | str, shows: str, *, bold: bool = False) -> Any:
        cell = text_cell(self._sheet, value, bold=bold)
        cell.border = FRAME
        if not isinstance(value, str) and shows in NUMBER_FORMATS:
            cell.number_format = NUMBER_FORMATS[shows]
        return cell


def _group(column: Column) -> str | Column:
    return column.group or column


def shown(line: Line, column: Column) -> float | str:
    """What stands in a cell; nothing where there is no number."""
    if column.shows in ("text", "day"):
        text = line.whose.get(column.key, "")
        if column.shows == "day":
            return "/".join(reversed(text.split("-")))
        return text or (NONE if column.key in line.whose else "")
    value: float | None = line.values.get(column.key)
    if value is None:
        return ""
    return value / SECONDS_OF_A_DAY if column.shows == "time" else value
