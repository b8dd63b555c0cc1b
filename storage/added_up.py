"""Counts of one transaction that go into the same row, added up before they are written: each row is dear.

Each read of a socket tells its counts; a transaction of a stream has dozens for the same provider, day and kind.

Invariant: what is written is what the rows would have made of each other one by one (`storage/tables.py`).
"""

from typing import Any

from storage.writer import Rows

COUNTED = "provider_days"
KEY, COUNT, LAST_MS = 0, 4, 5


def added_up(table: str, rows: Rows) -> Rows:
    """Give the rows of a table, those of counts with one row a key: the first example stays."""
    if table != COUNTED or len(rows) < 2:
        return rows
    found: dict[str, tuple[Any, ...]] = {}
    for row in rows:
        first = found.get(row[KEY])
        if first is not None:
            count, last_ms = first[COUNT] + row[COUNT], max(first[LAST_MS], row[LAST_MS])
            row = (*first[:COUNT], count, last_ms, *first[LAST_MS + 1 :])  # noqa: PLW2901
        found[row[KEY]] = row
    return list(found.values())
