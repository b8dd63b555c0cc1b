"""Latencies of many messages, kept as (seconds, how many): percentiles count messages, not confirms."""

from bisect import bisect_left
from itertools import accumulate


class Latencies:
    """Gathers, then answers."""

    def __init__(self) -> None:
        self._samples: list[tuple[float, int]] = []
        self.count = 0

    def add(self, seconds: float, messages: int = 1) -> None:
        """Add messages that took the same time."""
        self._samples.append((seconds, messages))
        self.count += messages

    def merge(self, other: "Latencies") -> None:
        """Take over what another one gathered."""
        self._samples += other._samples
        self.count += other.count

    def percentiles_ms(self, *shares: float) -> list[float]:
        """The latencies below which these shares of the messages are; zeros where there are none."""
        samples = sorted(self._samples)
        totals = list(accumulate(count for _, count in samples))
        if not totals:
            return [0.0 for _ in shares]
        last = len(samples) - 1
        return [samples[min(last, bisect_left(totals, share * totals[-1]))][0] * 1000 for share in shares]
