"""The station file of the interim letter: time first, no status, often a heading that names the station.

    <stationID>_<stationName> TAB CRLF
    yyyyMMddHHmmss TAB ThongSo TAB GiaTri TAB DonVi CRLF

Source: CV 5417/BTNMT-TCMT 2016, Phụ lục C by its description (time, parameter, result, unit, one TAB between), and a
logger of 2017 that writes it. An empty unit at the line's end may lack its TAB.
"""

from collections.abc import Iterable, Sequence

from protocols.formats.columns import Sheet, build_line, read_columns
from protocols.formats.lines import cut_line, read_lines
from protocols.formats.values import build_value
from protocols.records import Parsed, ParsedReading
from protocols.times import build_stamp

LAYOUT = "cv5417_2016"
EXPECTED = "yyyyMMddHHmmss, parameter, value and unit with one TAB between"
SHORTEST_STAMP = 8


def parse(data: bytes) -> Parsed:
    """Read a file; its first line may be a heading."""
    lines, faults = read_lines(data)
    sheet, cut = Sheet(faults), cut_line(data, lines)
    for position, line in enumerate(lines):
        columns, reasons = _split(line.text)
        if columns:
            stamp, parameter, value, unit = columns
            sheet.add(line, read_columns(parameter, value, unit, stamp, None, reasons=reasons), line.text)
        elif position > 0 or _starts_with_time(line.text):
            sheet.refuse(line, EXPECTED, is_cut=line is cut)
    return sheet.finish(LAYOUT)


def build(records: Iterable[ParsedReading], heading: str = "") -> bytes:
    """Write a file, numbers with their own digits; the status has no place in it.

    Args:
        heading: `<stationID>_<stationName>`, left out where empty.
    """
    rows = [build_line((heading, ""), "\t")] if heading else []
    rows.extend(
        build_line(
            (build_stamp(reading.time_s), reading.parameter, build_value(reading.value, reading.raw), reading.unit),
            "\t",
        )
        for reading in records
    )
    return "".join(f"{row}\r\n" for row in rows).encode()


def resembles(text: str) -> bool:
    """Whether a line has this layout's shape."""
    columns, _ = _split(text)
    return bool(columns)


def _split(text: str) -> tuple[Sequence[str], tuple[str, ...]]:
    reasons: tuple[str, ...] = ()
    columns = text.split("\t")
    if len(columns) == 1:
        columns = text.split()
        reasons = ("separator",)
    while len(columns) > 4 and not columns[-1].strip():
        columns.pop()
        reasons = ("separator",)
    if len(columns) == 3:
        columns.append("")
    if len(columns) != 4 or not _starts_with_time(columns[0]):
        return (), ()
    return columns, reasons


def _starts_with_time(text: str) -> bool:
    return text[:SHORTEST_STAMP].isdecimal()
