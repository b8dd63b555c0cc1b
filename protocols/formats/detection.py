"""Which layout a station file is in: by its lines, and by its name where the lines leave a doubt.

A workbook is read as lines of cells parted by TABs; from there on it is a file like any other.

`FORMATS` is the ordered table of layouts; a new one is a file beside this, a line here, and its vectors.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from protocols.formats import cv5417_2016, tt10_2021, tt13_2023
from protocols.formats.filename import Family, parse_name
from protocols.formats.lines import MAX_LINE_BYTES, escape, read_lines
from protocols.formats.workbook import NoWorkbook, is_workbook, workbook_text
from protocols.records import Fault, Parsed

AUTO = "auto"
SAMPLE_BYTES = MAX_LINE_BYTES
SAMPLE_LINES = 20
STAMP = re.compile(r"[0-9]{8}")
SLOW_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Format:
    """A layout: its reader, and how to tell a line of it."""

    name: str
    parse: Callable[[bytes], Parsed]
    resembles: Callable[[str], bool]
    family: Family


FORMATS = (
    Format(tt10_2021.LAYOUT, tt10_2021.parse, tt10_2021.resembles, Family.ENVIRONMENT),
    Format(cv5417_2016.LAYOUT, cv5417_2016.parse, cv5417_2016.resembles, Family.ENVIRONMENT),
    Format(tt13_2023.LAYOUT, tt13_2023.parse, tt13_2023.resembles, Family.HYDROMET),
)
BY_NAME = {known.name: known for known in FORMATS}


def parse_file(name: str, data: bytes, profile: str = AUTO) -> Parsed:
    """Read a station file.

    Args:
        name: the file's name as sent.
        profile: a layout's name, or `auto` to choose by the file itself.
    Returns:
        Parsed; with an empty layout and one fault where nothing was recognised.
    Raises:
        ValueError: no layout has the profile's name.
    """
    if profile != AUTO and profile not in BY_NAME:
        raise ValueError(f"no layout is named {profile!r}")
    if not is_workbook(data):
        return _parse_text(name, data, profile)
    try:
        parsed = _parse_text(name, workbook_text(data), profile)
    except NoWorkbook as wrong:
        return Parsed("", (), (Fault(0, 0, "workbook", wrong.reason, wrong.detail, escape(data[:80])),))
    return parsed._replace(faults=tuple(fault._replace(offset=0) for fault in parsed.faults))


def is_slow(data: bytes) -> bool:
    """Whether reading may take long enough to be felt: do it beside the event loop."""
    return len(data) > SLOW_BYTES or is_workbook(data)


def _parse_text(name: str, data: bytes, profile: str) -> Parsed:
    chosen = BY_NAME[profile] if profile != AUTO else _choose(name, data)
    return chosen.parse(data) if chosen else Parsed("", (), (_unrecognised(data),))


def _choose(name: str, data: bytes) -> Format | None:
    """Take the layout that most lines resemble; of equals the one of the name's family, then the earlier one."""
    sample, _ = read_lines(data[:SAMPLE_BYTES])
    parsed_name = parse_name(name)
    family = parsed_name.family if parsed_name else None
    lines = sample[:SAMPLE_LINES]
    best, best_score = None, (0, False)
    for known in FORMATS:
        score = (sum(known.resembles(line.text) for line in lines), known.family is family)
        if lines and score == (len(lines), True):
            return known  # nothing later can be better
        if score[0] and score > best_score:
            best, best_score = known, score
    if best is None and family and any(STAMP.search(line.text) for line in sample):
        return next(known for known in FORMATS if known.family is family)  # it tells line by line what is missing
    return best


def _unrecognised(data: bytes) -> Fault:
    if not data.strip(b"\0\t\r\n "):
        reason, detail = "empty", "The file is empty: send it again with its readings."
    else:
        reason = "layout"
        detail = f"No line has the columns of a known layout: write {tt10_2021.EXPECTED}."
    return Fault(0, 0, "fields", reason, detail, escape(data[:80]))
