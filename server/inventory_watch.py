"""Notices an import while the server runs, and brings accounts, stations, vehicles and destinations up to date."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import structlog

from actors.kernel.actor import ChildSpec
from actors.kernel.loops import Bridge
from actors.kernel.supervisor import Supervisor
from actors.world import World
from server.alarm import StoreAlarm
from server.forwarders import Forwarders
from server.inventory_stamp import mark_of
from storage.errors import UNREACHABLE
from storage.files import FileJournal
from storage.inventory import VERSION_COUNTER
from storage.writer import StoreError

log = structlog.get_logger()


class InventoryWatch:
    """Compares the stored version with the one in use.

    Args:
        data_dir: where an import leaves its mark.
        start: starts the services of new destinations; runs in trio.
    """

    def __init__(
        self,
        bridge: Bridge,
        files: FileJournal,
        alarm: StoreAlarm,
        data_dir: Path,
        start: Callable[[list[ChildSpec]], Awaitable[None]],
    ) -> None:
        self._data_dir = data_dir
        self._mark = mark_of(data_dir)
        self._alarm = alarm
        self._bridge = bridge
        self._files = files
        self._start = start
        self.version = 0
        """Of the inventory that everything was made from."""
        self._turn = asyncio.Lock()
        self.changed: Callable[[], Awaitable[None]] | None = None
        """Called when an import was taken over, before the actors it concerns are made anew."""
        self.stop: Callable[[list[str]], Awaitable[None]] = _nothing_to_stop
        """Stops the services of destinations that were disabled; runs in trio."""
        self.more: list[Callable[[], Awaitable[list[ChildSpec]]]] = []
        """What else makes services of an inventory's rows."""
        self.tell: Callable[[], Awaitable[object]] = _nothing_to_tell
        """Writes what was imported into the audit log."""
        self.reload_accounts: Callable[[], Awaitable[None]] | None = None

    def join(self, version: int, world: World, supervisor: Supervisor, forwarders: Forwarders) -> None:
        """Name the parts that are made later, and the version they were made from."""
        self.version = version
        self._world = world
        self._supervisor = supervisor
        self._forwarders = forwarders

    async def look(self) -> None:
        """Look into the store; that it does not answer is trouble to show, no reason to go."""
        try:
            await self.refresh()
            await self.tell()
        except (StoreError, *UNREACHABLE) as error:
            self._alarm.unreadable = str(error) or type(error).__name__
        else:
            self._alarm.unreadable = ""

    async def meet(self) -> None:
        """Take over an import that has answered: whoever comes after the answer meets the new inventory."""
        if mark_of(self._data_dir) != self._mark:
            await self.look()

    async def refresh(self) -> bool:
        """Bring everything up to date where an import changed the inventory; returns whether it did."""
        async with self._turn:
            mark = mark_of(self._data_dir)
            version = await self._files.counter(VERSION_COUNTER)
            if version == self.version:
                self._mark = mark
                return False
            if self.reload_accounts is not None:
                await self.reload_accounts()
            rebuilt = await self._world.refresh()
            if self.changed is not None:
                await self.changed()
            await self._bridge.guest(partial(self.stop, self._forwarders.let_go()))
            specs = await self._forwarders.make_missing()
            for make_missing in self.more:
                specs += await make_missing()
            await self._bridge.guest(partial(self._start, specs))
            for actor in rebuilt:
                await self._bridge.guest(partial(self._supervisor.restart, actor, "inventory"))
            self.version, self._mark = version, mark
            log.info("inventory_refreshed", version=version, rebuilt=len(rebuilt), destinations=len(specs))
            return True


async def _nothing_to_tell() -> None:
    """What a watch does that nobody gave a log to."""


async def _nothing_to_stop(services: list[str]) -> None:
    """What a watch does that nobody gave services to."""
