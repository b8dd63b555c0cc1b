"""The house over two lives: what was told in the first is known in the second, on both engines."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from conf.inventory import read_inventory
from protocols.amqp.publisher import AmqpPublisher, PublisherOptions
from protocols.formats.ufms import build_waypoint
from protocols.waypoint import Waypoint
from storage.audit import read_running, recount
from storage.inventory import apply
from storage.models import VehicleRow, VehicleStateRow, WaypointRow
from tests.server.living_box import living_box, settings_for
from tests.storage.stores import opened

T0 = 1_780_000_000
INVENTORY = """
[[providers]]
username = "gps1"
password = "word"
exchanges = ["tracking.gps1"]
[[vehicles]]
plate = "29A-123.45"
provider = "gps1"
"""
DESTINATION = """
[[destinations]]
name = "csgt"
kind = "waypoints"
url = "amqp://u:p@127.0.0.1:1/x"
exchange = "tracking.csgt"
enabled = {enabled}
"""


@dataclass
class Tracker:
    """A provider's client."""

    port: int

    async def send(self, plate: str, *times_s: int) -> None:
        """Publish with confirms."""
        options = PublisherOptions(
            "127.0.0.1", self.port, "gps1", "word", exchange="tracking.gps1", routing_key="a", mandatory=False
        )
        publisher = AmqpPublisher(options)
        await publisher.open()
        bodies = [
            build_waypoint(Waypoint(plate, "", 40.0, time_s, 105.8, 20.9, None, None, None, None)) for time_s in times_s
        ]
        result = await publisher.send(bodies)
        assert result.refused == {}
        await publisher.close()


async def bring(url: str, folder: Path, more: str = "") -> None:
    """Import the inventory before a start."""
    file = folder / "inventory.toml"
    file.write_text(INVENTORY + more)
    async with opened(url) as (database, _):
        inventory, faults = read_inventory(file)
        assert faults == []
        await apply(database, inventory)


@pytest.mark.asyncio
async def test_doubles_are_recognised_over_restarts_and_tracks_go_on(store_url: str, tmp_path: Path) -> None:
    await bring(store_url, tmp_path)
    settings = settings_for(tmp_path, store_url)
    async with living_box(settings) as ports:
        await Tracker(ports["amqp"]).send("29A-123.45", T0, T0 + 10, T0 + 5000)
        await Tracker(ports["amqp"]).send("29X99999", T0)
    for _ in range(2):
        async with living_box(settings) as ports:
            await Tracker(ports["amqp"]).send("29A12345", T0, T0 + 10, T0 + 5000)
            await Tracker(ports["amqp"]).send("29X-999.99", T0)
    async with living_box(settings) as ports:
        await Tracker(ports["amqp"]).send("29A12345", T0 + 20, T0 + 5010)
    async with opened(store_url):
        sums = await read_running()
        assert sums == await recount()
        assert sums.balanced
        assert sums.waypoints == {"received": 14, "stored": 6, "duplicate": 8, "refused": 0}
        vehicle = await VehicleRow.get(plate="29A12345")
        rows = await WaypointRow.filter(vehicle_id=vehicle.id).order_by("id")
        assert [row.time_s - T0 for row in rows] == [0, 10, 5000, 20, 5010]
        assert [row.prev for row in rows] == [0, *(row.id for row in rows[:-1])]
        assert (await VehicleRow.get(plate="29X99999")).registered is False


@pytest.mark.asyncio
async def test_a_gentle_stop_leaves_nothing_to_read_again(store_url: str, tmp_path: Path) -> None:
    await bring(store_url, tmp_path)
    async with living_box(settings_for(tmp_path, store_url)) as ports:
        await Tracker(ports["amqp"]).send("29A12345", *range(T0, T0 + 50))
    async with opened(store_url):
        (state,) = await VehicleStateRow.all()
        newest = (await WaypointRow.all().order_by("-id").first()).id  # type: ignore[union-attr]
        assert (state.seq, state.head, state.newest_s) == (newest, newest, T0 + 49)


@pytest.mark.asyncio
async def test_while_a_destination_is_disabled_nothing_becomes_due(store_url: str, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, store_url)
    for life, (enabled, count, due) in enumerate([("true", 3, 3), ("false", 2, 3), ("false", 2, 3), ("true", 1, 4)]):
        await bring(store_url, tmp_path, DESTINATION.format(enabled=enabled))
        async with living_box(settings) as ports:
            start_s = T0 + life * 60
            await Tracker(ports["amqp"]).send("29A12345", *range(start_s, start_s + count))
        async with opened(store_url):
            sums = await read_running()
            assert sums == await recount()
            assert sums.destinations["csgt"] == {"due": due, "forwarded": 0, "waiting": due, "refused": 0}
