"""Workbooks for tests: written by xlwt and openpyxl, and hostile ones put together by hand."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl
import xlwt

Cell = str | int | float
CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
ROOT_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
BOOK_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)


def old_workbook(rows: Sequence[Sequence[Cell]], *, at: tuple[int, int] = (0, 0)) -> bytes:
    """An .xls; `at` is where its first cell stands."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("data")
    for row, cells in enumerate(rows, at[0]):
        for column, cell in enumerate(cells, at[1]):
            sheet.write(row, column, cell)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def new_workbook(rows: Sequence[Sequence[Cell]], places: Mapping[str, Cell] | None = None) -> bytes:
    """An .xlsx as a person would save it; `places` are further cells by their names."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for place, cell in (places or {}).items():
        sheet[place] = cell
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def zipped(sheet: str, **more: bytes) -> bytes:
    """An .xlsx around the text of a sheet."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": ROOT_RELS, "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": BOOK_RELS, "xl/worksheets/sheet1.xml": sheet,
    }  # fmt: skip
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for name, body in more.items():
            archive.writestr(name, body)
    return written.getvalue()


def sheet_of(rows: str) -> str:
    """The text of a sheet around its rows."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
