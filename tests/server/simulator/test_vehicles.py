"""Simulated providers against a real AMQP listener."""

from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from actors.kernel.clock import system_now
from actors.rules.waypoint_faults import WaypointFault, waypoint_faults
from protocols.amqp.boundary import AmqpOptions
from protocols.amqp.listener import AmqpListener
from server.simulator.inventory import Peer, WorldOptions, make_inventory
from server.simulator.vehicles import WaypointTally, cast_providers, run_providers
from tests.server.simulator.box import ProviderAccounts, WaypointList, box, running, until

NOWHERE = Peer(1, "nobody", "nothing")
INVENTORY = make_inventory(WorldOptions(stations=0, vehicles=20, speed=30), NOWHERE, NOWHERE)
START_S = 1_772_427_600


@pytest.mark.asyncio
async def test_every_vehicle_is_heard_and_every_waypoint_is_confirmed(tmp_path: Path) -> None:
    tally = WaypointTally()
    async with box(INVENTORY, tmp_path) as there:
        seconds = count(START_S)
        providers = cast_providers(INVENTORY, there.intakes.amqp, 30, tally)
        async with running(run_providers(providers, lambda: float(next(seconds)))):
            await until(lambda: tally.confirmed >= 200)
        heard = Counter(waypoint.vehicle for waypoint in there.published.waypoints)
        assert set(heard) == {vehicle.plate for vehicle in INVENTORY.vehicles}
        assert len(there.published.waypoints) >= tally.confirmed
        assert (tally.refused, tally.reconnects) == (0, 0)


@pytest.mark.asyncio
async def test_only_the_vehicle_that_plays_that_part_swaps_its_axes(tmp_path: Path) -> None:
    tally = WaypointTally()
    async with box(INVENTORY, tmp_path) as there:
        providers = cast_providers(INVENTORY, there.intakes.amqp, 30, tally)
        async with running(run_providers(providers, system_now)):
            await until(lambda: tally.confirmed >= 20)
        swapped = {
            waypoint.vehicle
            for waypoint in there.published.waypoints
            if WaypointFault.SWAPPED_AXES in waypoint_faults(waypoint, system_now())
        }
        assert swapped == {INVENTORY.vehicles[3].plate}


@pytest.mark.asyncio
async def test_waypoints_wait_while_the_server_is_away_and_come_in_order() -> None:
    tally, first, second = WaypointTally(), WaypointList(), WaypointList()
    accounts = ProviderAccounts(INVENTORY)
    listener = AmqpListener(AmqpOptions(host="127.0.0.1", port=0), accounts, first, system_now)
    port = await listener.start()
    seconds = count(START_S)
    async with running(run_providers(cast_providers(INVENTORY, port, 30, tally), lambda: float(next(seconds)))):
        await until(lambda: tally.confirmed >= 40)
        await listener.close(1.0)
        await until(lambda: tally.reconnects >= 1)
        again = AmqpListener(AmqpOptions(host="127.0.0.1", port=port), accounts, second, system_now)
        await again.start()
        await until(lambda: len(second.waypoints) >= 40)
    await again.close(1.0)
    plate = INVENTORY.vehicles[0].plate
    times = [w.time_s for part in (first, second) for w in part.waypoints if w.vehicle == plate]
    assert times == sorted(times)


@pytest.mark.asyncio
async def test_a_slow_world_spreads_its_vehicles_over_the_period(tmp_path: Path) -> None:
    tally = WaypointTally()
    async with box(INVENTORY, tmp_path) as there:
        seconds = count(START_S)
        providers = cast_providers(INVENTORY, there.intakes.amqp, 1, tally)
        async with running(run_providers(providers, lambda: float(next(seconds)))):
            await until(lambda: tally.confirmed >= 100)
        per_second = Counter(waypoint.time_s for waypoint in there.published.waypoints)
        assert max(per_second.values()) <= 2
