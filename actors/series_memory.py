"""The last two days of one series, packed: times, values and verdicts in blocks that are kept compressed.

The newest rows stand in open columns, older ones in blocks of `BLOCK` rows. Each block begins with the state that the
suite had before its first row, so that a late value is judged by a replay from there, and no further than until the
state is again what it was. A hundred thousand series fit: about 100 bytes an hour at five-minute data.
Invariant: rows ascend by time, one per instant; a row leaves only when it is older than the horizon.
"""

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isnan
from struct import Struct
from typing import NamedTuple, Self

BLOCK = 48
HEAD = Struct("<qqII")
"""First and last time, rows, bytes of the suite's state."""
QUICK = 1

Row = tuple[int, float | None, int]
"""(time_s, value, verdict)."""


class Columns(NamedTuple):
    """Rows side by side, and the state of the suite before the first of them."""

    base: bytes
    times: "array[int]"
    values: "array[float]"
    verdicts: "array[int]"

    def rows(self) -> list[Row]:
        """The rows one by one."""
        values = [None if isnan(value) else value for value in self.values]
        return list(zip(self.times, values, self.verdicts, strict=True))


def columns_of(base: bytes, rows: Sequence[Row] = ()) -> Columns:
    """Put rows side by side."""
    nan = float("nan")
    return Columns(
        base,
        array("q", [row[0] for row in rows]),
        array("d", [nan if row[1] is None else row[1] for row in rows]),
        array("q", [row[2] for row in rows]),
    )


def pack_block(columns: Columns) -> bytes:
    """Compress rows; times as steps, for these are mostly the same."""
    times = columns.times
    steps = array("q", [0, *(b - a for a, b in pairwise(times))])
    body = columns.base + steps.tobytes() + columns.verdicts.tobytes() + columns.values.tobytes()
    return HEAD.pack(times[0], times[-1], len(times), len(columns.base)) + zlib.compress(body, QUICK)


def unpack_block(block: bytes) -> Columns:
    """Read a block again."""
    time_s, _, count, base_size = HEAD.unpack_from(block)
    body = zlib.decompress(block[HEAD.size :])
    size = 8 * count
    times, verdicts, values = array("q"), array("q"), array("d")
    times.frombytes(body[base_size : base_size + size])
    for at, step_s in enumerate(times):
        time_s += step_s
        times[at] = time_s
    verdicts.frombytes(body[base_size + size : base_size + 2 * size])
    values.frombytes(body[base_size + 2 * size : base_size + 3 * size])
    return Columns(body[:base_size], times, values, verdicts)


class SeriesMemory:
    """Rows of one series. `blocks` are closed, `live` is open; both ascend."""

    __slots__ = ("blocks", "live")

    def __init__(self, base: bytes) -> None:
        self.blocks: list[bytes] = []
        self.live = columns_of(base)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is remembered."""
        return not self.live.times

    @property
    def newest_s(self) -> int | None:
        """Time of the newest row; the open columns are never empty once there was a row."""
        return self.live.times[-1] if self.live.times else None

    def append(self, row: Row) -> None:
        """Add a row newer than all others."""
        time_s, value, verdict = row
        live = self.live
        live.times.append(time_s)
        live.values.append(float("nan") if value is None else value)
        live.verdicts.append(verdict)

    def close_block(self, base: bytes) -> None:
        """Close the open columns; `base` is the suite's state after them."""
        self.blocks.append(pack_block(self.live))
        self.live = columns_of(base)

    def forget(self, horizon_s: float) -> None:
        """Drop the blocks before the horizon; the row before it stays, for a late value may make it a spike."""
        count = 0
        starts = [HEAD.unpack_from(block)[0] for block in self.blocks[1:]]
        starts += self.live.times[:1]
        for start_s in starts:
            if start_s >= horizon_s:
                break
            count += 1
        if count:
            del self.blocks[:count]

    def find(self, time_s: int) -> Row | None:
        """The row of an instant."""
        times = self.live.times
        if not times or time_s > times[-1]:
            return None
        columns, at = self._at(time_s)
        if columns is None:
            return None
        value = columns.values[at]
        return time_s, None if isnan(value) else value, columns.verdicts[at]

    def set_verdict(self, time_s: int, verdict: int) -> None:
        """Change what was found out about a row that is remembered."""
        columns, at = self._at(time_s)
        if columns is None:
            raise LookupError(f"no row at {time_s}")
        columns.verdicts[at] = verdict
        if columns is not self.live:
            self.blocks[self.part_of(time_s)] = pack_block(columns)

    def _at(self, time_s: int) -> tuple[Columns | None, int]:
        part = self.part_of(time_s)
        columns = self.part(part)
        at = bisect_left(columns.times, time_s)
        return (columns, at) if at < len(columns.times) and columns.times[at] == time_s else (None, 0)

    def part(self, index: int) -> Columns:
        """The n-th part, oldest first; the open columns are the last."""
        return self.live if index == len(self.blocks) else unpack_block(self.blocks[index])

    def part_of(self, time_s: int) -> int:
        """The part that a row of this instant is in, or would be in."""
        if self.live.times and time_s >= self.live.times[0]:
            return len(self.blocks)
        for index in range(len(self.blocks) - 1, 0, -1):
            if HEAD.unpack_from(self.blocks[index])[0] <= time_s:
                return index
        return 0

    def part_before(self, time_s: int) -> int:
        """The part of the row before an instant, whose spike hangs on it."""
        return self.part_of(time_s - 1)

    def first_s(self, index: int) -> int:
        """Time of a part's first row."""
        return int(HEAD.unpack_from(self.blocks[index])[0]) if index < len(self.blocks) else self.live.times[0]

    def replace(self, first: int, last: int, parts: Sequence[Columns]) -> None:
        """Put other parts in the place of `first` up to `last`; where that is the open one, so is the last of them."""
        if last == len(self.blocks):
            self.blocks[first:] = map(pack_block, parts[:-1])
            self.live = parts[-1]
        else:
            self.blocks[first : last + 1] = map(pack_block, parts)

    def __iter__(self) -> Iterator[Row]:
        """All rows, oldest first."""
        for index in range(len(self.blocks) + 1):
            yield from self.part(index).rows()

    def state(self) -> list[bytes]:
        """The parts as bytes: the base of the open columns, the blocks, the open columns as one more block."""
        live = [pack_block(self.live)] if self.live.times else []
        return [self.live.base, *self.blocks, *live]

    @classmethod
    def from_state(cls, parts: Sequence[bytes]) -> Self:
        """Go on from where a `state()` was taken."""
        memory = cls(parts[0])
        if len(parts) > 1:
            memory.blocks = list(parts[1:-1])
            memory.live = unpack_block(parts[-1])
        return memory
