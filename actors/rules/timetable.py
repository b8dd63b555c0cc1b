"""When a station's records are expected: every so many seconds, or at fixed times of the day, raised for a while.

Distances in time are told in *beats* (expected intervals): one beat at 06:00 is a second beat away from 07:00 where the
station reports at 07:00, and 300 s where it reports every five minutes. Raised stretches (increased frequency during a
disaster) shorten the beat while they last and end by themselves.
Invariant: `slots(a, c) == slots(a, b) + slots(b, c)` for a <= b <= c; `beats` is additive and never falls.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor, inf
from typing import NamedTuple, Self

from protocols.times import DAY_S, ICT_OFFSET_S

AHEAD_DAYS = 2


class Raised(NamedTuple):
    """Increased frequency in [from_s, to_s); `to_s` None while nobody has said when it ends."""

    from_s: int
    to_s: int | None
    cadence_s: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """The expected instants of one station.

    Args:
        cadence_s: the interval; of fixed times the shortest one.
        times_s: seconds after midnight in Vietnam, ascending; empty = every `cadence_s`.
        raised: stretches of increased frequency, ascending, none overlapping (`with_raised` sees to that).
    """

    cadence_s: int
    times_s: tuple[int, ...] = ()
    raised: tuple[Raised, ...] = ()

    @classmethod
    def at_times(cls, times_s: Iterable[int]) -> Self:
        """Expect records at fixed times of the day."""
        ordered = tuple(sorted(set(times_s)))
        around = (*ordered, ordered[0] + DAY_S)
        return cls(min(after - before for before, after in pairwise(around)), ordered)

    def with_raised(self, stretches: Iterable[Raised]) -> Self:
        """The same timetable with these stretches; where they overlap the shortest interval counts."""
        known = [each for each in stretches if each.cadence_s < self.cadence_s]
        edges = sorted({edge for each in known for edge in (each.from_s, each.to_s) if edge is not None})
        merged: list[Raised] = []
        for at, from_s in enumerate(edges):
            to_s = edges[at + 1] if at + 1 < len(edges) else None
            inside = [each.cadence_s for each in known if each.from_s <= from_s and _before(from_s, each.to_s)]
            if not inside:
                continue
            if merged and merged[-1].to_s == from_s and merged[-1].cadence_s == min(inside):
                merged[-1] = merged[-1]._replace(to_s=to_s)
            else:
                merged.append(Raised(from_s, to_s, min(inside)))
        return replace(self, raised=tuple(merged))

    def cadence_at(self, time_s: float) -> int:
        """The interval in use at an instant."""
        for stretch in self.raised:
            if stretch.from_s <= time_s and _before(time_s, stretch.to_s):
                return stretch.cadence_s
        return self.cadence_s

    def is_raised(self, from_s: float, to_s: float) -> bool:
        """Whether frequency is increased anywhere in (from_s, to_s]."""
        return any(each.from_s < to_s and _before(from_s, each.to_s) for each in self.raised)

    def slots(self, from_s: float, to_s: float) -> list[int]:
        """The expected instants in (from_s, to_s], ascending."""
        found: list[int] = []
        for start_s, end_s, cadence_s in self._pieces(from_s, to_s):
            if cadence_s is None and self.times_s:
                found += self._fixed(start_s, end_s)
            else:
                step_s = cadence_s or self.cadence_s
                first = floor((start_s + ICT_OFFSET_S) / step_s) + 1
                last = floor((end_s + ICT_OFFSET_S) / step_s)
                found += [number * step_s - ICT_OFFSET_S for number in range(first, last + 1)]
        return found

    def nearest(self, time_s: float) -> int:
        """The expected instant that a record of this time stands for: the nearest, half way the later one."""
        if not self.times_s and not self.raised:
            return floor((time_s + ICT_OFFSET_S) / self.cadence_s + 0.5) * self.cadence_s - ICT_OFFSET_S
        reach_s = DAY_S if self.times_s else self.cadence_s
        around = self.slots(time_s - reach_s - 1, time_s + reach_s)
        at = bisect_left(around, time_s)
        if at == len(around):
            return around[-1]
        if at == 0:
            return around[0]
        return around[at] if around[at] - time_s <= time_s - around[at - 1] else around[at - 1]

    def due_after(self, sign_s: float) -> float:
        """When the next record is due after a sign of life: an interval later, or at the next fixed time."""
        if not self.times_s:
            return self.after(sign_s, 1.0)
        return float(next(iter(self.slots(sign_s, sign_s + AHEAD_DAYS * DAY_S))))

    def beats(self, from_s: float, to_s: float) -> float:
        """How many intervals lie between two instants."""
        total = 0.0
        for start_s, end_s, cadence_s in self._pieces(from_s, to_s):
            if cadence_s is None and self.times_s:
                total += self._phase(end_s) - self._phase(start_s)
            else:
                total += (end_s - start_s) / (cadence_s or self.cadence_s)
        return total

    def after(self, from_s: float, beats: float) -> float:
        """The instant so many intervals after another one."""
        if not self.times_s and not self.raised:
            return from_s + beats * self.cadence_s
        for start_s, end_s, cadence_s in self._pieces(from_s, inf):
            fixed = cadence_s is None and self.times_s
            step_s = cadence_s or self.cadence_s
            at_s = self._time(self._phase(start_s) + beats) if fixed else start_s + beats * step_s
            if at_s <= end_s:
                return at_s
            beats -= self._phase(end_s) - self._phase(start_s) if fixed else (end_s - start_s) / step_s
        raise AssertionError("the last piece has no end")

    def _pieces(self, from_s: float, to_s: float) -> list[tuple[float, float, int | None]]:
        """Cut (from_s, to_s] at the edges of raised stretches; a cadence of None is the timetable's own."""
        pieces: list[tuple[float, float, int | None]] = []
        at_s = from_s
        for stretch in self.raised:
            until_s = min(inf if stretch.to_s is None else stretch.to_s, to_s)
            if until_s <= at_s:
                continue
            if stretch.from_s >= to_s:
                break
            if stretch.from_s > at_s:
                pieces.append((at_s, stretch.from_s, None))
                at_s = stretch.from_s
            pieces.append((at_s, until_s, stretch.cadence_s))
            at_s = until_s
        if at_s < to_s:
            pieces.append((at_s, to_s, None))
        return pieces

    def _fixed(self, from_s: float, to_s: float) -> list[int]:
        days = range(floor((from_s + ICT_OFFSET_S) / DAY_S), floor((to_s + ICT_OFFSET_S) / DAY_S) + 1)
        every = (day * DAY_S + time_s - ICT_OFFSET_S for day in days for time_s in self.times_s)
        return [slot_s for slot_s in every if from_s < slot_s <= to_s]

    def _phase(self, time_s: float) -> float:
        day, local_s = divmod(time_s + ICT_OFFSET_S, DAY_S)
        at = bisect_right(self.times_s, local_s)
        before_s = self.times_s[at - 1] - (DAY_S if at == 0 else 0)
        after_s = self.times_s[at % len(self.times_s)] + (DAY_S if at == len(self.times_s) else 0)
        return day * len(self.times_s) + at - 1 + (local_s - before_s) / (after_s - before_s)

    def _time(self, phase: float) -> float:
        whole = floor(phase)
        day, at = divmod(whole, len(self.times_s))
        before_s = day * DAY_S + self.times_s[at]
        after_s = (day + (at + 1) // len(self.times_s)) * DAY_S + self.times_s[(at + 1) % len(self.times_s)]
        return before_s + (phase - whole) * (after_s - before_s) - ICT_OFFSET_S


def missing_beats(beats: float) -> int:
    """How many records lack between two that stand so many intervals apart."""
    return max(0, floor(beats + 0.5) - 1)


def whole_second_after(time_s: float) -> int:
    """The first whole second at or after an instant."""
    return ceil(time_s - 1e-6)


def _before(time_s: float, end_s: float | None) -> bool:
    return end_s is None or time_s < end_s
