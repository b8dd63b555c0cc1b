"""Keeps what the law asks for and no more in the hot table: complete days to the archive, old ones let go as events.

The night and `trambox archive` come through here. Source: TT 09/2015/TT-BGTVT (waypoints one year, violations three).
"""

import asyncio
from dataclasses import dataclass
from typing import NamedTuple

from actors.kernel.clock import Now
from protocols.times import DAY_S
from storage.archiving import Archiver
from storage.expiry import Expiry

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

    async def archive(self, until_s: int | None = None) -> int:
        """Move what was received up to a moment, or before the hot days; today's rows never. Gives how many."""
        async with self._one:
            now_s = int(self._now())
            today_s = now_s // DAY_S * DAY_S
            before_s = today_s - self._keep.hot_days * DAY_S if until_s is None else min(until_s, today_s)
            return await self._archiver.move(before_s * 1000, now_s * 1000)

    async def expire_waypoints(self, who: str = NIGHT) -> int:
        """Let old waypoints go."""
        async with self._one:
            return await self._expiry.waypoints(self._keep.waypoints_days, int(self._now() * 1000), who)

    async def expire_violations(self, who: str = NIGHT) -> int:
        """Let old violations go."""
        async with self._one:
            return await self._expiry.violations(self._keep.violations_days, int(self._now() * 1000), who)

    async def night(self) -> int:
        """Move complete days."""
        return await self.archive()

    async def run(self, until_s: int | None, expire: bool, who: str) -> Done:
        """Do what a person asked for."""
        archived = await self.archive(until_s)
        if not expire:
            return Done(archived, 0, 0)
        return Done(archived, await self.expire_waypoints(who), await self.expire_violations(who))
