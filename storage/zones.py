"""Keeps zones: an import brings in what its file names, by id; what it does not name stays."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

from storage.database import Database
from storage.imports import Importer, note_import
from storage.inventory import Change, bring, bump_version
from storage.models import CounterRow, ZoneRow

ZONES_COUNTER = "zones.version"
ZONES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ZoneEntry:
    """A zone as a file declares it; the fields are the columns."""

    name: str
    title: str
    limit_kmh: float
    geometry: dict[str, object]
    class_limits_kmh: dict[str, float] = field(default_factory=dict[str, float])
    priority: int = 0
    width_m: float = 0.0
    direction: str = "both"
    tolerance_deg: float = 45.0
    from_s: int = 0
    to_s: int | None = None
    hours: list[list[int]] = field(default_factory=list[list[int]])


async def apply_zones(
    database: Database, entries: Sequence[ZoneEntry], importer: Importer | None = None
) -> list[Change]:
    """Insert and update zones by name, with a note of who did, in one transaction."""
    columns = [{each.name: getattr(entry, each.name) for each in dataclasses.fields(entry)} for entry in entries]
    async with database.writing():
        changes = await bring("zone", ZoneRow, "name", columns)
        if any(change.what != "unchanged" for change in changes):
            await bump_version(ZONES_COUNTER)
            await bump_version()
        if importer is not None:
            await note_import(importer, [(change.table, change.what) for change in changes])
    return changes


async def zones_version() -> int:
    """Grows with every import that changed a zone."""
    row = await CounterRow.get_or_none(name=ZONES_COUNTER)
    return 0 if row is None else row.value


async def all_zones() -> list[ZoneRow]:
    """Every zone, by name; read a part at a time, since ten thousand of them are long to read at once."""
    rows: list[ZoneRow] = []
    while some := await ZoneRow.filter(name__gt=rows[-1].name if rows else "").order_by("name").limit(ZONES_AT_ONCE):
        rows += some
    return rows
