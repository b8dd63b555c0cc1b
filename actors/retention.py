"""Keeps what the law asks for and no more in the hot table: complete days to the archive, old ones let go as events.

The night and `trambox archive` come through here. Source: TT 09/2015/TT-BGTVT (waypoints one year, violations three).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import structlog

from actors.kernel.clock import Now
from protocols.times import DAY_S, iso_ms
from storage.archive import Archive, day_name
from storage.archiving import MOVED, Archiver, Held
from storage.expiry import VIOLATIONS_EXPIRED, WAYPOINTS_EXPIRED, Expiry
from storage.writer import StoreError

log = structlog.get_logger()

NIGHT = "clock:nightly"


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days."""

    hot_days: int
    waypoints_days: int
    violations_days: int


class Done(NamedTuple):
    """What a pass did."""

    archived: int
    expired_waypoints: int
    expired_violations: int


class Retention:
    """One pass at a time."""

    def __init__(self, now: Now, keep: Keep, archiver: Archiver, expiry: Expiry) -> None:
        self._now = now
        self._keep = keep
        self._archiver = archiver
        self._expiry = expiry
        self._one = asyncio.Lock()
        self._asked: asyncio.Task[None] | None = None
        self.last: dict[str, Any] = {}

    @property
    def held(self) -> list[Held]:
        """What old rows wait for since the last pass."""
        return self._archiver.held

    @property
    def failure(self) -> str:
        """Why the last pass ended early; empty where it did not."""
        return self._archiver.failure

    async def archive(self, until_s: int | None = None) -> int:
        """Move what was received up to a moment, or before the hot days; today's rows never. Gives how many."""
        async with self._one:
            now_s = int(self._now())
            today_s = now_s // DAY_S * DAY_S
            before_s = today_s - self._keep.hot_days * DAY_S if until_s is None else min(until_s, today_s)
            return await self._archiver.move(before_s * 1000, now_s * 1000)

    async def expire_waypoints(self, who: str = NIGHT) -> int:
        """Let old waypoints go, and the totals of those that were passed on too late."""
        async with self._one:
            now_ms = int(self._now() * 1000)
            gone = await self._expiry.waypoints(self._keep.waypoints_days, now_ms, who)
            await self._expiry.late_totals(self._keep.waypoints_days, now_ms, who)
            return gone

    async def expire_violations(self, who: str = NIGHT) -> int:
        """Let old violations go, and the days of vehicles that count them."""
        async with self._one:
            now_ms = int(self._now() * 1000)
            gone = await self._expiry.violations(self._keep.violations_days, now_ms, who)
            await self._expiry.traffic_days(self._keep.violations_days, now_ms, who)
            return gone

    async def night(self) -> int:
        """Move complete days."""
        return await self.archive()

    async def run(self, until_s: int | None, expire: bool, who: str) -> Done:
        """Do what a person asked for."""
        archived = await self.archive(until_s)
        if not expire:
            return Done(archived, 0, 0)
        return Done(archived, await self.expire_waypoints(who), await self.expire_violations(who))

    def begin(self, until_s: int | None, expire: bool, who: str) -> bool:
        """Let a pass run by itself; whether none was running."""
        if self._asked is not None or self._one.locked():
            return False
        self._asked = asyncio.get_running_loop().create_task(self._ask(until_s, expire, who))
        return True

    async def _ask(self, until_s: int | None, expire: bool, who: str) -> None:
        try:
            self.last = (await self.run(until_s, expire, who))._asdict()
        except StoreError as error:
            log.error("archive_failed", reason=str(error), rows=0)
            self.last = {"error": str(error)}
        finally:
            self._asked = None

    def view(self, archive: Archive, counted: Callable[[str], int]) -> dict[str, Any]:
        """How the archive stands."""
        parts = archive.parts
        return {
            "running": self._asked is not None or self._one.locked(),
            "last": self.last,
            "files": len(parts),
            "rows": sum(part.rows for part in parts),
            "damaged": [
                {"day": day_name(part.day_s), "rows": part.rows, "file": archive.file(part).name, "reason": reason}
                for part, reason in archive.damaged.items()
                if part in parts
            ],
            "held": [
                {"destination": held.by or None, "enabled": held.is_enabled, "since": iso_ms(held.since_ms)}
                for held in self.held
            ],
            "failure": self.failure or None,
            "first_day": min((day_name(part.day_s) for part in parts), default=None),
            "last_day": max((day_name(part.day_s) for part in parts), default=None),
            "archived": counted(MOVED),
            "expired_waypoints": counted(WAYPOINTS_EXPIRED),
            "expired_violations": counted(VIOLATIONS_EXPIRED),
            "hot_days": self._keep.hot_days,
            "waypoints_days": self._keep.waypoints_days,
            "violations_days": self._keep.violations_days,
        }
