"""A file held against its station: the faults that only the inventory and the clock can see, beside the reader's own.

The intake keeps them with the file, and `trambox check` prints them: both call `inspect`.
Invariant: no reading is changed or taken away here.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice
from operator import attrgetter

from actors.dictionary import Dictionary, Settled
from actors.rules.magnitudes import other_unit
from actors.rules.order import OrderThresholds
from actors.rules.syntax import MAGNITUDE
from protocols.formats.columns import MAX_FAULTS, too_many
from protocols.formats.lines import Line, escape, read_lines
from protocols.formats.values import build_value
from protocols.records import Fault, Parsed, ParsedReading
from protocols.times import iso
from protocols.units import convert

FUTURE_S = OrderThresholds().future_s
OWN = frozenset(("param", "unit", MAGNITUDE))
"""Reasons that the dictionary alone can give; the reader told its own (it keeps no reading without parameter)."""


def inspect(parsed: Parsed, dictionary: Dictionary, data: bytes, now_s: float) -> Parsed:
    """Add what the station's inventory and the clock say against a file.

    Args:
        data: the bytes that were read; only a faulty file's lines are looked up in them.
        now_s: when it came: a reading of later than five minutes after is from the future.
    """
    settle, latest_s = dictionary.settle, now_s + FUTURE_S
    found: list[tuple[ParsedReading, str, Settled]] = []
    for reading in parsed.records:
        settled = settle(reading)
        found.extend((reading, reason, settled) for reason in settled.reasons if reason in OWN)
        if reading.time_s > latest_s:
            found.append((reading, "future", settled))
    if not found:
        return parsed
    room = max(MAX_FAULTS - len(parsed.faults), 0)
    faults = sorted((*parsed.faults, *islice(_faults(found, dictionary, data, now_s), room)), key=attrgetter("line"))
    if len(found) > room:
        faults.append(too_many(len(found) - room))
    return parsed._replace(faults=tuple(faults))


def _faults(
    found: list[tuple[ParsedReading, str, Settled]], dictionary: Dictionary, data: bytes, now_s: float
) -> Iterator[Fault]:
    lines = _lines_of(data)
    for reading, reason, settled in found:
        line = lines.get(reading.line)
        raw = line.text if line else " ".join((reading.parameter, reading.raw, reading.unit))
        field, sentence, hint = _SENTENCES[reason](reading, settled, dictionary, now_s)
        detail = f"In line {reading.line} {sentence}."
        yield Fault(reading.line, line.offset if line else 0, field, reason, detail, escape(raw), hint)


def _lines_of(data: bytes) -> dict[int, Line]:
    """Lines by their number; a workbook has none."""
    if b"\0" in data[:8]:
        return {}
    return {line.number: line for line in read_lines(data)[0]}


def _unregistered(
    reading: ParsedReading, settled: Settled, dictionary: Dictionary, now_s: float
) -> tuple[str, str, str]:
    del settled, now_s
    known = list(dictionary.registered)
    hint = next(iter(get_close_matches(reading.parameter, known, 1)), "")
    mend = f"did you mean {hint!r}?" if hint else f"it has {', '.join(known[:12])}"
    sentence = f"the parameter {reading.parameter!r} is none of this station's: register it, or mend its name; {mend}"
    return "parameter", sentence, hint or ", ".join(known[:12])


def _wrong_unit(reading: ParsedReading, settled: Settled, dictionary: Dictionary, now_s: float) -> tuple[str, str, str]:
    del dictionary, now_s
    own = settled.series.unit or "-"
    value = None if reading.value is None else convert(reading.value, reading.unit, own)
    would = "" if value is None else f" ({reading.raw} {reading.unit} would be {value:.6g} {own})"
    sentence = (
        f"the unit {reading.unit!r} of {reading.parameter} is not the station's: write {own!r}{would}, "
        "or add it to the station's units"
    )
    return "unit", sentence, own


def _other_magnitude(
    reading: ParsedReading, settled: Settled, dictionary: Dictionary, now_s: float
) -> tuple[str, str, str]:
    del now_s
    doubts = dictionary.ruling(reading).doubts
    unit = other_unit(settled.reading.value or 0.0, doubts)
    number = build_value(reading.value, reading.raw)
    sentence = (
        f"{number} {reading.unit} of {reading.parameter} looks like {unit}: check the unit that the logger writes"
    )
    return "value", sentence, unit


def _future(reading: ParsedReading, settled: Settled, dictionary: Dictionary, now_s: float) -> tuple[str, str, str]:
    del settled, dictionary
    sentence = (
        f"the time {iso(reading.time_s)} is after the file came ({iso(int(now_s))}): set the logger's clock, +07:00"
    )
    return "time", sentence, iso(int(now_s))


_SENTENCES = {"param": _unregistered, "unit": _wrong_unit, MAGNITUDE: _other_magnitude, "future": _future}
