"""What the store will never take: a unit with a row that breaks a constraint or does not fit its column.

That is a bug, so it is kept whole, as Python literals, for whoever mends it (`ast.literal_eval` reads it back), and the
box goes on. Whatever arrived in it has got its fate: refused.

Invariant: the conservation sums balance with the refused counters as they would have with the unit's own.
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

TABLE = "refused_units"
LONGEST_REASON = 300
COUNTERS = "'counters': "
"""What stands before the counters, the last part of a content; rows that no store takes may be no literals at all."""

Row = tuple[Any, ...]


def refused_row(
    reason: str, rows: Mapping[str, Iterable[Row]], updates: Sequence[tuple[str, Row]], counters: Mapping[str, int]
) -> Row:
    """Write a unit down as one row that fits anywhere: a random id, plain ASCII, bytes."""
    plain = {table: [tuple(row) for row in many] for table, many in rows.items()}
    content = ascii({"rows": plain, "updates": list(updates), "counters": dict(counters)})
    words = reason.encode("ascii", "backslashreplace").decode().replace("\0", "")
    return (uuid4().hex, words[:LONGEST_REASON], content.encode())


def refused_counters(counters: Mapping[str, int]) -> dict[str, int]:
    """Count all arrivals of a unit as refused; nothing of it is due anywhere."""
    arrived = {name: by for name, by in counters.items() if name.endswith(".received") and by}
    return arrived | {name.removesuffix("received") + "refused": by for name, by in arrived.items()}


def counted_refused(content: bytes) -> dict[str, int]:
    """Give the counters that were moved when this content was refused."""
    counters = content.decode("ascii").rpartition(COUNTERS)[2].removesuffix("}")
    return refused_counters(ast.literal_eval(counters))
