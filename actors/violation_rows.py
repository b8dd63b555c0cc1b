"""Rows of violations: one for each case found, and what a new judgement changes in those that stand.

Invariant: a row that stays true is not written again; its number is kept while its case is.
"""

from collections.abc import Callable, Iterable
from typing import Any

import orjson

from actors.messages import ViolationFound
from protocols.vocabulary import ViolationKind
from storage.ids import Ids
from storage.models import ViolationRow
from storage.writer import Unit

REVISE = "UPDATE violations SET vehicle_id = ?, end_s = ?, closed = ?, detail = ? WHERE id = ?"
WITHDRAW = "DELETE FROM violations WHERE id = ?"


def violation_row(row_id: int, found: ViolationFound) -> tuple[Any, ...]:
    """A row of violations."""
    vehicle_id, kind, start_s, end_s, closed, detail, driver = found
    return (row_id, vehicle_id, str(kind), start_s, end_s, closed, orjson.dumps(detail).decode(), driver)


def found_of(row: ViolationRow) -> ViolationFound:
    """A stored case."""
    kind = ViolationKind(row.kind)
    return ViolationFound(row.vehicle_id, kind, row.start_s, row.end_s, row.closed, row.detail, row.driver)


class ViolationRows:
    """Brings stored rows to what was found."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.revised = 0
        self.changed: Callable[[Unit, int, int], None] = lambda unit, vehicle_id, start_s: None
        """Told of every violation that is new, revised or withdrawn here: the unit, its vehicle, its beginning."""

    def revise(self, unit: Unit, stored: Iterable[ViolationRow], found: Iterable[ViolationFound]) -> None:
        """Make the stored rows what was found: new, changed and withdrawn ones."""
        kept = {(row.kind, row.start_s, row.driver): row for row in stored}
        for case in found:
            row = kept.pop((str(case.kind), case.start_s, case.driver), None)
            if row is None:
                unit.add("violations", violation_row(self._ids.take("violations"), case))
                self.changed(unit, case.vehicle_id, case.start_s)
                continue
            detail = orjson.dumps(case.detail)
            now = (case.vehicle_id, case.end_s, case.closed, orjson.loads(detail))
            if now != (row.vehicle_id, row.end_s, row.closed, row.detail):
                unit.updates.append((REVISE, (case.vehicle_id, case.end_s, case.closed, detail.decode(), row.id)))
                self.revised += 1
                self.changed(unit, row.vehicle_id, row.start_s)
                self.changed(unit, case.vehicle_id, case.start_s)
        for row in kept.values():
            unit.updates.append((WITHDRAW, (row.id,)))
            self.revised += 1
            self.changed(unit, row.vehicle_id, row.start_s)
