"""Real intakes on loopback for the simulated world: FTP and SFTP into an area in memory, AMQP into a list."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from actors.kernel.clock import system_now
from protocols.amqp.boundary import AmqpOptions, ProviderGrant
from protocols.amqp.listener import AmqpListener
from protocols.formats.ufms import parse_waypoint
from protocols.ftp.listener import FtpListener, FtpOptions
from protocols.sftp.listener import SftpListener, SftpOptions
from protocols.waypoint import Waypoint
from server.simulator.world import Intakes
from storage.entries import Inventory
from tests.protocols.memory_area import MemoryArea, MemoryAuthenticator

DEADLINE_S = 15.0


@dataclass
class ProviderAccounts:
    """Providers of an inventory by name."""

    inventory: Inventory

    async def provider(self, username: str, password: str, address: str) -> ProviderGrant | None:
        for number, entry in enumerate(self.inventory.providers):
            if (entry.username, entry.password) == (username, password):
                return ProviderGrant(number, username, entry.exchanges, address)
        return None

    def address_allowed(self, address: str) -> bool:
        return True


@dataclass
class WaypointList:
    """Keeps what is published."""

    waypoints: list[Waypoint] = field(default_factory=list[Waypoint])

    def offer(self, grant: ProviderGrant, bodies: list[bytes], stored: Callable[[], None]) -> None:
        self.waypoints += map(parse_waypoint, bodies)
        stored()


@dataclass
class Box:
    """The intakes' ports and what came in."""

    intakes: Intakes
    area: MemoryArea
    published: WaypointList


@asynccontextmanager
async def box(inventory: Inventory, folder: Path) -> AsyncGenerator[Box, None]:
    """Let intakes listen that know the accounts of an inventory."""
    accounts = MemoryAuthenticator(
        {account.username: account.password for account in inventory.accounts},
        {account.username: account.stations for account in inventory.accounts},
    )
    area, published = MemoryArea(), WaypointList()
    ftp = FtpListener(FtpOptions(port=0, passive_ports=(0, 0)), accounts, area)
    sftp = SftpListener(SftpOptions("127.0.0.1", 0, folder / "host_key"), accounts, area)
    amqp = AmqpListener(AmqpOptions(host="127.0.0.1", port=0), ProviderAccounts(inventory), published, system_now)
    intakes = Intakes(await ftp.start(), await sftp.start(), await amqp.start())
    try:
        yield Box(intakes, area, published)
    finally:
        await amqp.close(1.0)
        await sftp.close(1.0)
        await ftp.close(1.0)


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None, None]:
    """Run endless work beside the test; a failure of it fails the test."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work)
        yield
        task.cancel()


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what other connections bring about."""
    async with asyncio.timeout(DEADLINE_S):
        while not holds():  # the other side of a socket sets no event
            await asyncio.sleep(0.01)
