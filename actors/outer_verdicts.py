"""What outer tests say anew of stored values: a verdict that differs from the one the value stands with.

Invariant: a verdict is told once; whoever takes it writes it.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from actors.outer_checks import Check
from actors.outer_columns import Columns, Entry, judge
from actors.rules.flags import OUTER_TESTS, overall, with_verdict
from protocols.flags import FLAGS
from protocols.vocabulary import Flag

PLACES = {test: 4 * place for test, place in OUTER_TESTS.items()}


class Verdict(NamedTuple):
    """An outer test says something new of a stored value; its overall flag `turns`, and maybe to or from FAIL."""

    row: int
    station_id: int
    time_s: int
    test: str
    flag: Flag
    turns: bool
    fails: bool
    parameter: str = ""


def verdicts(check: Check, key: int, columns: Columns) -> Iterator[Verdict]:
    """Judge one key over some columns; gives what differs from what the entries stand with, and writes it into them."""
    return told((check, entry, flag) for entry, flag in judge(check, key, columns))


def told(found: Iterable[tuple[Check, Entry, int]]) -> Iterator[Verdict]:
    """Of verdicts just found: those that differ from what the entries stand with; they stand with them from now on."""
    for check, entry, said in found:
        place, stood = PLACES[check.test], entry.outer
        if stood >> place & 0xF == said:
            continue
        flag, target = FLAGS[said], check.target
        if said == entry.flag == Flag.GOOD and not stood:
            entry.outer = said << place
            yield Verdict(entry.row, target.station_id, entry.time_s, check.test, flag, False, False, target.symbol)
            continue
        was = overall(entry.flag, stood)
        entry.outer = with_verdict(stood, check.test, flag)
        now = overall(entry.flag, entry.outer)
        fails = (was is Flag.FAIL) is not (now is Flag.FAIL)
        changed = was is not now, fails, target.symbol
        yield Verdict(entry.row, target.station_id, entry.time_s, check.test, flag, *changed)
