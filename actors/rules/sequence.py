"""Whether a vehicle's messages arrive in the order of their times.

An older message that comes late is an allowed resend; one that comes fresh behind a newer one is out of order.

Invariant: the first arrival of an instant wins; what follows with the same time is a duplicate.
Source: TT 09/2015/TT-BGTVT Điều 4 khoản 3 điểm b.
"""

from collections.abc import Callable
from enum import StrEnum


class Arrival(StrEnum):
    """How a message stands to those of its vehicle that came before it."""

    NEWEST = "newest"
    OUT_OF_ORDER = "out_of_order"
    BACKLOG = "backlog"
    DUPLICATE = "duplicate"


class Sequence:
    """One vehicle's high-water mark."""

    __slots__ = ("_resend_latency_s", "newest_s")

    def __init__(self, resend_latency_s: int, newest_s: int | None = None) -> None:
        self._resend_latency_s = resend_latency_s
        self.newest_s = newest_s
        """The latest time seen so far; it is the whole state."""

    def push(self, time_s: int, received_s: float, is_known: Callable[[int], bool]) -> Arrival:
        """Place the message that arrived next.

        Args:
            is_known: whether the vehicle already has a message of that time; asked only about times below the mark.
        """
        newest_s = self.newest_s
        if newest_s is None or time_s > newest_s:
            self.newest_s = time_s
            return Arrival.NEWEST
        if time_s == newest_s or is_known(time_s):
            return Arrival.DUPLICATE
        return Arrival.BACKLOG if received_s - time_s > self._resend_latency_s else Arrival.OUT_OF_ORDER
