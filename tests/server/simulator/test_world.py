"""The whole simulated world around real intakes."""

from pathlib import Path

import pytest

from actors.kernel.clock import system_now
from server.simulator.inventory import WorldOptions
from server.simulator.registrant import NAME
from server.simulator.world import simulated_world
from tests.server.simulator.box import box, running, until


@pytest.mark.asyncio
async def test_stations_and_vehicles_are_heard_within_seconds(tmp_path: Path) -> None:
    options = WorldOptions(stations=4, vehicles=5, speed=300)
    async with (
        simulated_world(options, tmp_path / "ministry", system_now) as world,
        box(world.inventory, tmp_path) as there,
        running(world.run(there.intakes, system_now)),
    ):
        await until(lambda: len(world.files.sent) >= 3 and world.waypoints.confirmed >= 5)
        codes = {place.split("/")[1] for place in there.area.files}
        assert codes <= {NAME, *(station.code for station in world.inventory.stations)}
        assert {waypoint.vehicle for waypoint in there.published.waypoints} == {
            vehicle.plate for vehicle in world.inventory.vehicles
        }


@pytest.mark.asyncio
async def test_the_destinations_of_the_inventory_are_where_the_stand_ins_listen(tmp_path: Path) -> None:
    async with simulated_world(WorldOptions(0, 0), tmp_path / "ministry", system_now) as world:
        files, waypoints = world.inventory.destinations
        assert f"@127.0.0.1:{world.ministry.peer.port}/" in files.url
        assert f"@127.0.0.1:{world.authority.peer.port}/" in waypoints.url
