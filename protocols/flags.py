"""How flags add up, for every floor of the house: one aggregate of many tests, and the packed flags of outer tests.

`outer_flags` holds one nibble for each test that looks beyond a station; the nibble's place is the test's number.
Invariant: nothing here turns NOT_EVALUATED or MISSING into GOOD; a test that said neither has no vote.
"""

from collections.abc import Collection, Iterator

from protocols.vocabulary import Flag

FLAGS = {int(flag): flag for flag in Flag}
"""A look-up costs a third of `Flag(number)`, and every mean asks for each of its readings."""
PRECEDENCE = (Flag.FAIL, Flag.SUSPECT, Flag.GOOD, Flag.NOT_EVALUATED, Flag.MISSING)

OUTER_TESTS = {"spatial": 10, "model": 12, "works": 13}
"""Tests that look beyond the station, and the places of their nibbles in `readings.outer_flags`."""
NIBBLES = (1 << 56) - 1
NEIGHBOURED = 1 << 60
"""A mark beside the nibbles: when the value came, its series had neighbours enough for the spatial test."""


def aggregate(flags: Collection[Flag]) -> Flag:
    """Join the flags of several tests: the highest of 4 > 3 > 1 > 2 > 9, and 2 where there are none."""
    for flag in PRECEDENCE:
        if flag in flags:
            return flag
    return Flag.NOT_EVALUATED


def outer_nibbles(outer_flags: int) -> Iterator[tuple[int, Flag]]:
    """The place and the flag of each outer test that spoke."""
    left, place = outer_flags & NIBBLES, 0
    while left:
        if nibble := left & 0xF:
            yield place, Flag(nibble)
        left, place = left >> 4, place + 1


def overall(flag: int, outer_flags: int) -> Flag:
    """A value's own flag joined with what the outer tests said of it."""
    if not outer_flags & NIBBLES:
        return FLAGS[flag]
    return aggregate([FLAGS[flag], *(outer for _, outer in outer_nibbles(outer_flags))])
