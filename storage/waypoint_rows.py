"""Rows of the waypoint journal on their way, by column: no object stands for a row until somebody asks for it.

Whoever carries many (the intake, a transaction, the store, forwarders) takes whole columns. What was received together,
by one read of a provider's socket, says when and from whom once.

Invariant: as a sequence it is the rows in the order in which they were added; all columns have one length, and the
receipts cover it.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain, groupby, repeat
from operator import itemgetter
from typing import Any, NamedTuple, overload

from typing_extensions import override


class StoredWaypoint(NamedTuple):
    """A row of the journal."""

    id: int
    prev: int
    vehicle_id: int
    time_s: int
    received_ms: int
    provider_id: int
    body: bytes


RECEIPT = itemgetter(StoredWaypoint._fields.index("received_ms"), StoredWaypoint._fields.index("provider_id"))


class Receipt(NamedTuple):
    """So many rows, one after the other, were received at one instant from one provider."""

    received_ms: int
    provider_id: int
    many: int


class WaypointRows(Sequence[StoredWaypoint]):
    """Columns of rows, and how they were received."""

    __slots__ = ("bodies", "ids", "prevs", "receipts", "times_s", "vehicle_ids")

    def __init__(
        self,
        ids: list[int],
        prevs: list[int],
        vehicle_ids: list[int],
        times_s: list[int],
        bodies: list[bytes],
        receipts: list[Receipt],
    ) -> None:
        self.ids = ids
        self.prevs = prevs
        self.vehicle_ids = vehicle_ids
        self.times_s = times_s
        self.bodies = bodies
        self.receipts = receipts

    @classmethod
    def of(cls, rows: Iterable[tuple[Any, ...]] = ()) -> "WaypointRows":
        """Take rows apart."""
        made = cls([], [], [], [], [], [])
        made.extend(rows)
        return made

    def columns(self) -> tuple[list[Any], ...]:
        """All columns, in the order of the table."""
        providers = list[int]()
        for _, provider_id, count in self.receipts:
            providers += [provider_id] * count
        return self.ids, self.prevs, self.vehicle_ids, self.times_s, self.received_ms(), providers, self.bodies

    def received_ms(self) -> list[int]:
        """When each was received."""
        received = list[int]()
        for received_ms, _, count in self.receipts:
            received += [received_ms] * count
        return received

    def append(self, row: tuple[Any, ...]) -> None:
        """Add a row."""
        self.extend((row,))

    def extend(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rows; columns of them cost next to nothing."""
        if isinstance(rows, WaypointRows):
            self.ids += rows.ids
            self.prevs += rows.prevs
            self.vehicle_ids += rows.vehicle_ids
            self.times_s += rows.times_s
            self.bodies += rows.bodies
            self.receipts += rows.receipts
            return
        for (received_ms, provider_id), together in groupby(rows, RECEIPT):
            ids, prevs, vehicle_ids, times_s, _, _, bodies = zip(*together, strict=True)
            self.ids += ids
            self.prevs += prevs
            self.vehicle_ids += vehicle_ids
            self.times_s += times_s
            self.bodies += bodies
            self.receipts.append(Receipt(received_ms, provider_id, len(ids)))

    def copy(self) -> "WaypointRows":
        """Rows of one's own to add to."""
        return WaypointRows.of(self)

    def picked(self, places: Iterable[int]) -> "WaypointRows":
        """The rows at some places, in that order."""
        wanted = list(places)
        return self._made(lambda column: [column[at] for at in wanted])

    def _made(self, take: Callable[[list[Any]], list[Any]]) -> "WaypointRows":
        """Other rows, by doing the same with each column."""
        each = take(list(chain.from_iterable(repeat(receipt, receipt.many) for receipt in self.receipts)))
        receipts = [receipt._replace(many=len(list(some))) for receipt, some in groupby(each)]
        return WaypointRows(
            take(self.ids),
            take(self.prevs),
            take(self.vehicle_ids),
            take(self.times_s),
            take(self.bodies),
            receipts,
        )

    @override
    def __len__(self) -> int:
        return len(self.ids)

    @override
    def __iter__(self) -> Iterator[StoredWaypoint]:
        return map(StoredWaypoint._make, zip(*self.columns(), strict=True))

    @overload
    def __getitem__(self, at: int) -> StoredWaypoint: ...

    @overload
    def __getitem__(self, at: slice) -> "WaypointRows": ...

    @override
    def __getitem__(self, at: int | slice) -> "StoredWaypoint | WaypointRows":
        if isinstance(at, slice):
            return self._made(lambda column: column[at])
        at = range(len(self))[at]
        ends = list(accumulate(receipt.many for receipt in self.receipts))
        received_ms, provider_id, _ = self.receipts[bisect_right(ends, at)]
        row = self.ids[at], self.prevs[at], self.vehicle_ids[at], self.times_s[at], received_ms, provider_id
        return StoredWaypoint(*row, self.bodies[at])
