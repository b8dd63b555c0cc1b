"""Clients that go on sending through a trouble of the store, and remember what was acknowledged and what was not.

A file that was not taken is sent again until it is; the tracker publishes with confirms and hears `connection.blocked`.
"""

import asyncio
import ftplib
import io
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from protocols.amqp.publisher import AmqpPublisher, PublisherOptions
from protocols.errors import DeliveryError
from server.simulator.files import StationFile
from server.simulator.uplinks import SftpUplink, Unreachable
from tests.end_to_end.box import HOST, Box
from tests.end_to_end.outage import CODE, PASSWORDS, PROVIDER, station_file, uplink, waypoints

BATCH = 50
PAUSE_S = 0.05


@dataclass
class SteadyLoad:
    """Over FTP, SFTP and AMQP at once."""

    box: Box
    files: list[str] = field(default_factory=list)
    bodies: set[bytes] = field(default_factory=set)
    refused: dict[str, list[str]] = field(default_factory=lambda: {"ftp": [], "sftp": []})
    heard: list[str] = field(default_factory=list)
    stopping: bool = False
    ways: list[asyncio.Task[None]] = field(default_factory=list)

    async def stop(self) -> None:
        """Send nothing more, and wait for what is under way."""
        self.stopping = True
        await asyncio.wait(self.ways)

    async def ftp(self) -> None:
        """A logger with one login per file; the hours are even."""
        await self._files("ftp", range(2, 20_000, 2), lambda file: asyncio.to_thread(self._stor, file))

    async def sftp(self) -> None:
        """Another one over SFTP; the hours are odd."""
        way = uplink(self.box)
        sftp = SftpUplink(self.box.ports["sftp"], way.login, renames=True)
        await self._files("sftp", range(3, 20_000, 2), sftp.send)

    async def amqp(self) -> None:
        """A tracker that comes back when the line breaks."""
        numbers = count(0, BATCH)
        waiting: list[bytes] = []
        while not self.stopping:
            publisher = AmqpPublisher(self._options(), self.heard.append)
            with suppress(DeliveryError):
                await publisher.open()
                while not self.stopping:
                    waiting = waiting or waypoints(range(number := next(numbers), number + BATCH))
                    assert not (await publisher.send(waiting)).refused
                    self.bodies.update(waiting)
                    waiting = []
                    await asyncio.sleep(PAUSE_S)
            await publisher.close()

    def _options(self) -> PublisherOptions:
        exchange = f"tracking.{PROVIDER}"
        return PublisherOptions(
            HOST, self.box.ports["amqp"], PROVIDER, PASSWORDS[PROVIDER], exchange=exchange, routing_key="t"
        )

    async def _files(self, way: str, hours: range, send: Callable[[StationFile], Coroutine[Any, Any, None]]) -> None:
        for hours_ago in hours:
            file = station_file(hours_ago)
            while not self.stopping:
                try:
                    await send(file)
                except (Unreachable, ftplib.error_temp, OSError) as error:
                    self.refused[way].append(str(error))
                    await asyncio.sleep(4 * PAUSE_S)
                else:
                    self.files.append(file.name)
                    break
            if self.stopping:
                return
            await asyncio.sleep(PAUSE_S)

    def _stor(self, file: StationFile) -> None:
        with ftplib.FTP(timeout=20) as client:
            client.connect(HOST, self.box.ports["ftp"])
            client.login(CODE.lower(), PASSWORDS[CODE.lower()])
            client.storbinary(f"STOR {file.name}", io.BytesIO(file.body))


@asynccontextmanager
async def steady_load(box: Box) -> AsyncGenerator[SteadyLoad, None]:
    """Run it; at the end all that is under way comes to its end."""
    load = SteadyLoad(box)
    async with asyncio.TaskGroup() as group:
        for way in (load.ftp, load.sftp, load.amqp):
            load.ways.append(group.create_task(way()))
        try:
            yield load
        finally:
            load.stopping = True
