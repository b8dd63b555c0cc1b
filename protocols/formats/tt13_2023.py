"""The hydrometeorological file of a work (dam, port, bridge, park): groups parted by one space or comma, or a workbook.

    Tram Kinhdo Vido Thoigian Yeuto Giatri Donvi     observations
    Yeuto Thoigian Giatri Donvi                      the `_predata` file of a reservoir

`Tram` is a station inside the work and stays with the reading. Coordinates are kept as given: the rule's own examples
hold 76 seconds and latitudes without their leading zero. Elements keep their case (`H` is the water level, `h` the wave
height). Met and read: headings in any order, a number before each line, a space inside the unit (`m3 /s`), TABs.

Source: TT 13/2023/TT-BTNMT, Phụ lục I; the sheet of Phụ lục II is read by tt13_2023_annex2.py.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from protocols.formats import tt13_2023_annex2
from protocols.formats.columns import Columns, Sheet, build_line, read_columns
from protocols.formats.headings import ELEMENT, LATITUDE, LONGITUDE, STATION, TIME, UNIT, VALUE, read_headings
from protocols.formats.lines import Line, cut_line, read_lines
from protocols.formats.values import build_value
from protocols.records import Parsed, ParsedReading
from protocols.times import build_stamp

LAYOUT = "tt13_2023"
EXPECTED = "station, longitude, latitude, yyyyMMddHHmmss, element, value and unit with one space or comma between"
SHORTEST_STAMP, LONGEST_STAMP = 8, 17
HEADING_ROWS = 12
HEADINGS = ("Tram", "Kinhdo", "Vido", "Thoigian", "Yeuto", "Giatri", "Donvi")
FORECAST_HEADINGS = ("Yeuto", "Thoigian", "Giatri", "Donvi")


class Shape(NamedTuple):
    """Where the columns of a kind of line stand; -1 where it has none."""

    stamp: int
    element: int
    value: int
    unit: int
    station: int = -1
    longitude: int = -1
    latitude: int = -1

    @property
    def width(self) -> int:
        """How many columns a line has."""
        return max(self) + 1


OBSERVATION = Shape(stamp=3, element=4, value=5, unit=6, station=0, longitude=1, latitude=2)
FORECAST = Shape(stamp=1, element=0, value=2, unit=3)
SHAPES = (OBSERVATION, FORECAST)


def parse(data: bytes) -> Parsed:
    """Read a file of observations or of a reservoir's forecasts."""
    lines, faults = read_lines(data)
    if tt13_2023_annex2.resembles_sheet(lines):
        return tt13_2023_annex2.read_sheet(lines, Sheet(faults)).finish(LAYOUT)
    sheet, cut = Sheet(faults), cut_line(data, lines)
    shapes, first = _headed(lines)
    for line in lines[first:]:
        columns = _read(line.text, shapes)
        if columns is None:
            sheet.refuse(line, EXPECTED, is_cut=line is cut)
        else:
            sheet.add(line, columns, line.text)
    return sheet.finish(LAYOUT)


def build(records: Iterable[ParsedReading]) -> bytes:
    """Write a file parted by spaces; a reading without sub-station becomes a line of four columns.

    Raises:
        ValueError: a column is empty, holds a space, or ends with a comma.
    """
    rows: list[str] = []
    for reading in records:
        columns = _columns_of(reading)
        if any(column.strip(",").split() != [column] for column in columns):
            raise ValueError(f"a column is empty or holds a separator: {columns!r}")
        rows.append(build_line(columns, " "))
    return "".join(f"{row}\r\n" for row in rows).encode()


def build_rows(records: Sequence[ParsedReading]) -> list[tuple[str, ...]]:
    """Write the rows of a workbook with its headings; all readings have a sub-station, or none has one."""
    is_observed = all(reading.sub_station for reading in records)
    return [HEADINGS if is_observed else FORECAST_HEADINGS, *map(_columns_of, records)]


def resembles(text: str) -> bool:
    """Whether a line has one of this layout's shapes, or is one of its headings."""
    return _read(text, SHAPES) is not None or bool(read_headings(_cells(text))) or tt13_2023_annex2.resembles(text)


def _columns_of(reading: ParsedReading) -> tuple[str, ...]:
    value = build_value(reading.value, reading.raw) or "---"
    stamp = build_stamp(reading.time_s)
    if reading.sub_station:
        place = (reading.sub_station, reading.longitude_dms, reading.latitude_dms)
        return (*place, stamp, reading.parameter, value, reading.unit)
    return (reading.parameter, stamp, value, reading.unit)


def _headed(lines: Sequence[Line]) -> tuple[tuple[Shape, ...], int]:
    """The shapes to look for and the first line to read: headings say the order, what stands over them is a title."""
    for at, line in enumerate(lines[:HEADING_ROWS]):
        found = read_headings(_cells(line.text))
        if found:
            shape = Shape(
                found[TIME],
                found[ELEMENT],
                found[VALUE],
                found.get(UNIT, -1),
                found.get(STATION, -1),
                found.get(LONGITUDE, -1),
                found.get(LATITUDE, -1),
            )
            return (shape, *SHAPES), at + 1
        if _read(line.text, SHAPES) is not None:
            break
    return SHAPES, 0


def _cells(text: str) -> list[str]:
    separator = next((sign for sign in "\t," if sign in text), None)
    return [cell.strip() for cell in text.split(separator)]


def _read(text: str, shapes: Sequence[Shape]) -> Columns | None:
    if "\t" in text:
        tabbed = [cell.strip() for cell in text.split("\t")]
        while len(tabbed) > OBSERVATION.width and not tabbed[-1]:
            tabbed.pop()
        found = _read_cells(tabbed, shapes, loose=False)
        if found is not None:
            return found
    spaced = [column.strip(",") for column in text.split()]
    return _read_cells(spaced, shapes, loose=True) or _read_cells(text.split(","), shapes, loose=False)


def _read_cells(cells: Sequence[str], shapes: Sequence[Shape], *, loose: bool) -> Columns | None:
    for shape in shapes:
        if _fits(cells, shape, loose=loose):
            return _understand(cells, shape, loose=loose)
    if len(cells) > FORECAST.width and len(cells[0]) < SHORTEST_STAMP and cells[0].isdecimal():
        for shape in shapes:  # a number before the line
            if _fits(cells[1:], shape, loose=loose):
                return _understand(cells[1:], shape, loose=loose)
    return None


def _understand(cells: Sequence[str], shape: Shape, *, loose: bool) -> Columns:
    unit = "" if shape.unit < 0 else cells[shape.unit] if shape.unit < len(cells) else ""
    if loose and len(cells) > shape.width:
        unit += cells[-1]  # the unit's one inner space
    station, longitude, latitude = (
        cells[at] if at >= 0 else "" for at in (shape.station, shape.longitude, shape.latitude)
    )
    place = (station, longitude, latitude)
    return read_columns(cells[shape.element], cells[shape.value], unit, cells[shape.stamp], None, place=place)


def _fits(cells: Sequence[str], shape: Shape, *, loose: bool) -> bool:
    """Compare with a shape; `loose` allows the unit's one inner space, an empty last column may be missing."""
    width = shape.width
    if len(cells) != width and not (loose and len(cells) == width + 1) and not (not loose and _is_short(cells, shape)):
        return False
    stamp = cells[shape.stamp].strip()
    return stamp.isdecimal() and SHORTEST_STAMP <= len(stamp) <= LONGEST_STAMP


def _is_short(cells: Sequence[str], shape: Shape) -> bool:
    """A row under headings whose last column, the unit, is empty and was left out."""
    is_headed = shape is not OBSERVATION and shape is not FORECAST
    return is_headed and shape.unit == shape.width - 1 == len(cells)
