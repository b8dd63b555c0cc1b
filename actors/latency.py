"""From receipt to confirm: a histogram of fixed size, and the law's deadline."""

from bisect import bisect_left

EDGES_S = tuple(0.001 * 1.25**step for step in range(72))
"""Bucket edges from 1 ms to about 2 hours, 25 % apart."""


class Latency:
    """Counts latencies; percentiles are upper bucket edges of the last two periods of `period_s`."""

    def __init__(self, deadline_s: float, period_s: float = 300.0) -> None:
        self._deadline_s = deadline_s
        self._period_s = period_s
        self._now = [0] * (len(EDGES_S) + 1)
        self._before = [0] * (len(EDGES_S) + 1)
        self._since_s = 0.0

    @property
    def deadline_s(self) -> float:
        """Within which each item must be there."""
        return self._deadline_s

    def add(self, latency_s: float, count: int, now_s: float) -> int:
        """Count `count` items that took `latency_s`.

        Returns:
            How many of them came too late.
        """
        if now_s - self._since_s > self._period_s:
            self._before, self._now = self._now, [0] * (len(EDGES_S) + 1)
            self._since_s = now_s
        self._now[bisect_left(EDGES_S, latency_s)] += count
        return count if latency_s > self._deadline_s else 0

    def percentile(self, share: float) -> float | None:
        """Seconds within which `share` of the items arrived; None where nothing was counted."""
        counts = [a + b for a, b in zip(self._now, self._before, strict=True)]
        total = sum(counts)
        if not total:
            return None
        reached = 0
        for edge_s, count in zip(EDGES_S, counts, strict=False):
            reached += count
            if reached >= share * total:
                return edge_s
        return EDGES_S[-1]
