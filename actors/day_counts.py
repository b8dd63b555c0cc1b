"""Counts what one file brought by the day it stands for: received, late, backfilled, failed.

A value is late when it came after its slot's allowed delay, and a backfill over 20 minutes after it (QĐ 338/QĐ-KTTV).
Invariant: a value counts once, for the day that ends the interval its slot describes; (00:00, 24:00] is one day.
"""

from actors.messages import DayCounted
from actors.rules.history import BACKFILL_S
from actors.rules.timetable import Timetable
from protocols.times import day_start
from protocols.vocabulary import Flag


class DayCounts:
    """The counts of one file of one station."""

    def __init__(self, timetable: Timetable, allowed_s: int, received_ms: int) -> None:
        self._timetable = timetable
        self._allowed_s = allowed_s
        self._received_s = received_ms / 1000
        self._days: dict[int, list[int]] = {}
        self._last = (-1, 0)

    def add(self, time_s: int, flag: Flag) -> None:
        """Count one value."""
        if self._last[0] != time_s:
            self._last = time_s, day_start(self._timetable.nearest(time_s) - 1)
        counts = self._days.setdefault(self._last[1], [0, 0, 0, 0])
        counts[0] += 1
        delay_s = self._received_s - time_s
        if delay_s > max(BACKFILL_S, self._allowed_s):
            counts[2] += 1
        elif delay_s > self._allowed_s:
            counts[1] += 1
        counts[3] += flag is Flag.FAIL

    def effects(self, station_id: int) -> list[DayCounted]:
        """What to add to the running counts."""
        return [DayCounted(station_id, day_s, *counts) for day_s, counts in sorted(self._days.items())]
