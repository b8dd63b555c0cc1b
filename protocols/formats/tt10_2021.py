"""The station file in force: five columns parted by TAB, one line per parameter.

    ThongSo TAB GiaTri TAB DonVi TAB yyyyMMddHHmmss TAB TrangThai CRLF

UTF-8 without byte order mark, decimal point, no heading; the unit may be empty. Met in the field and read: all
parameters on one line (groups of five), columns parted by spaces, a TAB too many at the end, statuses of one digit.

Source: TT 10/2021/TT-BTNMT Phụ lục 15 (earlier TT 24/2017/TT-BTNMT); files of stations and writers of loggers.
"""

from collections.abc import Iterable, Sequence

from protocols.formats.columns import Columns, Sheet, build_line, read_columns
from protocols.formats.lines import cut_line, read_lines
from protocols.formats.values import build_value
from protocols.records import Parsed, ParsedReading
from protocols.times import build_stamp

LAYOUT = "tt10_2021"
WIDTH = 5
MAX_GROUPS = 200
STAMP_COLUMN = 3
EXPECTED = "parameter, value, unit, yyyyMMddHHmmss and status with one TAB between"


def parse(data: bytes) -> Parsed:
    """Read a file; lines of other shapes become faults."""
    lines, faults = read_lines(data)
    sheet, cut = Sheet(faults), cut_line(data, lines)
    for line in lines:
        groups, reasons = split(line.text)
        if not groups:
            sheet.refuse(line, EXPECTED, is_cut=line is cut)
        for group in groups:
            sheet.add(line, read_group(group, reasons), "\t".join(group))
    return sheet.finish(LAYOUT)


def build(records: Iterable[ParsedReading], *, one_line: bool = False) -> bytes:
    """Write a file, numbers with their own digits.

    Args:
        one_line: all parameters on one line, as some loggers write it.
    """
    rows = [
        build_line(
            (
                reading.parameter,
                build_value(reading.value, reading.raw),
                reading.unit,
                build_stamp(reading.time_s),
                reading.status,
            ),
            "\t",
        )
        for reading in records
    ]
    if one_line:
        return ("\t".join(rows) + "\r\n").encode()
    return "".join(f"{row}\r\n" for row in rows).encode()


def split(text: str) -> tuple[list[Sequence[str]], tuple[str, ...]]:
    """Part a line into its groups of five columns.

    Returns:
        The groups (none where the line has another shape), and `separator` where the columns are not parted as told.
    """
    reasons: tuple[str, ...] = ()
    columns = text.split("\t")
    if len(columns) == 1:
        columns = text.split()
        reasons = ("separator",)
    while len(columns) > WIDTH and len(columns) % WIDTH and not columns[-1].strip():
        columns.pop()
        reasons = ("separator",)
    if len(columns) % WIDTH or len(columns) > WIDTH * MAX_GROUPS:
        return [], ()
    return [columns[start : start + WIDTH] for start in range(0, len(columns), WIDTH)], reasons


def read_group(group: Sequence[str], reasons: tuple[str, ...] = ()) -> Columns:
    """Understand one group of five columns."""
    parameter, value, unit, stamp, status = group
    return read_columns(parameter, value, unit, stamp, status, reasons=reasons)


def resembles(text: str) -> bool:
    """Whether a line has this layout's shape; parted by spaces, only with digits where the time stands."""
    groups, _ = split(text)
    return bool(groups) and ("\t" in text or groups[0][STAMP_COLUMN].isdecimal())
