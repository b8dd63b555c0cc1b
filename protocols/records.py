"""What the formats give and take: frozen records and faults, no behaviour.

A record knows where it stood in its file, so that every value can be traced to the raw bytes.
"""

from typing import NamedTuple


class Fault(NamedTuple):
    """One thing wrong in a file: where, what, and the bytes as they came."""

    line: int
    """Line number, from 1; 0 speaks of the whole file."""
    offset: int
    """Byte offset of the line's start in the file."""
    field: str
    """`fields, parameter, value, unit, time, status, name, encoding` ..."""
    reason: str
    """A short word of a closed list per format, e.g. `time`, `decimal_comma`."""
    detail: str
    """One sentence for the sender: what is wrong, and the mend."""
    raw: str
    """The line or field as received (undecodable bytes as backslash escapes)."""
    hint: str = ""
    """What belongs there, where it is known: the station's unit, the symbol that was meant, ..."""


class ParsedReading(NamedTuple):
    """One value as a station file states it; nothing is judged here."""

    time_s: int
    """Observation time, UTC epoch seconds."""
    parameter: str
    """Symbol as written, in Unicode NFC."""
    value: float | None
    """The number, or None where the file says there is none."""
    raw: str
    """The number's own text, kept for forwarding."""
    unit: str
    status: str
    """Device status: `00, 01, 02, ...`; empty where the layout has none."""
    line: int
    reasons: tuple[str, ...] = ()
    """What the reader met in the columns: `missing_value, decimal_comma, value, separator, status, coordinates`."""
    sub_station: str = ""
    """Column `Tram` of TT 13/2023, a station inside the file's work; elsewhere empty."""
    longitude_dms: str = ""
    """Columns `Kinhdo` and `Vido` as given (the rule's own examples hold minutes above 59)."""
    latitude_dms: str = ""


class Parsed(NamedTuple):
    """What a file parser gives: a file is never refused whole for one bad line."""

    layout: str
    """Name of the format's module, e.g. `tt10_2021`; empty where nothing was recognised."""
    records: tuple[ParsedReading, ...]
    faults: tuple[Fault, ...]
