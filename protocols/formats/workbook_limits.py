"""Measures a workbook before a library opens it: what would not fit into memory or time is refused here.

An .xlsx is a ZIP: its parts are measured as they claim to be (more is never unpacked), and the cells are counted in the
text of the sheets. An .xls is a chain of records: the cells' rows and columns are read off it.
Invariant: memory stays within a few times the limits, whatever the bytes claim.
"""

import io
import re
import struct
import zipfile

from xlrd.compdoc import CompDoc

OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
MOST_BYTES = 4 << 20
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 20_000, 64, 100_000
MOST_PARTS = 200
MOST_UNPACKED, MOST_SHEET, MOST_OTHER = 24 << 20, 8 << 20, 1 << 20
MOST_RATIO = 200
MOST_TAGS = 800_000
CELL_TAG = re.compile(rb"<(?:\w+:)?c[\s/>]")
PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,7})([0-9]{1,12})["']""")
SHEETS = re.compile(r"xl/(worksheets/[^/]+|sharedStrings)\.xml", re.IGNORECASE)

# records of .xls that hold cells, by how many columns they name
ONE_CELL = frozenset((0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x00D6, 0x0003, 0x0004, 0x0002, 0x0005, 0x007E))
MANY_CELLS = 0x00BD


class NoWorkbook(Exception):
    """The bytes are no workbook that is read here: `reason` in a word, `detail` with the mend."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def measure_zip(data: bytes) -> None:
    """Measure an .xlsx; raises NoWorkbook, or what `zipfile` raises for a broken one."""
    _measure_size(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise _too_big(f"holds more than {MOST_PARTS} parts or {MOST_UNPACKED >> 20} MB unpacked")
        for part in parts:
            is_sheet = SHEETS.fullmatch(part.filename) is not None
            if part.flag_bits & 1:
                raise NoWorkbook("locked", "The workbook has a password: save it without one.")
            if part.file_size > MOST_RATIO * part.compress_size + 4096:
                raise _too_big(f"unpacks to more than {MOST_RATIO} times its size")
            if part.filename.lower().endswith((".xml", ".rels")):
                if part.file_size > (MOST_SHEET if is_sheet else MOST_OTHER):
                    raise _too_big(f"has a part {part.filename[:60]} of {part.file_size} bytes")
                _measure_part(archive.read(part), is_sheet=is_sheet)


def _measure_part(text: bytes, *, is_sheet: bool) -> None:
    if b"\0" in text[:256] or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise NoWorkbook("broken", "The workbook holds XML that no office program writes: save it again as .xlsx.")
    if text.count(b"<") > MOST_TAGS or sum(1 for _ in CELL_TAG.finditer(text)) > MOST_CELLS:
        raise _too_big(f"holds more than {MOST_CELLS} cells")
    if is_sheet:
        for found in PLACE.finditer(text):
            _measure_place(int(found[2]) - 1, _column(found[1]))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def measure_ole(data: bytes) -> None:
    """Measure an .xls; raises NoWorkbook, or what xlrd raises for a broken one."""
    _measure_size(data)

    sector_power, mini_power = struct.unpack_from("<HH", data, 30)
    if not 7 <= sector_power <= 12 or not 4 <= mini_power <= sector_power:
        raise NoWorkbook("broken", "The workbook cannot be read: save it again as .xls or send it as text.")
    document = CompDoc(data, logfile=io.StringIO())
    for name in ("Workbook", "Book"):
        stream, start, length = document.locate_named_stream(name)
        if stream:
            _measure_records(bytes(stream[start : start + length]))
            return
    raise NoWorkbook("broken", "The file is no workbook of Excel: save it as .xls or send it as text.")


def _measure_records(stream: bytes) -> None:
    at, end, cells = 0, len(stream) - 4, 0
    unpack = struct.unpack_from
    while at <= end:
        code, length = unpack("<HH", stream, at)
        body = at + 4
        if code in ONE_CELL and length >= 4:
            row, column = unpack("<HH", stream, body) if body + 4 <= len(stream) else (0, 0)
            _measure_place(row, column)
            cells += 1
        elif code == MANY_CELLS and length >= 6 and body + length <= len(stream):
            row, first = unpack("<HH", stream, body)
            (last,) = unpack("<H", stream, body + length - 2)
            _measure_place(row, last)
            cells += max(last - first + 1, 1)
        if cells > MOST_CELLS:
            raise _too_big(f"holds more than {MOST_CELLS} cells")
        at = body + length


def _measure_size(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise _too_big(f"is longer than {MOST_BYTES >> 20} MB")


def _measure_place(row: int, column: int) -> None:
    if row >= MOST_ROWS or column >= MOST_COLUMNS:
        raise _too_big(f"has a cell in row {row + 1}, column {column + 1}")


def _too_big(what: str) -> NoWorkbook:
    return NoWorkbook("too_big", f"The workbook {what}: that is more than is read, send shorter files or text.")
