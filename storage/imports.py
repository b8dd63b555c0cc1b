"""Imports in the audit log: who, when, which file, how many rows.

The command line and a running server are two processes, and the numbers of the log belong to one of them. So an import
leaves a note in its own transaction, and the server moves notes into the log: each once, in one transaction.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from storage.ids import Ids
from storage.models import ImportRow
from storage.reading import reading
from storage.writer import Unit, Writer

TOLD = "UPDATE imports SET told = ? WHERE id = ?"
WHATS = ("added", "changed", "removed", "unchanged")


@dataclass(frozen=True, slots=True)
class Importer:
    """Who imports which file, and when."""

    who: str
    file: str
    at_ms: int


async def note_import(importer: Importer, changes: Sequence[tuple[str, str]]) -> None:
    """Leave a note of an import: (table, what became of a row) for each; called inside `writing()`."""
    counts = Counter(changes)
    tables = sorted({table for table, _ in changes})
    told = [
        f"{table}: " + ", ".join(f"{counts[table, what]} {what}" for what in WHATS if counts[table, what])
        for table in tables
    ]
    await ImportRow.create(
        at_ms=importer.at_ms, who=importer.who[:64], file=importer.file[:255], what="; ".join(told)[:300]
    )


async def tell_imports(writer: Writer, ids: Ids) -> int:
    """Move the notes of imports that nobody told yet into the audit log; gives how many."""
    rows = await _untold()
    for row in rows:
        unit = Unit(updates=[(TOLD, (True, row.id))])
        unit.add("audit_log", (ids.take("audit_log"), row.at_ms, row.who, "import", row.file, row.what))
        await writer.settle(unit)
    return len(rows)


@reading
async def _untold() -> list[ImportRow]:
    return await ImportRow.filter(told=False).order_by("id")
