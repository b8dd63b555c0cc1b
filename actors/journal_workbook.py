"""The journal of quality control as an Excel file, in the order of QĐ 338/QĐ-KTTV Phụ lục 01 (I to IV).

Rows are written as they come into a file on the disk, so a year costs no memory.
Invariant: every cell that holds words is a text cell: nothing that a station or a person wrote is ever a formula.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from protocols.times import ICT
from storage.review_journal import JournalLine

Say = Callable[[str], str]
"""A word of the console in the file's language."""

COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("part1", "number", 6),
    ("part1", "station", 20),
    ("part1", "station_name", 28),
    ("part1", "supplier", 26),
    ("part1", "parameter", 14),
    ("part1", "from", 18),
    ("part1", "to", 18),
    ("part1", "who", 16),
    ("part1", "role", 16),
    ("part2", "method", 34),
    ("part2", "error_type", 30),
    ("part2", "when_wrong", 38),
    ("part2", "count", 9),
    ("part2", "value_before", 20),
    ("part2", "value_after", 20),
    ("part2", "unit", 10),
    ("part2", "evidence", 36),
    ("part3", "action", 24),
    ("part3", "mark", 18),
    ("part3", "how", 24),
    ("part3", "handled_by", 16),
    ("part3", "handled_at", 18),
    ("part3", "result", 28),
    ("part3", "cause", 34),
    ("part4", "state", 18),
    ("part4", "answer", 36),
    ("part5", "note", 36),
)
"""Part of the annex, column, width."""


class JournalWorkbook:
    """A workbook that is being written; every method is for a thread of its own."""

    def __init__(self, say: Say, title: str) -> None:
        self._say = say
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(say("journal.sheet"))
        self._number = 0
        for index, (_, _, width) in enumerate(COLUMNS, 1):
            self._sheet.column_dimensions[get_column_letter(index)].width = width
        self._sheet.freeze_panes = "C4"
        parts, before = [], ""
        for part, _, _ in COLUMNS:
            parts.append(say(f"journal.{part}") if part != before else "")
            before = part
        self._sheet.append([self._cell(title, bold=True)])
        self._sheet.append([self._cell(text, bold=True) for text in parts])
        self._sheet.append([self._cell(say(f"journal.{name}"), bold=True) for _, name, _ in COLUMNS])

    def add(self, lines: Sequence[JournalLine]) -> None:
        """Write some acts."""
        for line in lines:
            self._number += 1
            self._sheet.append([self._cell(value) for value in cells(self._number, line, self._say)])

    def close(self, path: Path) -> None:
        """Write the places for signatures and the file."""
        self._sheet.append([])
        self._sheet.append([self._cell(""), self._cell(self._say("journal.signed_by"), bold=True), *[None] * 6,
                            self._cell(self._say("journal.approved_by"), bold=True)])  # fmt: skip
        self._book.save(path)

    def _cell(self, value: int | str, *, bold: bool = False) -> Any:
        return text_cell(self._sheet, value, bold=bold)


def text_cell(sheet: Any, value: float | str, *, bold: bool = False) -> Any:
    """A cell whose words are words, whatever they begin with."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("�", value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def cells(number: int, line: JournalLine, say: Say) -> list[int | str]:
    """One act in the annex's columns."""
    row, station = line.row, line.station
    from_text, to_text = moment_text(row.from_s), moment_text(row.to_s)
    handled = moment_text(row.at_ms // 1000)
    role = say(f"role.{row.role}") if row.role else ""
    return [
        number,
        "" if station is None else station.code,
        "" if station is None else station.name,
        "" if station is None else station.owner or station.facility,
        row.parameter,
        from_text,
        to_text,
        row.who,
        role,
        say(f"test_of_step.{row.test}") if row.test else "",
        say(f"error_type.{row.error_type}") if row.error_type else "",
        from_text if row.from_s == row.to_s else f"{from_text} – {to_text}",
        row.count,
        row.value_before,
        row.value_after,
        row.unit,
        row.evidence,
        say(f"review_action.{row.action}"),
        say(f"review_mark.{row.mark}") if row.mark else "",
        row.method,
        row.who,
        handled,
        row.result or say(f"review_result.{row.action}"),
        row.cause,
        say(f"episode_state.{line.state}") if line.state else "",
        f"{line.answered_by}: {line.answer}" if line.answer else "",
        row.note,
    ]


def moment_text(time_s: int) -> str:
    """As the annex writes an instant: hour, minute, day, month, year."""
    return datetime.fromtimestamp(time_s, ICT).strftime("%H:%M %d/%m/%Y")


def sums_workbook(
    path: Path, say: Say, title: str, tables: Sequence[tuple[str, Sequence[tuple[str, int, int]]]]
) -> None:
    """Write a report's numbers: for each grouping its (word, acts, values)."""
    book = Workbook(write_only=True)
    for group, rows in tables:
        sheet = book.create_sheet(say(f"report.by_{group}")[:31])
        sheet.column_dimensions["A"].width = 44
        sheet.append([text_cell(sheet, title, bold=True)])
        heads = (f"report.by_{group}", "report.acts", "report.values")
        sheet.append([text_cell(sheet, say(head), bold=True) for head in heads])
        for word, acts, values in rows:
            sheet.append([text_cell(sheet, cell) for cell in (word, acts, values)])
    book.save(path)
