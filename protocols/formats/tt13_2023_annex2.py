"""The sheet of one element of one station that serves its owner: a head of names and values, then times and values.

    Tên trạm            Tram01
    Tọa độ trạm         Kinh độ 1080030    Vĩ độ 135930
    Yếu tố quan trắc    R
    Đơn vị              mm
    Thời gian           Giá trị
    20200330100000      10

The rule prints coordinates as two cells without values; they are read beside their heading or under it.

Source: TT 13/2023/TT-BTNMT, Phụ lục II (bảng 23). Its own example holds hours 90 and 80.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from protocols.formats.columns import Sheet, build_line, read_columns
from protocols.formats.headings import (
    ELEMENT,
    LATITUDE,
    LONGITUDE,
    PLACE,
    STATION,
    TIME,
    UNIT,
    VALUE,
    heading_of,
)
from protocols.formats.lines import Line
from protocols.formats.values import build_value
from protocols.records import ParsedReading
from protocols.times import build_stamp

EXPECTED = "yyyyMMddHHmmss and value, one pair a line, under the heads of station, element and unit"
HEAD_ROWS = 20
PARTS = re.compile(r"\t|,|;|:| {2,}")
ROW = re.compile(r"\s*([0-9]{8,17})[\t,; ]+(\S+)\s*")
NAMES = (STATION, LONGITUDE, LATITUDE, ELEMENT, UNIT)


def resembles(text: str) -> bool:
    """Whether a line is one of the sheet's head."""
    cells = _cells(text)
    return bool(cells) and heading_of(cells[0]) in (*NAMES, PLACE) and len(cells) <= 5


def resembles_sheet(lines: Sequence[Line]) -> bool:
    """Whether the lines are such a sheet: a head over a row `Thời gian`, `Giá trị`."""
    first = _first_pair(lines)
    return first > 0 and any(heading_of(_cells(line.text)[0]) == ELEMENT for line in lines[: first - 1])


def read_sheet(lines: Sequence[Line], sheet: Sheet) -> Sheet:
    """Read the head, then a reading from each pair."""
    first = _first_pair(lines)
    head = _head([_cells(line.text) for line in lines[: first - 1]])
    place = head[STATION], head[LONGITUDE], head[LATITUDE]
    for line in lines[first:]:
        pair = ROW.fullmatch(line.text)
        if pair is None:
            sheet.refuse(line, EXPECTED)
            continue
        columns = read_columns(head[ELEMENT], pair[2], head[UNIT], pair[1], None, place=place)
        sheet.add(line, columns, line.text)
    return sheet


def build_rows(records: Iterable[ParsedReading]) -> list[tuple[str, ...]]:
    """Write the rows of a sheet; raises ValueError unless all readings are of one element of one station."""
    readings = list(records)
    heads = {(r.sub_station, r.longitude_dms, r.latitude_dms, r.parameter, r.unit) for r in readings}
    if len(heads) != 1:
        raise ValueError("a sheet holds one element of one station")
    ((station, longitude, latitude, element, unit),) = heads
    return [
        ("Tên trạm", station),
        ("Tọa độ trạm", "Kinh độ", longitude, "Vĩ độ", latitude),
        ("Yếu tố quan trắc", element),
        ("Đơn vị", unit),
        ("Thời gian", "Giá trị"),
        *((build_stamp(r.time_s), build_value(r.value, r.raw) or "---") for r in readings),
    ]


def build(records: Iterable[ParsedReading]) -> bytes:
    """Write a sheet as text parted by TABs."""
    return "".join(f"{build_line(row, chr(9))}\r\n" for row in build_rows(records)).encode()


def _first_pair(lines: Sequence[Line]) -> int:
    """The place after the row `Thời gian`, `Giá trị`; 0 where there is none."""
    for at, line in enumerate(lines[:HEAD_ROWS], 1):
        if [heading_of(cell) for cell in _cells(line.text) if cell] == [TIME, VALUE]:
            return at
    return 0


def _cells(text: str) -> list[str]:
    """The cells of a line; one that begins with a heading and single spaces is parted behind it."""
    cells = [cell.strip() for cell in PARTS.split(text)]
    if len(cells) > 1 or not cells[0]:
        return cells
    words = text.split()
    for end in range(min(len(words), 4), 0, -1):
        if heading_of(" ".join(words[:end])):
            rest = words[end:]
            return [" ".join(words[:end]), *(_cells(" ".join(rest)) if rest else [])]
    return cells


def _head(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """What the head says: the cell beside a heading, else the one under it."""
    found: dict[str, str] = dict.fromkeys(NAMES, "")
    for row, under in pairwise([*rows, ()]):
        for at, cell in enumerate(row):
            name = heading_of(cell)
            if name not in found or found[name]:
                continue
            beside = next((other for other in row[at + 1 :] if other), "")
            below = under[at] if at < len(under) else ""
            is_headed = any(heading_of(other) for other in under)
            found[name] = beside if beside and not heading_of(beside) else "" if is_headed else below
    return found
