"""The file by which a work registers what it will send: a name in column A, its value beside it.

    DK_<MaTinh>_<TenCongTrinh>.xls        Donvi    Công ty A      (a number may stand before a row; text is read too)

Source: TT 13/2023/TT-BTNMT Phụ lục I.I (bảng 1).
"""

from collections.abc import Mapping
from typing import NamedTuple

from protocols.formats.columns import build_line
from protocols.formats.filename import Series, parse_name
from protocols.formats.headings import fold
from protocols.formats.lines import escape, read_lines
from protocols.formats.workbook import NoWorkbook, is_workbook, workbook_text
from protocols.records import Fault

LAYOUT = "tt13_2023_dk"
FIELDS = (
    "Donvi",
    "Diachichitiet",
    "Nguoidaidien",
    "Chucvu",
    "Diachiweb",
    "Dienthoai",
    "Thudientu",
    "Loaicongtrinh",
    "Tinh",
    "Huyen",
    "Diachichitietcongtrinh",
    "Dinhdangfiledulieu",
)
NEEDED = ("Donvi", "Loaicongtrinh", "Tinh")
BY_FOLDED = {fold(field): field for field in FIELDS}
LONGEST = 300
LONGEST_WORK = 16
LONGEST_NAME = 6
"""A field in text is so many words at most (`Địa chỉ chi tiết công trình`)."""


class Registration(NamedTuple):
    """What a file registers; `fields` has the names of the rule and only what was written."""

    code: str
    """`<MaTinh>_<TenCongTrinh>`, the code of the work's later files."""
    province: str
    fields: dict[str, str]
    faults: tuple[Fault, ...]


def is_registration(name: str) -> bool:
    """Whether a file's name is that of a registration."""
    if name[:3].upper() != "DK_":
        return False
    parsed = parse_name(name)
    return parsed is not None and parsed.series is Series.REGISTRATION


def parse(name: str, data: bytes) -> Registration:
    """Read a registration; call it beside the event loop. The name must be one (`is_registration`)."""
    parsed = parse_name(name)
    assert parsed is not None
    fields: dict[str, str] = {}
    try:
        lines, faults = read_lines(workbook_text(data) if is_workbook(data) else data)
    except NoWorkbook as wrong:
        fault = Fault(0, 0, "workbook", wrong.reason, wrong.detail, escape(data[:80]))
        return Registration(parsed.code, parsed.province, {}, (fault,))
    for line in lines:
        field, value = _pair(line.text)
        if field and value:
            fields.setdefault(field, value[:LONGEST])
    faults += [_missing(field) for field in NEEDED if field not in fields]
    work = parsed.code.partition("_")[2]
    if len(work) > LONGEST_WORK or not work.isascii():
        detail = f"The work's name {work} has more than {LONGEST_WORK} characters or accents: shorten it."
        faults.append(Fault(0, 0, "name", "registration", detail, name[:200], str(LONGEST_WORK)))
    return Registration(parsed.code, parsed.province, fields, tuple(faults))


def build_rows(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """Write the rows of a workbook, in the rule's order."""
    return [(field, fields[field]) for field in FIELDS if field in fields]


def build(fields: Mapping[str, str]) -> bytes:
    """Write it as text parted by TABs."""
    return "".join(f"{build_line(row, chr(9))}\r\n" for row in build_rows(fields)).encode()


def _missing(field: str) -> Fault:
    detail = f"The field {field} is missing: write it in column A, its value in column B."
    return Fault(0, 0, "fields", "registration", detail, "", field)


def _pair(text: str) -> tuple[str, str]:
    """The field and the value of a row; the first cell that is a field counts."""
    cells = [cell.strip() for cell in text.split("\t")]
    if len(cells) > 1:
        for at, cell in enumerate(cells):
            if field := BY_FOLDED.get(fold(cell), ""):
                return field, next((other for other in cells[at + 1 :] if other), "")
        return "", ""
    words = text.split()
    first = 1 if words and words[0].rstrip(".").isdecimal() else 0
    for end in range(min(len(words), first + LONGEST_NAME), first, -1):
        if field := BY_FOLDED.get(fold(" ".join(words[first:end])), ""):
            return field, " ".join(words[end:]).removeprefix(":").strip()
    return "", ""
