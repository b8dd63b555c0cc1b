"""Lets go what is older than its retention: archived waypoints by whole files, violations and vehicles' days by rows,
the totals of late items by days.

Invariant: an expiry is an event: the counter and the line of the audit log move in the transaction that lets go; the
file goes afterwards, and where a crash keeps it, the next sweep takes it.
"""

import asyncio
from collections.abc import Callable, Iterable

import structlog
from tortoise.expressions import Q

from protocols.times import DAY_S, day_number, day_on
from storage.archive import Archive, day_name
from storage.database import Database
from storage.ids import Ids
from storage.late_totals import DROP_LATE, late_totals_before
from storage.models import ViolationRow
from storage.reading import reading
from storage.traffic_days import DROP_DAYS, old_days
from storage.traffic_months import forgotten, vehicle_spans
from storage.writer import Unit, Writer

log = structlog.get_logger()

WAYPOINTS_EXPIRED = "waypoints.expired"
VIOLATIONS_EXPIRED = "violations.expired"
DAYS_EXPIRED = "traffic_days.expired"
LATE_EXPIRED = "late_totals.expired"
EXPIRE_PART = "UPDATE archive_parts SET expired_ms = ? WHERE id = ?"
OLD = "closed AND start_s < ? AND COALESCE(end_s, start_s) < ?"
DROP_VIOLATIONS = f"DELETE FROM violations WHERE id > ? AND id <= ? AND {OLD}"
BATCH = 5_000


class Expiry:
    """Lets go; `who` stands in the audit log.

    Args:
        forget: called with the names of running totals that are no more.
    """

    def __init__(
        self,
        database: Database,
        archive: Archive,
        writer: Writer,
        ids: Ids,
        forget: Callable[[Iterable[str]], None] = lambda names: None,
    ) -> None:
        self._database = database
        self._archive = archive
        self._writer = writer
        self._ids = ids
        self._forget = forget

    async def waypoints(self, keep_days: int, now_ms: int, who: str) -> int:
        """Let files go whose newest row was received longer ago than the days to keep; gives how many rows."""
        before_ms, gone = now_ms - keep_days * DAY_S * 1000, 0
        for part in [part for part in self._archive.parts if part.newest_ms < before_ms]:
            day = day_name(part.day_s)
            unit = Unit(updates=[(EXPIRE_PART, (now_ms, part.id))])
            unit.count(WAYPOINTS_EXPIRED, part.rows)
            detail = f"{part.rows} rows, older than {keep_days} days"
            self._note(unit, now_ms, who, f"waypoints:{day}", detail)
            await self._writer.settle(unit)
            self._archive.parts.remove(part)
            await asyncio.to_thread(self._archive.file(part).unlink, missing_ok=True)
            log.info("waypoints_expired", day=day, rows=part.rows, by=who)
            gone += part.rows
        return gone

    async def violations(self, keep_days: int, now_ms: int, who: str) -> int:
        """Let closed violations go that ended longer ago than the days to keep; gives how many."""
        before_s, gone, at = now_ms // 1000 - keep_days * DAY_S, 0, 0
        while ids := await _old_violations(before_s, at):
            unit = Unit(updates=[(DROP_VIOLATIONS, (at, ids[-1], before_s, before_s))])
            unit.count(VIOLATIONS_EXPIRED, len(ids))
            until = day_name(before_s)
            self._note(unit, now_ms, who, f"violations:{until}", f"{len(ids)} rows, older than {keep_days} days")
            await self._writer.settle(unit)
            log.info("violations_expired", before=until, rows=len(ids), by=who)
            gone, at = gone + len(ids), ids[-1]
        return gone

    async def traffic_days(self, keep_days: int, now_ms: int, who: str) -> int:
        """Let vehicles' days go that ended longer ago than the days to keep; gives how many."""
        before_s, gone = now_ms // 1000 - keep_days * DAY_S, 0
        last_day, until = day_number(before_s) - 1, day_name(before_s)
        for first, last in await vehicle_spans():
            if not (count := await old_days(self._database, first, last, last_day)):
                continue
            unit = Unit(updates=[(DROP_DAYS, (last_day, first, last)), *forgotten(last_day, first, last)])
            unit.count(DAYS_EXPIRED, count)
            self._note(unit, now_ms, who, f"traffic_days:{until}", f"{count} rows, older than {keep_days} days")
            await self._writer.settle(unit)
            log.info("traffic_days_expired", before=until, rows=count, by=who)
            gone += count
        return gone

    async def late_totals(self, keep_days: int, now_ms: int, who: str) -> int:
        """Let totals of late items go whose day ended longer ago than the days to keep; gives how many."""
        before = day_on(now_ms // 1000 - keep_days * DAY_S)
        if not (names := await late_totals_before(before)):
            return 0
        unit = Unit(updates=[(DROP_LATE, (name,)) for name in names])
        unit.count(LATE_EXPIRED, len(names))
        self._note(unit, now_ms, who, f"late_totals:{before}", f"{len(names)} totals, older than {keep_days} days")
        await self._writer.settle(unit)
        self._forget(names)
        log.info("late_totals_expired", before=str(before), totals=len(names), by=who)
        return len(names)

    def _note(self, unit: Unit, now_ms: int, who: str, target: str, detail: str) -> None:
        unit.add("audit_log", (self._ids.take("audit_log"), now_ms, who, "expire", target, detail))


@reading
async def _old_violations(before_s: int, after_id: int) -> list[int]:
    """Closed violations that ended before a moment, in the order of their numbers; without an end, those that began."""
    ended = Q(end_s__isnull=True) | Q(end_s__lt=before_s)
    rows = ViolationRow.filter(ended, id__gt=after_id, closed=True, start_s__lt=before_s)
    return [int(str(number)) for number in await rows.order_by("id").limit(BATCH).values_list("id", flat=True)]
