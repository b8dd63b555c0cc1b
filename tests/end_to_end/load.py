"""Clients that load the box and remember exactly what it acknowledged.

What was not acknowledged before the box died is sent again after it came back, as real loggers and trackers do; so a
thing that was stored without its acknowledgement getting through must be recognised.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ftplib import FTP, all_errors
from io import BytesIO
from itertools import count
from math import sin

from protocols.amqp.publisher import AmqpPublisher, PublisherOptions, SendInterrupted
from protocols.errors import DeliveryError
from protocols.formats.filename import build_name
from protocols.formats.tt10_2021 import build
from protocols.formats.ufms import build_waypoint
from protocols.records import ParsedReading
from protocols.vocabulary import DeviceStatus
from protocols.waypoint import Waypoint
from server.simulator.files import StationFile
from server.simulator.uplinks import FtpUplink, Login, SftpUplink, Unreachable
from tests.end_to_end.box import HOST

FILE_PAUSE_S = 0.02
BATCH_PAUSE_S = 0.03
BATCH = 40
VEHICLES = 20
HALF_HOUR_S = 1800
SKIPPED_HOUR = 7
"""A logger leaves out each seventh hour: a gap to be found once."""


@dataclass
class Logger:
    """A station's logger: half an hour of the past in each file, in order, one login per file.

    The second half touches an hour again whose mean may be under way.
    """

    code: str
    password: str
    uplink: type[FtpUplink] | type[SftpUplink]
    renames: bool
    first_s: int
    waiting: StationFile | None = None
    acknowledged: dict[str, bytes] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    async def run(self, port: Callable[[], int]) -> None:
        """Send until the box is gone."""
        while True:
            self.waiting = self.waiting or self._next()
            if not await self.send(port()):
                return
            await asyncio.sleep(FILE_PAUSE_S)

    async def send(self, port: int) -> bool:
        """Send what waits; whether it was acknowledged."""
        if self.waiting is None:
            return True
        if self.uplink is FtpUplink and not self.renames:
            return await asyncio.to_thread(self._store, port, self.waiting)
        try:
            await self.uplink(port, Login(self.code.lower(), self.password), self.renames).send(self.waiting)
        except Unreachable:
            return False
        self.acknowledged[self.waiting.name] = self.waiting.body
        self.waiting = None
        return True

    def _store(self, port: int, file: StationFile) -> bool:
        """Upload with ftplib; the reply 226 is noted the moment it comes, before the farewell."""
        try:
            with FTP(timeout=10) as client:
                client.connect(HOST, port)
                client.login(self.code.lower(), self.password)
                client.storbinary(f"STOR {file.name}", BytesIO(file.body))
                self.acknowledged[file.name] = file.body
                self.waiting = None
        except all_errors:
            return self.waiting is None
        return True

    def _next(self) -> StationFile:
        number = next(self._numbers)
        if number // 2 % SKIPPED_HOUR == SKIPPED_HOUR - 1:
            next(self._numbers)
            number = next(self._numbers)
        start_s = self.first_s + number * HALF_HOUR_S
        times_s = range(start_s + 900, start_s + HALF_HOUR_S + 1, 900)
        readings = [
            reading(time_s, symbol, middle + 9 * sin(time_s / 5000), 2 * (symbol == "TSS") + at)
            for symbol, middle in (("COD", 40.0), ("TSS", 25.0))
            for at, time_s in enumerate(times_s, 1)
        ]
        return StationFile(build_name(self.code, start_s + HALF_HOUR_S), build(readings))


@dataclass
class Pulse:
    """The logger of a station that is never silent: one reading of now in each file."""

    code: str
    password: str
    now: Callable[[], float]
    acknowledged: dict[str, bytes] = field(default_factory=dict)
    _newest_s: int = 0

    async def run(self, port: Callable[[], int]) -> None:
        """Send each second's value until the box is gone."""
        while True:
            time_s = int(self.now())
            if time_s > self._newest_s:
                self._newest_s = time_s
                body = build([reading(time_s, "COD", 40 + time_s % 7, 1)])
                file = StationFile(build_name(self.code, time_s), body)
                try:
                    await FtpUplink(port(), Login(self.code.lower(), self.password), False).send(file)
                except Unreachable:
                    return
                self.acknowledged[file.name] = file.body
            await asyncio.sleep(FILE_PAUSE_S)


@dataclass
class Provider:
    """A provider's gateway: batches of many vehicles with publisher confirms; new vehicles appear in every life."""

    name: str
    password: str
    first_s: int
    waiting: list[bytes] = field(default_factory=list)
    acknowledged: set[bytes] = field(default_factory=set)
    lives: int = 0
    _numbers: Iterator[int] = field(default_factory=count)

    async def run(self, port: Callable[[], int]) -> None:
        """Publish until the box is gone."""
        self.lives += 1
        publisher = AmqpPublisher(
            PublisherOptions(HOST, port(), self.name, self.password, exchange=f"tracking.{self.name}", routing_key="t")
        )
        try:
            await publisher.open()
            while True:
                self.waiting = self.waiting or self._next()
                await self._publish(publisher)
                await asyncio.sleep(BATCH_PAUSE_S)
        except DeliveryError:
            return
        finally:
            await publisher.close()

    async def finish(self, port: int) -> None:
        """Publish what waits, once."""
        publisher = AmqpPublisher(
            PublisherOptions(HOST, port, self.name, self.password, exchange=f"tracking.{self.name}", routing_key="t")
        )
        await publisher.open()
        try:
            await self._publish(publisher)
        finally:
            await publisher.close()

    async def _publish(self, publisher: AmqpPublisher) -> None:
        try:
            result = await publisher.send(self.waiting)
        except SendInterrupted as interrupted:
            self.acknowledged.update(self.waiting[index] for index in interrupted.confirmed)
            self.waiting = [body for index, body in enumerate(self.waiting) if index not in interrupted.confirmed]
            raise
        assert not result.refused
        self.acknowledged.update(self.waiting)
        self.waiting = []

    def _next(self) -> list[bytes]:
        fresh = f"{self.name[-1]}9C{self.lives:05d}"
        plates = [f"{self.name[-1]}9B{number:05d}" for number in range(VEHICLES)] + [fresh]
        bodies = []
        for _ in range(BATCH):
            number = next(self._numbers)
            bodies.append(build_waypoint(waypoint(plates[number % len(plates)], self.first_s + number // 4, number)))
        return bodies


def reading(time_s: int, symbol: str, value: float, line: int) -> ParsedReading:
    """A sound reading."""
    raw = f"{value:.2f}"
    return ParsedReading(time_s, symbol, float(raw), raw, "mg/L", DeviceStatus.MEASURING, line)


def waypoint(plate: str, time_s: int, number: int) -> Waypoint:
    """A sound waypoint."""
    return Waypoint(
        vehicle=plate,
        driver="330000000001",
        speed_kmh=50.0,
        time_s=time_s,
        x_lon=106.0 + number % 1000 / 10_000,
        y_lat=20.5,
        heading_deg=90.0,
        ignition=True,
        door=False,
        aircon=False,
    )
