"""Updates that come by the thousand, written as few statements: one for each row crawls beside a busy loop.

A unit names the single statement; the engines gather all of a transaction that are the same and write them together.
The last of the same row wins, as it would one by one.
Invariant: what is gathered is written last, in the order of `BULK`, and commutes with all else of the transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from protocols.verdict import IS_ACTIVE
from storage.traffic_days import COUNTED, COUNTED_PARTS, DRIVEN, DRIVEN_PARTS
from storage.traffic_months import REMADE, REMADE_PARTS

Update = tuple[str, tuple[Any, ...]]

SIZES = (200, 40, 8, 1)
"""Rows of one statement."""
ACTIVE = IS_ACTIVE.replace("verdict", "readings.verdict")

REVISE = f"UPDATE readings SET flag = ?, verdict = ? WHERE station_id = ? AND time_s = ? AND parameter = ? AND {ACTIVE}"
"""The active record alone: one that contradicts it, or came from the future, keeps its own verdict."""
JUDGED = (
    "INSERT INTO actors (id, seq, judged, stopped_by) VALUES (?, 0, ?, '') "
    "ON CONFLICT (id) DO UPDATE SET judged = excluded.judged"
)
"""How far a source was judged."""


class Bulk(NamedTuple):
    """One statement for many rows: what stands before, for each and after them, and which parameters name a row."""

    head: str
    row: str
    tail: str
    key: slice

    def statement(self, rows: int) -> str:
        """The statement for so many rows."""
        return self.head + ", ".join([self.row] * rows) + self.tail


BULK: Mapping[str, Bulk] = {
    REVISE: Bulk(
        "WITH v (flag, verdict, station_id, time_s, parameter) AS (VALUES ",
        "(CAST(? AS SMALLINT), CAST(? AS BIGINT), CAST(? AS INT), CAST(? AS BIGINT), CAST(? AS VARCHAR(48)))",
        ") UPDATE readings SET flag = v.flag, verdict = v.verdict FROM v WHERE readings.station_id = v.station_id "
        f"AND readings.time_s = v.time_s AND readings.parameter = v.parameter AND {ACTIVE}",
        slice(2, 5),
    ),
    JUDGED: Bulk(
        "INSERT INTO actors (id, seq, judged, stopped_by) VALUES ",
        "(?, 0, ?, '')",
        " ON CONFLICT (id) DO UPDATE SET judged = excluded.judged",
        slice(0, 1),
    ),
    DRIVEN: Bulk(*DRIVEN_PARTS, slice(0, 1)),
    COUNTED: Bulk(*COUNTED_PARTS, slice(0, 1)),
    REMADE: Bulk(*REMADE_PARTS, slice(0, 1)),
}
"""In the order of writing: a month is made of the days that were written with it."""


def gathered(updates: Sequence[Update]) -> Iterator[Update]:
    """Give the same updates in fewer statements."""
    many: dict[str, dict[tuple[Any, ...], tuple[Any, ...]]] = {}
    for sql, parameters in updates:
        bulk = BULK.get(sql)
        if bulk is None:
            yield sql, parameters
        else:
            many.setdefault(sql, {})[parameters[bulk.key]] = parameters
    for sql, bulk in BULK.items() if many else ():
        if sql in many:
            yield from _statements(bulk, list(many[sql].values()))


def _statements(bulk: Bulk, rows: list[tuple[Any, ...]]) -> Iterator[Update]:
    at = 0
    for size in SIZES:
        while len(rows) - at >= size:
            yield bulk.statement(size), tuple(chain.from_iterable(rows[at : at + size]))
            at += size
