"""The composition root: builds every part of the house and says who talks to whom. Nothing else chooses.

Order of the start: database, writer, what is known (world), the journal replayed, then the services one by one:
forwarders, clocks, intakes, console. The stop is the reverse: no new input, empty mailboxes, snapshot, flush, close.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

import structlog

from actors.kernel.actor import Intensity
from actors.kernel.clock import system_now
from actors.kernel.loops import Bridge, run_guest
from conf.settings import Settings
from protocols.times import ICT
from server.collector import hold_while_loading, keep_what_is_loaded
from server.compiled.finder import standing
from server.console import Console
from server.house import House
from server.huge_pages import HugePages
from server.lifecycle import LoopWatch, Ports, on_signals
from server.logs import configure_logs
from server.opening import FIRST_ADMIN, ensure_admin, hold_folder, make_engine
from storage.database import Database
from storage.password_check import PasswordCheck
from storage.users import Users

log = structlog.get_logger()

SWITCH_INTERVAL_S = 0.0005
"""How soon the database thread gets the interpreter back (docs/decisions/0003-hot-table.md)."""


async def serve(settings: Settings, started: asyncio.Event | None = None, stop: asyncio.Event | None = None) -> int:
    """Run until SIGTERM, SIGINT or `stop`; returns 0 after a drained stop."""
    configure_logs()
    log.info("hot_modules", **standing()._asdict())
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    hold_while_loading()
    stop = stop or asyncio.Event()
    on_signals(stop.set)

    async with open_house(settings) as (house, database, users, ports):
        await ensure_admin(database, users, show_password)
        house.writer.on_death = stop.set
        console = Console(settings, database, house, users, ports)
        keep_what_is_loaded()
        with HugePages():
            await _run(house, console, LoopWatch(), stop, started)
    log.info("stopped")
    return 0


def show_password(password: str) -> None:
    """Tell whoever watches the first start."""
    print(f"\n  First administrator: {FIRST_ADMIN}   password: {password}   (shown once)\n", flush=True)


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncGenerator[tuple[House, Database, Users, Ports], None]:
    """Everything that is kept, opened and replayed; raises Refusal where another process has the data folder."""
    data_dir = settings.server.data_dir
    data_dir.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        stack.enter_context(hold_folder(data_dir))
        database = await Database.open(settings.storage.url)
        stack.push_async_callback(database.close)
        await database.migrate()
        check = PasswordCheck()
        stack.callback(check.close)
        ports = Ports(data_dir / "ports.json")
        stack.callback(ports.closed)
        house = House(settings, database, make_engine(settings), Bridge(), check, ports, system_now, Intensity())
        await house.open(datetime.fromtimestamp(system_now(), ICT).date())
        stack.push_async_callback(house.close)
        yield house, database, Users(system_now, check), ports


async def _run(
    house: House, console: Console, watch: LoopWatch, stop: asyncio.Event, started: asyncio.Event | None
) -> None:
    """Run trio as the guest of this loop until the stop, then drain."""

    async def wait() -> None:
        if started is not None:
            started.set()
        watch.start()
        await stop.wait()

    try:
        await run_guest(
            lambda: house.guest.live(house.specs(console.spec()), house.stopped, wait, watch.beat, house.watch.look)
        )
    finally:
        watch.stop()
