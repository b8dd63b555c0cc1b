"""The hydrometeorological file of a work (dam, port, bridge, park): groups parted by one space or comma.

    Tram Kinhdo Vido Thoigian Yeuto Giatri Donvi     observations
    Yeuto Thoigian Giatri Donvi                      the `_predata` file of a reservoir

`Tram` is a station inside the work and stays with the reading. Coordinates are degrees, minutes and seconds joined and
are kept as given: the rule's own examples hold 76 seconds and latitudes without their leading zero. Elements keep
their case (`H` is the water level, `h` the wave height). Met and read: a space inside the unit (`m3 /s`), TABs.

Source: TT 13/2023/TT-BTNMT, Phụ lục I and II, text layout.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from protocols.formats.columns import Columns, Sheet, build_line, read_columns
from protocols.formats.lines import read_lines
from protocols.formats.values import build_value
from protocols.records import Parsed, ParsedReading
from protocols.times import build_stamp

LAYOUT = "tt13_2023"
EXPECTED = "station, longitude, latitude, yyyyMMddHHmmss, element, value and unit with one space or comma between"
SHORTEST_STAMP, LONGEST_STAMP = 8, 17


class Shape(NamedTuple):
    """Where the columns of a kind of line stand."""

    stamp: int
    width: int


OBSERVATION = Shape(stamp=3, width=7)
FORECAST = Shape(stamp=1, width=4)


def parse(data: bytes) -> Parsed:
    """Read a file of observations or of a reservoir's forecasts."""
    lines, faults = read_lines(data)
    sheet = Sheet(faults)
    for line in lines:
        columns = _read(line.text)
        if columns is None:
            sheet.refuse(line, EXPECTED)
        else:
            sheet.add(line, columns, line.text)
    return sheet.finish(LAYOUT)


def build(records: Iterable[ParsedReading]) -> bytes:
    """Write a file parted by spaces; a reading without sub-station becomes a line of four columns.

    Raises:
        ValueError: a column is empty, holds a space, or ends with a comma.
    """
    rows: list[str] = []
    columns: tuple[str, ...]
    for reading in records:
        value = build_value(reading.value, reading.raw) or "---"
        stamp = build_stamp(reading.time_s)
        if reading.sub_station:
            place = (reading.sub_station, reading.longitude_dms, reading.latitude_dms)
            columns = (*place, stamp, reading.parameter, value, reading.unit)
        else:
            columns = (reading.parameter, stamp, value, reading.unit)
        if any(column.strip(",").split() != [column] for column in columns):
            raise ValueError(f"a column is empty or holds a separator: {columns!r}")
        rows.append(build_line(columns, " "))
    return "".join(f"{row}\r\n" for row in rows).encode()


def resembles(text: str) -> bool:
    """Whether a line has one of this layout's shapes."""
    return _read(text) is not None


def _read(text: str) -> Columns | None:
    spaced = [column.strip(",") for column in text.split()]
    for columns, loose in ((spaced, True), (text.split(","), False)):
        if _fits(columns, OBSERVATION, loose=loose):
            station, longitude, latitude, stamp, element, value, *unit = columns
            place = (station, longitude, latitude)
            return read_columns(element, value, "".join(unit), stamp, None, place=place)
        if _fits(columns, FORECAST, loose=loose):
            element, stamp, value, *unit = columns
            return read_columns(element, value, "".join(unit), stamp, None)
    return None


def _fits(columns: Sequence[str], shape: Shape, *, loose: bool) -> bool:
    """Compare with a shape; `loose` allows the unit's one inner space."""
    if len(columns) != shape.width and not (loose and len(columns) == shape.width + 1):
        return False
    stamp = columns[shape.stamp].strip()
    return stamp.isdecimal() and SHORTEST_STAMP <= len(stamp) <= LONGEST_STAMP
