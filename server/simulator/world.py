"""The whole simulated world, in two halves: who waits for the server's data and commands, and who sends to it.

The first half must stand before the server's inventory can be written (the destinations have its ports), the second
comes when the server's intakes listen.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from server.simulator.authority import Authority
from server.simulator.inventory import WorldOptions, fresh_password, make_inventory
from server.simulator.ministry import Ministry
from server.simulator.registrant import register
from server.simulator.sampler import AutoSampler
from server.simulator.stations import Tally, cast_stations, run_stations
from server.simulator.vehicles import WaypointTally, cast_providers, run_providers
from storage.entries import Inventory


@dataclass(frozen=True, slots=True)
class Intakes:
    """Ports of the server's intakes on loopback."""

    ftp: int
    sftp: int
    amqp: int


@dataclass(frozen=True, slots=True)
class World:
    """A world whose ministry and authority listen already."""

    options: WorldOptions
    inventory: Inventory
    ministry: Ministry
    authority: Authority
    sampler: AutoSampler
    files: Tally = field(default_factory=Tally)
    waypoints: WaypointTally = field(default_factory=WaypointTally)

    async def run(self, intakes: Intakes, now: Callable[[], float]) -> None:
        """Let stations and vehicles send until cancelled."""
        stations = cast_stations(self.inventory, intakes.ftp, intakes.sftp, self.files)
        providers = cast_providers(self.inventory, intakes.amqp, self.options.speed, self.waypoints)
        async with asyncio.TaskGroup() as group:
            group.create_task(run_stations(stations, now))
            group.create_task(run_providers(providers, now))
            if stations:
                group.create_task(register(stations[0].uplink))
                group.create_task(self.sampler.run(stations[0].uplink))


@asynccontextmanager
async def simulated_world(options: WorldOptions, folder: Path, now: Callable[[], float]) -> AsyncGenerator[World, None]:
    """Make a world and let its ministry (files below `folder`) and its authority listen."""
    async with (
        Ministry(folder, "hungyen", fresh_password()) as ministry,
        Authority("hungyen", fresh_password(), now) as authority,
        AutoSampler(folder.with_name("sampler"), fresh_password()) as sampler,
    ):
        inventory = make_inventory(options, ministry.peer, authority.peer, sampler.peer)
        yield World(options, inventory, ministry, authority, sampler)
