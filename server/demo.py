"""The demo: the real server, and around it a simulated province over the real protocols.

Stations and trackers are real clients, the ministry is a real FTP server, the authority a real AMQP peer. The demo
keeps its data in `<data_dir>/demo`, beside the real ones, and starts anew each time.
"""

import asyncio
import shutil
from dataclasses import replace

import orjson

from actors.kernel.clock import system_now
from conf.settings import Settings
from server.app import serve
from server.simulator.inventory import WorldOptions
from server.simulator.world import Intakes, World, simulated_world
from storage.database import Database
from storage.inventory import apply


async def demo(settings: Settings, *, stations: int, vehicles: int, speed: float) -> int:
    """Run the demo until a signal comes."""
    folder = settings.server.data_dir / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    settings = replace(
        settings,
        server=replace(settings.server, data_dir=folder),
        storage=replace(settings.storage, url=f"sqlite://{folder / 'trambox.db'}"),
    )
    options = WorldOptions(stations=stations, vehicles=vehicles, speed=speed)
    async with simulated_world(options, folder / "ministry", system_now) as world:
        database = await Database.open(settings.storage.url)
        await database.migrate()
        await apply(database, world.inventory)
        await database.close()
        started, stop = asyncio.Event(), asyncio.Event()
        crowd = asyncio.create_task(_send(world, settings, started))
        try:
            return await serve(settings, started, stop)
        finally:
            crowd.cancel()
            await asyncio.gather(crowd, return_exceptions=True)


async def _send(world: World, settings: Settings, started: asyncio.Event) -> None:
    """Let the world send once the server listens."""
    await started.wait()
    ports = orjson.loads((settings.server.data_dir / "ports.json").read_bytes())
    await world.run(Intakes(ports["ftp"], ports["sftp"], ports["amqp"]), system_now)
