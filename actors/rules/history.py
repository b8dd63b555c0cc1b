"""The history of a station as cells of one time axis: one per expected slot of a day, or one per day of a month.

Invariant: a slot is expected only once its allowed delay is over, and never before the station's first record; what
came for it counts at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from actors.rules.timetable import Timetable
from protocols.times import DAY_S
from protocols.vocabulary import Flag

BACKFILL_S = 1200


class Arrived(NamedTuple):
    """A stored value as the history sees it: whose, of when, come when, and how it was judged."""

    parameter: str
    time_s: int
    received_ms: int
    flag: Flag


class DayTotals(NamedTuple):
    """What came for one day."""

    received: int
    late: int
    backfilled: int
    failed: int


class Cell(NamedTuple):
    """Values expected in (from_s, to_s], how many came, and of those how many late, as a backfill, or failed.

    `slots` are the expected instants, `filled` those that a value came for (None where only totals are kept).
    """

    from_s: int
    to_s: int
    slots: int
    filled: int | None
    expected: int
    received: int
    late: int
    backfilled: int
    failed: int


class Expectation(NamedTuple):
    """What a station owes: when, how late it may, how many values each time, and since when it is known."""

    timetable: Timetable
    allowed_s: int
    parameters: int
    first_s: int | None


def slot_cells(owed: Expectation, now_s: float, values: Iterable[Arrived]) -> list[Cell]:
    """The cells of the last 24 hours, one per expected slot, oldest first."""
    timetable = owed.timetable
    slots = timetable.slots(now_s - DAY_S, now_s)
    before_s = timetable.slots(now_s - 3 * DAY_S, now_s - DAY_S)[-1:] or [int(now_s) - DAY_S]
    came: dict[int, dict[str, Arrived]] = {slot_s: {} for slot_s in slots}
    for value in values:
        of_slot = came.get(timetable.nearest(value.time_s))
        if of_slot is not None:
            of_slot.setdefault(value.parameter, value)
    cells: list[Cell] = []
    for from_s, to_s in pairwise([*before_s, *slots]):
        found = came[to_s].values()
        late = [value.received_ms / 1000 - value.time_s for value in found]
        backfill_s = max(BACKFILL_S, owed.allowed_s)
        due = owed.first_s is not None and to_s >= owed.first_s and to_s + owed.allowed_s <= now_s
        cells.append(
            Cell(
                from_s,
                to_s,
                1 if due else min(1, len(found)),
                min(1, len(found)),
                owed.parameters if due else len(found),
                len(found),
                sum(owed.allowed_s < delay_s <= backfill_s for delay_s in late),
                sum(delay_s > backfill_s for delay_s in late),
                sum(value.flag is Flag.FAIL for value in found),
            )
        )
    return cells


def day_cells(owed: Expectation, days: Sequence[int], now_s: float, totals: Mapping[int, DayTotals]) -> list[Cell]:
    """The cells of whole days that begin at `days`, oldest first; of today what is due so far."""
    cells: list[Cell] = []
    for day_s in days:
        from_s = day_s if owed.first_s is None else max(day_s, owed.first_s - 1)
        to_s = min(day_s + DAY_S, int(now_s) - owed.allowed_s)
        slots = len(owed.timetable.slots(from_s, to_s)) if owed.first_s is not None and from_s < to_s else 0
        came = totals.get(day_s, DayTotals(0, 0, 0, 0))
        expected = max(slots * owed.parameters, 0)
        cells.append(Cell(day_s, day_s + DAY_S, slots, None, max(expected, min(came.received, owed.parameters)), *came))
    return cells
