"""From receipt to confirm: a histogram of today (Vietnamese time), and the law's deadline.

It is kept beside the totals of what came too late, a few seconds behind: a restart shows what stood before it, and a
kill forgets those seconds.
"""

from bisect import bisect_left
from collections.abc import Mapping
from types import MappingProxyType

from protocols.times import day_begin, day_number
from storage.latencies import latency_totals
from storage.writer import Unit

EDGES_S = tuple(0.001 * 1.25**step for step in range(72))
"""Bucket edges from 1 ms to about 2 hours, 25 % apart."""
STEPS = len(EDGES_S) + 1
KEEP_S = 5.0
"""So often at most it is written, with something that is written anyway."""
NOTHING: Mapping[str, int] = MappingProxyType({})


class Latency:
    """Counts latencies; percentiles are upper bucket edges.

    Args:
        kept: what the store holds of the destination (`storage/latencies.py`).
    """

    def __init__(self, deadline_s: float, destination: str = "", kept: Mapping[str, int] = NOTHING) -> None:
        self.deadline_s = deadline_s
        """Within which each item must be there."""
        self._names = latency_totals(destination, STEPS)
        self._kept = [kept.get(name, 0) for name in self._names]
        self._kept_s = float("-inf")
        *self._counts, self._day = self._kept
        self._begin_s, self._end_s = day_begin(self._day), day_begin(self._day + 1)

    def add(self, latency_s: float, count: int, now_s: float) -> int:
        """Count `count` items that took `latency_s`.

        Returns:
            How many of them came too late.
        """
        if not self._begin_s <= now_s < self._end_s:
            self._day = day_number(int(now_s))
            self._begin_s, self._end_s = day_begin(self._day), day_begin(self._day + 1)
            self._counts = [0] * STEPS
        self._counts[bisect_left(EDGES_S, latency_s)] += count
        return count if latency_s > self.deadline_s else 0

    def percentile(self, share: float, now_s: float) -> float | None:
        """Seconds within which `share` of today's items arrived; None where nothing was counted."""
        total = sum(self._counts)
        if not total or not self._begin_s <= now_s < self._end_s:
            return None
        reached = 0
        for edge_s, count in zip(EDGES_S, self._counts, strict=False):
            reached += count
            if reached >= share * total:
                return edge_s
        return EDGES_S[-1]

    def keep(self, unit: Unit, now_s: float, *, at_once: bool = False) -> None:
        """Write what changed, unless that was done a moment ago."""
        if not at_once and 0 <= now_s - self._kept_s < KEEP_S:
            return
        now = [*self._counts, self._day]
        for name, value, before in zip(self._names, now, self._kept, strict=True):
            if value != before:
                unit.mark(name, value)
        self._kept, self._kept_s = now, now_s
