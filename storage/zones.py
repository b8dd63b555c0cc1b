"""Keeps zones: an import brings in what its file names, by id; what it does not name stays."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

from storage.database import Database
from storage.inventory import Change, bring, bump_version
from storage.models import ZoneRow


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


async def apply_zones(database: Database, entries: Sequence[ZoneEntry]) -> list[Change]:
    """Insert and update zones by name, in one transaction."""
    columns = [{each.name: getattr(entry, each.name) for each in dataclasses.fields(entry)} for entry in entries]
    async with database.writing():
        changes = await bring("zone", ZoneRow, "name", columns)
        if any(change.what != "unchanged" for change in changes):
            await bump_version()
    return changes


async def all_zones() -> list[ZoneRow]:
    """Every zone, by name."""
    return await ZoneRow.all().order_by("name")
