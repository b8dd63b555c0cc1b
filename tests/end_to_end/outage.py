"""What the outage tests share: a small inventory around any destination, things to send, and the console."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import httpx

from actors.kernel.clock import system_now
from protocols.amqp.publisher import AmqpPublisher, PublisherOptions
from protocols.formats.filename import build_name
from protocols.formats.tt10_2021 import build
from protocols.formats.ufms import build_waypoint
from protocols.times import HOUR_S
from protocols.vocabulary import Protocol, StationKind
from server.simulator.files import StationFile
from server.simulator.uplinks import FtpUplink, Login
from storage.entries import AccountEntry, DestinationEntry, Inventory, ParameterEntry, ProviderEntry, StationEntry
from tests.end_to_end.box import HOST, Box
from tests.end_to_end.load import reading, waypoint

CODE, PROVIDER = "HY_CAMA_NUOTHA", "gps1"
USER = "xem"
FIRST_S = int(system_now()) - 5 * HOUR_S
"""When the first waypoint was observed; the same for the whole run, so that number n is always the same waypoint."""
PASSWORDS = {name: secrets.token_urlsafe(9) for name in (CODE.lower(), PROVIDER, USER)}


def inventory(*destinations: DestinationEntry) -> Inventory:
    """One station, one provider, and these destinations; a file of a past hour makes an hourly file at once."""
    files = tuple(entry.name for entry in destinations if entry.kind == "files")
    return Inventory(
        destinations=destinations,
        providers=(ProviderEntry(PROVIDER, PASSWORDS[PROVIDER], exchanges=(f"tracking.{PROVIDER}",)),),
        stations=(
            StationEntry(
                CODE,
                StationKind.WASTEWATER,
                cadence_s=HOUR_S,
                destinations=files,
                parameters=(ParameterEntry("COD", "mg/L", measuring_range=(0.0, 500.0)),),
            ),
        ),
        accounts=(
            AccountEntry(
                CODE.lower(), PASSWORDS[CODE.lower()], protocols=(Protocol.FTP, Protocol.SFTP), stations=(CODE,)
            ),
        ),
    )


@asynccontextmanager
async def running(
    folder: Path, *destinations: DestinationEntry, started: bool = True, **options: Any
) -> AsyncGenerator[Box, None]:
    """Run a box with these destinations."""
    box = Box(folder, module="tests.end_to_end.hurried", **options)
    await box.import_inventory(inventory(*destinations))
    code, out, err = await box.verb("user", "add", USER, "--role", "admin", extra={"TRAMBOX_PASSWORD": PASSWORDS[USER]})
    assert code == 0, out + err
    try:
        if started:
            await box.start()
        yield box
    finally:
        await box.close()


def station_file(hours_ago: int, padding: int = 0) -> StationFile:
    """A file with the one reading of a past hour; values differ, or they would be judged stuck after some hours."""
    time_s = int(system_now()) // HOUR_S * HOUR_S - hours_ago * HOUR_S
    body = build([reading(time_s, "COD", 40.0 + hours_ago % 7, 1)])
    return StationFile(build_name(CODE, time_s), body + b"\r\n" * padding)


def uplink(box: Box) -> FtpUplink:
    """The station's way in."""
    return FtpUplink(box.ports["ftp"], Login(CODE.lower(), PASSWORDS[CODE.lower()]), renames=False)


async def send_hours(box: Box, hours_ago: Iterable[int]) -> list[str]:
    """Send a file for each of these hours; returns their names."""
    names = []
    for hours in hours_ago:
        file = station_file(hours)
        await uplink(box).send(file)
        names.append(file.name)
    return names


def waypoints(numbers: Iterable[int], vehicles: int = 5) -> list[bytes]:
    """Sound waypoints: number n is of vehicle n % vehicles, later ones later."""
    return [
        build_waypoint(waypoint(f"89C{number % vehicles:05d}", FIRST_S + number // vehicles, number))
        for number in numbers
    ]


@asynccontextmanager
async def tracker(box: Box) -> AsyncGenerator[AmqpPublisher, None]:
    """The provider's way in, with confirms."""
    password = PASSWORDS[PROVIDER]
    publisher = AmqpPublisher(
        PublisherOptions(HOST, box.ports["amqp"], PROVIDER, password, exchange=f"tracking.{PROVIDER}", routing_key="t")
    )
    await publisher.open()
    try:
        yield publisher
    finally:
        await publisher.close()


async def publish(box: Box, bodies: list[bytes]) -> list[bytes]:
    """Publish and wait until all are stored; gives them back."""
    async with tracker(box) as publisher:
        assert not (await publisher.send(bodies)).refused
    return bodies


async def until(met: Callable[[], object], within_s: float = 20.0) -> float:
    """Wait for what another process brings about; returns how long it took."""
    started = monotonic()
    while not met():
        assert monotonic() - started < within_s, f"not within {within_s:g} s"
        await asyncio.sleep(0.02)
    return monotonic() - started


class ConsoleView:
    """Reads what the console shows; signed in anew after each start of the box."""

    def __init__(self, box: Box) -> None:
        self._box = box

    async def get(self, path: str) -> Any:
        """The JSON at a path of the API."""
        async with httpx.AsyncClient(base_url=self._box.web, timeout=10) as client:
            login = await client.post("/api/v1/login", json={"username": USER, "password": PASSWORDS[USER]})
            assert login.status_code == 200, login.text
            answer = await client.get(path)
            assert answer.status_code == 200, answer.text
            return answer.json()

    async def forward(self, name: str) -> dict[str, Any]:
        """How a destination stands."""
        rows = await self.get("/api/v1/forwards")
        return next(row for row in rows if row["name"] == name)

    async def forward_until(self, name: str, within_s: float = 20.0, **wanted: object) -> dict[str, Any]:
        """Wait until a destination stands like that."""
        started = monotonic()
        while True:
            row = await self.forward(name)
            if all(row[key] == value for key, value in wanted.items()):
                return row
            assert monotonic() - started < within_s, f"{row} within {within_s:g} s; wanted {wanted}"
            await asyncio.sleep(0.2)

    async def ready(self) -> tuple[int, list[str]]:
        """What `/readyz` says: status and reasons."""
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.get(f"{self._box.web}/readyz")
        return answer.status_code, answer.json()["reasons"]

    async def ready_until(self, status: int, within_s: float = 15.0) -> list[str]:
        """Wait for a status of `/readyz`; returns its reasons."""
        started = monotonic()
        while True:
            found, reasons = await self.ready()
            if found == status:
                return reasons
            assert monotonic() - started < within_s, f"readyz is {found} {reasons} after {within_s:g} s"
            await asyncio.sleep(0.05)


async def settled(box: Box, **destinations: int) -> None:
    """Wait until each destination has forwarded so many; then everything must add up, recounted too."""
    started = monotonic()
    while True:
        sums = await box.audit()
        if all(sums["destinations"][name]["forwarded"] == count for name, count in destinations.items()):
            break
        assert monotonic() - started < 60, sums
        await asyncio.sleep(0.3)
    assert sums["balanced"], sums
    recounted = await box.audit(recount=True)
    assert recounted["balanced"], recounted
