"""What of the archive somebody must look at: damaged files, rows that cannot move, a pass that failed."""

from actors.board import Concern
from actors.retention import Retention
from protocols.times import iso_ms
from storage.archive import Archive, day_name


def archive_concerns(archive: Archive, retention: Retention) -> list[Concern]:
    """Ask the archive and its last pass."""
    concerns = [
        Concern("archive_damaged", archive.file(part).name, {"day": day_name(part.day_s), "rows": part.rows})
        for part in sorted(archive.damaged)
        if part in archive.parts
    ]
    for held in retention.held:
        kind = "archive_held" if held.is_enabled else "archive_held_disabled"
        concerns.append(Concern(kind, held.by or "snapshots", {"since": iso_ms(held.since_ms)[:10]}))
    if retention.failure:
        concerns.append(Concern("archive_failed", retention.failure[:200], {}))
    return concerns
