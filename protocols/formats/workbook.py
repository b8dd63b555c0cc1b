"""Excel workbooks as lines of text: `.xls` and `.xlsx`, whichever the bytes are, each row its cells parted by TABs.

What was typed comes out: a number without its decimal zero, a date as yyyyMMddHHmmss. Only the first sheet that holds
anything is read.
Invariant: before a library sees the bytes they are measured (`workbook_limits.py`): no workbook costs more memory or
time than its limits allow. Call it beside the event loop: a full workbook takes a second.
"""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from xml.etree.ElementTree import ParseError

import openpyxl
import xlrd
from openpyxl.utils.exceptions import InvalidFileException
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError

from protocols.formats.workbook_limits import MOST_COLUMNS, MOST_ROWS, OLE, ZIP, NoWorkbook, measure_ole, measure_zip

__all__ = ["NoWorkbook", "build_workbook", "is_workbook", "workbook_text"]

UNREADABLE = (
    XLRDError,
    CompDocError,
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ParseError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What the libraries raise for bytes that are no workbook; each is the file's fault."""
MOST_SHEETS = 8
MOST_LETTERS = 250


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin as a workbook does."""
    return data.startswith((OLE, ZIP))


def workbook_text(data: bytes) -> bytes:
    """Give a workbook's rows as lines; raises NoWorkbook with what is wrong and the mend."""
    try:
        rows = _read_ole(data) if data.startswith(OLE) else _read_zip(data)
        return "\r\n".join("\t".join(row).rstrip("\t") for row in rows).encode()
    except UNREADABLE as error:
        raise NoWorkbook("broken", "The workbook cannot be read: save it again as .xls or send it as text.") from error


def build_workbook(rows: Iterable[Sequence[str]]) -> bytes:
    """Write an .xlsx of one sheet; numbers are written as numbers, as a person would type them."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("data")
    for row in rows:
        sheet.append([_typed(cell) for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _typed(cell: str) -> str | int | float:
    for kind in (int, float):
        try:
            number = kind(cell)
        except ValueError:
            continue
        if str(number) == cell:
            return number
    return cell


def _read_ole(data: bytes) -> list[list[str]]:
    measure_ole(data)
    book = xlrd.open_workbook(
        file_contents=data, logfile=io.StringIO(), on_demand=True, ragged_rows=True, formatting_info=False
    )
    for number in range(min(book.nsheets, MOST_SHEETS)):
        sheet = book.sheet_by_index(number)
        rows = [
            [_old_cell(kind, value, book.datemode) for kind, value in zip(kinds, values, strict=True)]
            for kinds, values in ((sheet.row_types(at), sheet.row_values(at)) for at in range(sheet.nrows))
        ]
        if any(map(any, rows)):
            return rows
    return []


def _old_cell(kind: int, value: object, datemode: int) -> str:
    if kind == xlrd.XL_CELL_DATE and isinstance(value, float):
        return _cell(xlrd.xldate_as_datetime(value, 1 if datemode else 0))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return _cell(bool(value))
    if kind == xlrd.XL_CELL_ERROR:
        return "#N/A"
    return _cell(value)


def _read_zip(data: bytes) -> list[list[str]]:
    measure_zip(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that nobody asks for here
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            for sheet in book.worksheets[:MOST_SHEETS]:
                found = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
                rows = list(_without_tail([_cell(value) for value in row] for row in found))
                if any(map(any, rows)):
                    return rows
        finally:
            book.close()
    return []


def _without_tail(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Rows up to the last one that holds anything."""
    empty = 0
    for row in rows:
        if any(row):
            yield from ([] for _ in range(empty))
            empty = 0
            yield row
        else:
            empty += 1


def _cell(value: object) -> str:
    """A cell as a person reads it, on one line."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        return (value + timedelta(milliseconds=500)).strftime("%Y%m%d%H%M%S")
    if isinstance(value, date):
        return value.strftime("%Y%m%d000000")
    if isinstance(value, time | timedelta):
        return str(value)
    return " ".join(str(value)[:MOST_LETTERS].split())
