"""What outer tests say anew of stored values: a verdict that differs from the one the value stands with.

Invariant: a verdict is told once; whoever takes it writes it.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from actors.outer_checks import Check, Node
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


def told_spatial(nodes: Iterable[Node], entries: Iterable[Entry], flags: Iterable[int]) -> list[Verdict]:
    """The same of spatial verdicts that are all new; nearly all of them are the first, and good."""
    place, good, told = PLACES["spatial"], Flag.GOOD, list[Verdict]()
    good_bits, add = int(good) << place, told.append
    for node, entry, said in zip(nodes, entries, flags, strict=True):
        if said == 1 and entry.flag == 1 and not entry.outer:
            entry.outer = good_bits
            add(Verdict(entry.row, node.station_id, entry.time_s, "spatial", good, False, False, node.symbol))
        else:
            add(_turned(node, entry, "spatial", said))
    return told


def told(found: Iterable[tuple[Check, Entry, int]]) -> Iterator[Verdict]:
    """Of verdicts just found: those that differ from what the entries stand with; they stand with them from now on."""
    for check, entry, said in found:
        if entry.outer >> PLACES[check.test] & 0xF != said:
            yield _turned(check.target, entry, check.test, said)


def _turned(node: Node, entry: Entry, test: str, said: int) -> Verdict:
    flag, was = FLAGS[said], overall(entry.flag, entry.outer)
    entry.outer = with_verdict(entry.outer, test, flag)
    now = overall(entry.flag, entry.outer)
    fails = (was is Flag.FAIL) is not (now is Flag.FAIL)
    return Verdict(entry.row, node.station_id, entry.time_s, test, flag, was is not now, fails, node.symbol)
