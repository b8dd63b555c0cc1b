"""The waypoint intake with a real store behind it, for its tests."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from actors.messages import WaypointStored
from actors.registrar import Registrar
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.vehicle import VehicleActor
from actors.waypoint_intake import WaypointIntake
from protocols.amqp.boundary import ProviderGrant
from protocols.formats.ufms import build_waypoint
from protocols.waypoint import Waypoint
from storage.ids import Ids, load_ids
from storage.models import (
    CounterRow,
)
from storage.tracks import Track, Tracks
from storage.waypoint_rows import StoredWaypoint, WaypointRows
from storage.waypoints import WaypointJournal
from storage.writer import Writer
from tests.storage.blank import open_blank
from tests.storage.stores import engine_for

NOW_S = 1_780_000_000
LIMITS = LimitBook(load_limits())
GRANT = ProviderGrant(1, "gps1", ("tracking.gps1",), "127.0.0.1")
STRICT = ProviderGrant(2, "gps2", ("tracking.gps2",), "127.0.0.1")
AWAIT_S = 20


def body(plate: str, time_s: int) -> bytes:
    return build_waypoint(Waypoint(plate, "", 40.0, time_s, 105.8, 20.9, None, None, None, None))


class Door:
    """The intake with everything behind it, and what it told."""

    def __init__(self, writer: Writer, journal: WaypointJournal, ids: Ids) -> None:
        self.writer, self.journal = writer, journal
        self.now_s = float(NOW_S)
        self.told: list[str] = []
        self.rows: list[StoredWaypoint] = []
        self.mail: list[WaypointStored] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self.reads = 0
        self.tracks = Tracks()
        self.intake = WaypointIntake(
            lambda: self.now_s,
            self.writer,
            ids,
            self.tracks,
            Registrar(self.tracks, self._born),
            lambda provider_id: provider_id == GRANT.provider_id,
            self._instants,
            self._hand_on,
            lambda: ("csgt",),
            lambda: None,
        )

    @staticmethod
    def _born(track: Track) -> VehicleActor:
        return VehicleActor(track.vehicle_id, track.plate, None, LIMITS)

    async def _instants(self, head: int, day: int, vehicle_id: int, *, early: bool) -> list[int]:
        self.reads += 1
        await self.reading.wait()
        return await self.journal.instants(head, day, vehicle_id, early=early)

    def _hand_on(self, rows: WaypointRows, waypoints: list[Waypoint]) -> None:
        self.rows += rows
        self.mail += map(WaypointStored, rows.ids, rows.received_ms(), waypoints)

    def offer(self, name: str, *bodies: bytes, grant: ProviderGrant = GRANT) -> None:
        self.intake.offer(grant, list(bodies), lambda: self.told.append(name))

    async def send(self, *bodies: bytes, grant: ProviderGrant = GRANT) -> None:
        """Offer and wait for the receipt."""
        receipt = asyncio.Event()
        self.intake.offer(grant, list(bodies), receipt.set)
        await asyncio.wait_for(receipt.wait(), AWAIT_S)

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(AWAIT_S):
            while not is_so():
                await asyncio.sleep(0.002)

    @staticmethod
    async def sums() -> dict[str, int]:
        counters = dict(await CounterRow.filter(name__startswith="waypoints.").values_list("name", "value"))
        return {str(name).removeprefix("waypoints."): value for name, value in counters.items()}


@asynccontextmanager
async def door(folder: Path) -> AsyncGenerator[Door]:
    database = await open_blank(folder)
    writer = Writer(engine_for(f"sqlite://{folder}/trambox.db"), database.pen)
    await writer.open()
    try:
        yield Door(writer, WaypointJournal(database), await load_ids(database))
    finally:
        await writer.close()
        await database.close()
