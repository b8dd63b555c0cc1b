"""A driver's hours: continuous driving and working days, over all vehicles of one licence.

Driving intervals become blocks (a pause under 15 minutes belongs to the driving), blocks become working days (24
hours, or until a rest of 14). Intervals of several vehicles come ordered by their end and may reach back 15 minutes, so
a block is settled only when nothing can touch it any more: a handful of numbers is the whole state.

Invariant: the stream states what `evaluate` states over all intervals; what is settled never changes.
Source: TT 09/2015/TT-BGTVT Điều 5 khoản 3 and 4.
"""

from collections.abc import Iterable
from typing import NamedTuple, Self

from actors.rules.driving_time import DrivingLimits


class Block(NamedTuple):
    """Driving with pauses too short to count as a stop."""

    start_s: int
    end_s: int


class ContinuousDriving(NamedTuple):
    """Too long at the wheel without a stop; the end is where the stop begins."""

    start_s: int
    end_s: int
    closed: bool

    @property
    def duration_s(self) -> int:
        """Length of the block, short pauses included."""
        return self.end_s - self.start_s


class WorkDay(NamedTuple):
    """A driver's working day; `violation` says that its driving was too long."""

    start_s: int
    end_s: int
    driving_s: int
    violation: bool
    closed: bool


class _Day(NamedTuple):
    start_s: int
    driving_s: int
    end_s: int
    """End of its last driving so far."""


Finding = ContinuousDriving | WorkDay


class DriverClock:
    """The unsettled blocks and the open day of one licence."""

    __slots__ = ("_blocks", "_day", "_limits", "settled_s")

    def __init__(self, limits: DrivingLimits) -> None:
        self._limits = limits
        self._blocks: tuple[Block, ...] = ()
        self._day: _Day | None = None
        self.settled_s: int | None = None
        """An interval that starts earlier than this came too late: evaluate the driver's whole day again."""

    def push(self, start_s: int, end_s: int) -> list[Finding]:
        """Take the next driving interval, of any vehicle, in order of its end; give what it settles.

        Raises:
            ValueError: the interval starts before `settled_s`.
        """
        if self.settled_s is not None and start_s < self.settled_s:
            raise ValueError(f"driving from {start_s} lies before {self.settled_s}, which is settled")
        last = self._blocks[-1] if self._blocks else None
        if last is not None and last.start_s <= start_s < last.end_s + self._limits.stop_s:
            self._blocks = (*self._blocks[:-1], Block(last.start_s, max(last.end_s, end_s)))
        elif last is None or start_s >= last.end_s + self._limits.stop_s:
            self._blocks = (*self._blocks, Block(start_s, end_s))
        else:
            self._blocks = tuple(join_blocks((*self._blocks, Block(start_s, end_s)), self._limits.stop_s))
        return self.advance(self._blocks[-1].end_s - self._limits.stop_s) if len(self._blocks) > 1 else []

    def advance(self, watermark_s: int) -> list[Finding]:
        """Settle what cannot change once no driving that starts before the watermark can come any more."""
        found: list[Finding] = []
        while self._blocks and self._blocks[0].end_s + self._limits.stop_s <= watermark_s:
            block, *later = self._blocks
            self._blocks = tuple(later)
            self.settled_s = block.end_s + self._limits.stop_s
            found += _continuous(block, self._limits, closed=True)
            self._day, over = _extend(self._day, block, self._limits)
            found += [_work_day(day, self._limits, closed=True) for day in over]
        if self._day is not None and not self._blocks and self._day.end_s + self._limits.day_rest_s <= watermark_s:
            found.append(_work_day(self._day, self._limits, closed=True))
            self.settled_s = self._day.end_s + self._limits.day_rest_s
            self._day = None
        return found

    def unfinished(self) -> list[Finding]:
        """Give what would be found if nothing more came: provisional, `closed` false."""
        return _finish(self._day, self._blocks, self._limits)

    def state(self) -> tuple[int | None, tuple[int, int, int] | None, tuple[tuple[int, int], ...]]:
        """Settled time, open day and unsettled blocks, as plain tuples."""
        return (
            self.settled_s,
            None if self._day is None else (self._day.start_s, self._day.driving_s, self._day.end_s),
            tuple((block.start_s, block.end_s) for block in self._blocks),
        )

    @classmethod
    def from_state(
        cls, stored: tuple[int | None, tuple[int, int, int] | None, tuple[tuple[int, int], ...]], limits: DrivingLimits
    ) -> Self:
        """Stand up again where `state()` was taken."""
        clock = cls(limits)
        settled_s, day, blocks = stored
        clock.settled_s = settled_s
        clock._day = None if day is None else _Day(*day)
        clock._blocks = tuple(Block(*block) for block in blocks)
        return clock


def evaluate(intervals: Iterable[tuple[int, int]], limits: DrivingLimits) -> list[Finding]:
    """Judge all driving of one licence, in any order; the last block and day are provisional."""
    blocks = join_blocks(intervals, limits.stop_s)
    found: list[Finding] = []
    day: _Day | None = None
    for block in blocks[:-1]:
        found += _continuous(block, limits, closed=True)
        day, over = _extend(day, block, limits)
        found += [_work_day(one, limits, closed=True) for one in over]
    return found + _finish(day, blocks[-1:], limits)


def join_blocks(intervals: Iterable[tuple[int, int]], stop_s: int) -> list[Block]:
    """Unite intervals whose pauses are shorter than `stop_s`, ascending."""
    blocks: list[Block] = []
    for start_s, end_s in sorted(intervals):
        if blocks and start_s - blocks[-1].end_s < stop_s:
            blocks[-1] = Block(blocks[-1].start_s, max(blocks[-1].end_s, end_s))
        else:
            blocks.append(Block(start_s, end_s))
    return blocks


def moving_s(intervals: Iterable[tuple[int, int]], start_s: int, end_s: int) -> int:
    """Count the seconds of driving proper within a day, pauses left out and two vehicles counted once; for review."""
    return sum(
        max(0, min(block.end_s, end_s) - max(block.start_s, start_s)) for block in join_blocks(intervals, stop_s=1)
    )


def _extend(day: _Day | None, block: Block, limits: DrivingLimits) -> tuple[_Day, list[_Day]]:
    """Add a block to the open day; give the day that is open then, and those that ended."""
    over: list[_Day] = []
    start_s, end_s = block
    if day is not None and start_s - day.end_s >= limits.day_rest_s:
        over.append(day)
        day = None
    elif day is not None and start_s >= day.start_s + limits.day_s:
        over.append(day._replace(end_s=day.start_s + limits.day_s))
        day = None
    if day is None:
        day = _Day(start_s, 0, start_s)
    while end_s > (mark_s := day.start_s + limits.day_s):
        over.append(_Day(day.start_s, day.driving_s + mark_s - start_s, mark_s))
        start_s = mark_s
        day = _Day(mark_s, 0, mark_s)
    return _Day(day.start_s, day.driving_s + end_s - start_s, end_s), over


def _finish(day: _Day | None, blocks: Iterable[Block], limits: DrivingLimits) -> list[Finding]:
    found: list[Finding] = []
    for block in blocks:
        found += _continuous(block, limits, closed=False)
        day, over = _extend(day, block, limits)
        found += [_work_day(one, limits, closed=False) for one in over]
    if day is not None:
        found.append(_work_day(day, limits, closed=False))
    return found


def _continuous(block: Block, limits: DrivingLimits, *, closed: bool) -> list[Finding]:
    too_long = limits.continuous_s is not None and block.end_s - block.start_s >= limits.continuous_s
    return [ContinuousDriving(block.start_s, block.end_s, closed)] if too_long else []


def _work_day(day: _Day, limits: DrivingLimits, *, closed: bool) -> WorkDay:
    too_long = limits.day_driving_s is not None and day.driving_s > limits.day_driving_s
    return WorkDay(day.start_s, day.end_s, day.driving_s, too_long, closed)
