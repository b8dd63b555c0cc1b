"""Reads one vehicle's whole track back from the journal, by column, for whoever judges it anew.

A walk back along `prev` takes so many rows at once, each block beginning where the one before ended: a vehicle that
sent each second for a week holds neither the loop nor the memory. It ends at the archive's floor and goes on there.

Invariant: rows stand in the order of their arrival; those that the walk did not reach are older than all of them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from storage.archive import Archive

Numbers = NDArray[np.int64]
AskRows = Callable[[str, list[int]], Awaitable[Sequence[Any]]]
"""Asks the store with question marks for the numbers; raises StoreError."""

TOGETHER = 10_000
"""Rows of one question: some milliseconds to take over."""
_SAID = "id, prev, time_s, received_ms, body"
_BACK = (
    f"WITH RECURSIVE track({_SAID}, number) AS (SELECT {_SAID}, 1 FROM waypoints WHERE id = ? UNION ALL "
    "SELECT w.id, w.prev, w.time_s, w.received_ms, w.body, t.number + 1 FROM waypoints w JOIN track t ON w.id = t.prev "
    f"WHERE t.prev > 0 AND t.number < ? AND w.id > ? AND w.received_ms >= ?) SELECT {_SAID} FROM track"
)


class TrackRows(NamedTuple):
    """Rows of one vehicle."""

    id: Numbers
    prev: Numbers
    time_s: Numbers
    received_ms: Numbers
    bodies: list[bytes]

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]], places: Sequence[int] = range(5)) -> Self:
        """Take over rows, in any order, whose columns stand at these places."""
        *numbers, body = places
        columns = [np.fromiter([row[at] for row in rows], np.int64, len(rows)) for at in numbers]
        order = np.argsort(columns[0], kind="stable")
        number, prev, time_s, received_ms = (column[order] for column in columns)
        return cls(number, prev, time_s, received_ms, [rows[at][body] for at in order.tolist()])

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Put parts of a track together, the oldest first."""
        if not parts:
            return cls.of(())
        numbers, prevs, times_s, received_ms, bodies = zip(*parts, strict=True)
        number, prev, time_s, received = map(np.concatenate, (numbers, prevs, times_s, received_ms))
        return cls(number, prev, time_s, received, [body for some in bodies for body in some])

    @property
    def is_whole(self) -> bool:
        """Whether the vehicle's first row is among them."""
        return bool(self.bodies) and int(self.prev[0]) <= 0


class TrackReader:
    """Reads tracks of the journal and its archive."""

    def __init__(self, ask: AskRows, archive: Archive | None) -> None:
        self._ask = ask
        self._archive = archive

    async def read(self, head: int, since_ms: int, vehicle_id: int, after_id: int = 0) -> TrackRows:
        """Give a vehicle's rows from its newest one back, as far as they were received since then without a break.

        Args:
            after_id: only rows after this one.
        Raises:
            DamagedPart: some of them stand in a file that cannot be read.
        """

        async def hot(floor: int) -> list[TrackRows]:
            return await self._back(head, max(floor, after_id), since_ms)

        if self._archive is None:
            return TrackRows.joined(await hot(0))
        floor, parts = await self._archive.steadily(hot)
        past = await self._archive.since(vehicle_id, after_id, since_ms) if floor > after_id else []
        return TrackRows.joined([TrackRows.of(past, (0, 1, 3, 4, 6)), *parts])

    async def _back(self, head: int, floor: int, since_ms: int) -> list[TrackRows]:
        parts: list[TrackRows] = []
        at = head
        while at > floor:
            part = TrackRows.of(await self._ask(_BACK, [at, TOGETHER, floor, since_ms]))
            if not part.bodies or (parts and int(part.received_ms[-1]) < since_ms):
                break
            parts.append(part)
            at = int(part.prev[0]) if len(part.bodies) == TOGETHER else floor
            await asyncio.sleep(0)
        return parts[::-1]
