"""One reading's columns, whatever their order: text to values, with a reason for each deviation.

Every layout finds its columns and hands them here; `Sheet` keeps what was understood and writes the faults.
Invariant: a reading without parameter or real instant becomes a fault only; any other deviation keeps the reading.
"""

import unicodedata
from operator import gt
from typing import NamedTuple

from protocols.formats.dms import is_place
from protocols.formats.lines import Line, escape
from protocols.formats.values import read_value
from protocols.records import Fault, Parsed, ParsedReading
from protocols.times import parse_stamp
from protocols.vocabulary import DeviceStatus

MAX_FAULTS = 200
MAX_PARAMETERS = 500
"""So many parameters one file may name; readings of further ones stay in the kept bytes and are told."""
LONGEST = {"parameter": 48, "value": 48, "unit": 24, "status": 8, "station": 48, "longitude": 24, "latitude": 24}
STATUSES = {"0": "00", "1": "01", "2": "02"}
KNOWN_STATUSES = frozenset(DeviceStatus)

# reason: field, and what is wrong with the mend
SENTENCES = {
    "separator": ("fields", "the columns are not parted by single TABs: write exactly one TAB between two columns"),
    "param": ("parameter", "there is no parameter: write its symbol"),
    "value": ("value", "the value is no number: write digits and a decimal point"),
    "decimal_comma": ("value", "the value has a decimal comma: write a decimal point"),
    "time": ("time", "the time is no instant of the calendar: write yyyyMMddHHmmss, hours 00 to 23"),
    "status": ("status", "the status is none of 00, 01, 02: write one of them"),
    "coordinates": (
        "coordinates",
        "the coordinates are no place: write degrees, minutes and seconds joined, minutes and seconds up to 59",
    ),
    "too_long": ("fields", "a column is too long: check that the separators are in place"),
    "characters": ("fields", "a column holds control characters: write plain text"),
}
UNUSABLE = frozenset(("param", "time", "too_long", "characters"))


class Columns(NamedTuple):
    """What one group of columns says; `time_s` is None where the time is no real instant."""

    parameter: str
    value: float | None
    raw: str
    unit: str
    time_s: int | None
    status: str
    reasons: tuple[str, ...]
    sub_station: str = ""
    longitude_dms: str = ""
    latitude_dms: str = ""


def read_columns(
    parameter: str,
    value: str,
    unit: str,
    stamp: str,
    status: str | None,
    *,
    reasons: tuple[str, ...] = (),
    place: tuple[str, str, str] = ("", "", ""),
) -> Columns:
    """Understand one group of columns.

    Args:
        status: None where the layout has no such column.
        reasons: what the layout's reader has met already.
        place: sub-station, longitude and latitude, where the layout has them.
    Returns:
        Columns; a status `0, 1, 2` is widened to two digits, parameter and unit are in Unicode NFC.
    """
    parameter, unit = _plain(parameter), _plain(unit)
    station, longitude, latitude = (_plain(text) for text in place)
    value = value.strip()
    number, value_reasons = read_value(value)
    time_s = parse_stamp(stamp.strip())
    found = [*reasons, *value_reasons]
    if not parameter:
        found.append("param")
    if time_s is None:
        found.append("time")
    known_status = ""
    if status is not None:
        known_status = STATUSES.get(status.strip(), status.strip())
        if known_status not in KNOWN_STATUSES:
            found.append("status")
    if (longitude or latitude) and not is_place(longitude, latitude):
        found.append("coordinates")
    texts = (parameter, value, unit, known_status, station, longitude, latitude)
    if any(map(gt, map(len, texts), LONGEST.values())) or (
        station and len(station) + 1 + len(parameter) > LONGEST["parameter"]
    ):
        found.append("too_long")
    if not "".join(texts).isprintable():
        found.append("characters")
    return Columns(parameter, number, value, unit, time_s, known_status, tuple(found), station, longitude, latitude)


class Sheet:
    """Readings and faults of one file, gathered by line; of very many faults the first are told, all are counted."""

    def __init__(self, faults: list[Fault]) -> None:
        self._records: list[ParsedReading] = []
        self._faults = faults[:MAX_FAULTS]
        self._untold = len(faults) - len(self._faults)
        self._named: set[tuple[str, str]] = set()
        self._unnamed = 0

    def add(self, line: Line, columns: Columns, raw: str) -> None:
        """Keep a reading where it can be kept, and tell every deviation."""
        for reason in columns.reasons:
            if reason in SENTENCES:
                field, sentence = SENTENCES[reason]
                self._tell(line, field, reason, f"In line {line.number} {sentence}.", raw)
        if columns.time_s is None or not UNUSABLE.isdisjoint(columns.reasons):
            return
        name = columns.parameter, columns.sub_station
        if name not in self._named:
            if len(self._named) >= MAX_PARAMETERS:
                self._unnamed += 1
                return
            self._named.add(name)
        self._records.append(
            ParsedReading(
                columns.time_s,
                columns.parameter,
                columns.value,
                columns.raw,
                columns.unit,
                columns.status,
                line.number,
                columns.reasons,
                columns.sub_station,
                columns.longitude_dms,
                columns.latitude_dms,
            )
        )

    def refuse(self, line: Line, expected: str, *, is_cut: bool = False) -> None:
        """Tell that a line has not the layout's columns.

        Args:
            is_cut: it is the last of several and has no line end, so the file broke off in it.
        """
        if is_cut:
            detail = f"The file ends in the middle of line {line.number}: send it again, whole."
            self._tell(line, "fields", "truncated", detail, line.text, expected)
            return
        detail = f"Line {line.number} has not the columns of the layout: write {expected}."
        self._tell(line, "fields", "fields", detail, line.text, expected)

    def finish(self, layout: str) -> Parsed:
        """Close the sheet; faults stand in the order of their lines."""
        faults = sorted(self._faults, key=lambda fault: fault.offset)
        if self._unnamed:
            detail = (
                f"The file names more than {MAX_PARAMETERS} parameters; {self._unnamed} readings of further ones "
                "were not read, the file is kept: send them in files of their own."
            )
            faults.append(Fault(0, 0, "parameter", "too_many_parameters", detail, "", str(MAX_PARAMETERS)))
        if self._untold:
            faults.append(too_many(self._untold))
        return Parsed(layout, tuple(self._records), tuple(faults))

    def _tell(self, line: Line, field: str, reason: str, detail: str, raw: str, hint: str = "") -> None:
        if len(self._faults) < MAX_FAULTS:
            self._faults.append(Fault(line.number, line.offset, field, reason, detail, escape(raw), hint))
        else:
            self._untold += 1


def too_many(untold: int) -> Fault:
    """Say how many faults are not told one by one."""
    detail = f"There are {untold} more faults: mend the first ones."
    return Fault(0, 0, "fields", "too_many", detail, "", str(untold))


def build_line(columns: tuple[str, ...], separator: str) -> str:
    """Join columns in Unicode NFC; raises ValueError where a column holds a line end or the separator."""
    for column in columns:
        if separator in column or "\r" in column or "\n" in column:
            raise ValueError(f"a column holds a separator: {column!r}")
    return unicodedata.normalize("NFC", separator.join(columns))


def _plain(text: str) -> str:
    stripped = text.strip()
    return stripped if stripped.isascii() else unicodedata.normalize("NFC", stripped)
