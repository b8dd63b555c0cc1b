"""Makes the hours in which a known station sent nothing: no value, flag MISSING, count 0, version 0.

They are made when the hour is due and everything that came is made, so completeness of 8 h, day and air index is right
at once. A station is awaited for 30 days after its last sign of life: one that is gone for good costs nothing more.
Invariant: an hour is filled once, over restarts too; of the time the box was down no more than a day is filled.
"""

from collections.abc import Callable, Iterable, Sequence

from actors.hour_making import HourMaking
from actors.station import StationActor
from protocols.times import DAY_S, HOUR_S
from storage.writer import Unit, Writer

FILLED = "hourly.filled"
"""The end of the newest hour that was looked at."""
AWAITED_S = 30 * DAY_S
CATCH_UP_S = DAY_S
TOGETHER = 100


class HeardOf:
    """Which stations are awaited."""

    def __init__(self, stations: Callable[[], Iterable[StationActor]]) -> None:
        self._stations = stations

    def until(self, hour_s: int) -> list[int]:
        """Stations with a sign of life in the 30 days before the end of an hour, whose values begin by then."""
        return [
            actor.profile.station_id
            for actor in self._stations()
            if actor.last_seen_ms
            and actor.last_seen_ms / 1000 > hour_s - AWAITED_S
            and any(first_s is not None and first_s <= hour_s for first_s in _firsts(actor))
        ]


def _firsts(actor: StationActor) -> Iterable[int | None]:
    """When each of its series began."""
    return (series.gaps.state()[0] for series in actor.series.values())


class EmptyHours:
    """Fills hours.

    Args:
        awaited: the stations that should have sent something in the hour that ends then.
        filled: the end of the newest filled hour, as counted.
    """

    def __init__(
        self, writer: Writer, making: HourMaking, awaited: Callable[[int], Sequence[int]], filled: Callable[[], int]
    ) -> None:
        self._writer = writer
        self._making = making
        self._awaited = awaited
        self._filled = filled
        self._filled_s = 0

    async def make(self, due_s: int) -> int:
        """Fill what is due up to the first hour that was empty for somebody; returns for how many.

        Whoever asks looks first whether something else is due by then: the hours of a whole day are many.
        """
        before_s = max(self._filled_s, self._filled()) or due_s - HOUR_S
        for hour_s in range(max(before_s, due_s - CATCH_UP_S) + HOUR_S, due_s + 1, HOUR_S):
            station_ids, made = self._awaited(hour_s), 0
            for at in range(0, len(station_ids), TOGETHER):
                unit = Unit()
                made += await self._making.make_empty(unit, hour_s, station_ids[at : at + TOGETHER])
                if unit.rows:
                    await self._writer.store(unit)
            done = Unit()
            done.mark(FILLED, hour_s)
            await self._writer.store(done)
            self._filled_s = hour_s
            if made:
                return made
        return 0
