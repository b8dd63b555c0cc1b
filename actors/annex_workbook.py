"""A filled form of TT 09/2015/TT-BGTVT as an Excel file in the annex's own layout.

Heads over several columns or rows are merged, as printed; the lines below are written as text (`actors/sheet_rows.py`).
Invariant: every cell that holds words is a text cell (`actors/journal_workbook.py`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from actors.journal_workbook import text_cell
from actors.rules.annexes import Annex, Column
from actors.sheet_rows import Cell, write_rows
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
NOTE = "Ghi chú: ô để trống là chỉ tiêu không tính được (xe không chạy, hoặc Thông tư không quy định cách tính)."
CUT = (
    "Tệp này chỉ có {shown} dòng đầu trong số {count} dòng; hàng Tổng cộng tính trên tất cả. "
    "Chọn thời gian ngắn hơn để có đủ."
)
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
    rows = chain(form.lines(filled), form.end(filled))
    laid_out = path.with_suffix(".heads")
    book.save(laid_out)
    write_rows(laid_out, path, form.height + 1, rows)
    laid_out.unlink()


class _Form:
    """One sheet, written downwards."""

    def __init__(self, sheet: Any, annex: Annex) -> None:
        self._sheet = sheet
        self._annex = annex
        self.height = 0
        self._plain, self._strong = self._styles(bold=False), self._styles(bold=True)
        self._note = int(self._written("").style_id)
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
            self._append([self._written(text)])
        self._append([])

    def heads(self) -> None:
        """Two rows: the groups above their columns; a column without a group takes both."""
        columns, first = self._annex.columns, self.height + 1
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

    def lines(self, filled: Filled) -> Iterator[list[Cell]]:
        """The lines with their numbers, and the sum of all."""
        columns, total = self._annex.columns, Line({}, filled.total)
        filled = with_departments(filled)
        for number, line in enumerate(filled.lines, 1):
            yield list(zip((number, *(shown(line, each) for each in columns)), self._plain, strict=True))
        yield list(zip(("", TOTAL, *(shown(total, each) for each in columns[1:])), self._strong, strict=True))

    def end(self, filled: Filled) -> Iterator[list[Cell]]:
        """What is said below the table."""
        yield []
        for note in (NOTE, *([CUT.format(shown=len(filled.lines), count=filled.count)] if _is_cut(filled) else [])):
            yield [(note, self._note)]

    def _styles(self, *, bold: bool) -> list[int]:
        """What the book calls the styles of a line: of its number, and of each column."""
        shown_as = ("count", *(column.shows for column in self._annex.columns))
        cells = [self._cell("" if shows in ("text", "day") else 0, shows, bold=bold) for shows in shown_as]
        return [int(cell.style_id) for cell in cells]

    def _written(self, text: str) -> Any:
        """Words that run on over the cells beside them."""
        cell = text_cell(self._sheet, text)
        cell.alignment = Alignment(vertical="top")
        return cell

    def _append(self, cells: list[Any]) -> None:
        self._sheet.append(cells)
        self.height += 1

    def _centred(self, text: str, *, bold: bool = False, italic: bool = False) -> None:
        cell = text_cell(self._sheet, text)
        cell.font, cell.alignment = Font(bold=bold, italic=italic), MIDDLE
        self._merge(1, self.height + 1, self._width, self.height + 1)
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


def with_departments(filled: Filled) -> Filled:
    """Companies whose name several departments have, each with its department."""
    if filled.annex.row != "company":
        return filled
    names = Counter(name for name, _ in {(line.whose["company"], line.whose["department"]) for line in filled.lines})
    lines = [
        replace(line, whose={**line.whose, "company": f"{name} ({line.whose['department'] or NONE})"})
        if (name := line.whose["company"]) and names[name] > 1
        else line
        for line in filled.lines
    ]
    return replace(filled, lines=lines)


def _is_cut(filled: Filled) -> bool:
    return len(filled.lines) < filled.count


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
