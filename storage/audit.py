"""The conservation sums: everything that arrived has one fate, everything due is somewhere.

`running` reads the counters, which change only in the transaction that stores what they count; `recount` counts the
rows themselves. The two must agree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tortoise.functions import Count

from storage.archive_sums import archive_floor, archived_rows, forwarded_of_archive
from storage.models import (
    AsideRow,
    CounterRow,
    DestinationRow,
    FileRow,
    OutFileRow,
    RefusedUnitRow,
    SpanRow,
    WaypointRow,
)
from storage.refused_units import counted_refused

FATES = ("stored", "duplicate", "refused")
STATES = ("forwarded", "waiting", "refused")


@dataclass(frozen=True, slots=True)
class Sums:
    """The conservation sums of the box."""

    files: dict[str, int]
    waypoints: dict[str, int]
    destinations: dict[str, dict[str, int]]

    @property
    def balanced(self) -> bool:
        """Whether received = stored + duplicate + refused, and due = forwarded + waiting + refused, everywhere."""
        arrived = all(sums["received"] == sum(sums[fate] for fate in FATES) for sums in (self.files, self.waypoints))
        return arrived and all(
            sums["due"] == sum(sums[state] for state in STATES) for sums in self.destinations.values()
        )

    def as_json(self) -> dict[str, object]:
        """The shape that the command line and the API show."""
        return {
            "balanced": self.balanced,
            "files": self.files,
            "waypoints": self.waypoints,
            "destinations": self.destinations,
        }


def running(counters: Mapping[str, int], destinations: Iterable[str]) -> Sums:
    """The sums from the counters' values by name; a counter that is not there yet is zero."""

    def section(prefix: str, names: tuple[str, ...]) -> dict[str, int]:
        return {name: counters.get(f"{prefix}.{name}", 0) for name in names}

    return Sums(
        files=section("files", ("received", *FATES)),
        waypoints=section("waypoints", ("received", *FATES)),
        destinations={name: section(f"destination.{name}", ("due", *STATES)) for name in destinations},
    )


async def read_running() -> Sums:
    """The sums from the counters of the database, in one reading."""
    names = [row.name for row in await DestinationRow.all().order_by("name")]
    return running({row.name: row.value for row in await CounterRow.all()}, names)


async def recount(data_dir: Path | None = None) -> Sums:
    """The sums by counting the rows; reads whole tables, and the footers of the archive's files.

    Args:
        data_dir: where the archive stands; without it a part's row in the database is believed.
    """
    waypoints = await _fates(AsideRow)
    floor = await archive_floor()
    # what stands aside as stored is another message of the schema, no waypoint
    waypoints["stored"] = await WaypointRow.filter(id__gt=floor).count() + await archived_rows(data_dir)
    sent = await forwarded_of_archive()
    files = await _fates(FileRow)
    for unit in await RefusedUnitRow.all():
        refused = counted_refused(unit.content)
        files["refused"] += refused.get("files.refused", 0)
        waypoints["refused"] += refused.get("waypoints.refused", 0)
    destinations: dict[str, dict[str, int]] = {}
    for row in await DestinationRow.all().order_by("name"):
        sums = await _files_out(row.id) if row.kind == "files" else await _spans(row.id, floor, sent[str(row.id)])
        destinations[row.name] = {"due": sum(sums.values()), **sums}
    return Sums(
        files={"received": sum(files.values()), **files},
        waypoints={"received": sum(waypoints.values()), **waypoints},
        destinations=destinations,
    )


async def _fates(model: type[FileRow] | type[AsideRow]) -> dict[str, int]:
    rows = await model.all().group_by("fate").annotate(number=Count("id")).values("fate", "number")
    counted = {str(row["fate"]): int(row["number"]) for row in rows}
    return {fate: counted.get(fate, 0) for fate in FATES}


async def _files_out(destination_id: int) -> dict[str, int]:
    return {state: await OutFileRow.filter(destination_id=destination_id, state=state).count() for state in STATES}


async def _spans(destination_id: int, floor: int, sent: int) -> dict[str, int]:
    """A destination of waypoints refuses nothing: what its peer will not take waits. `sent` stands in the archive."""
    forwarded, waiting = sent, 0
    for span in await SpanRow.filter(destination_id=destination_id):
        forwarded += await WaypointRow.filter(id__gt=max(span.after_id, floor), id__lte=span.cursor).count()
        left = WaypointRow.filter(id__gt=max(span.cursor, floor))
        waiting += await (left if span.up_to_id is None else left.filter(id__lte=span.up_to_id)).count()
    return {"forwarded": forwarded, "waiting": waiting, "refused": 0}
