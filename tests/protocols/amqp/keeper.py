"""An authenticator and a sink in memory, and a running listener around them."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from protocols.amqp.listener import AmqpListener, AmqpOptions, ProviderGrant


@dataclass
class Keeper:
    """Knows the provider gps1; keeps what is offered, and says so at once unless `holding`."""

    holding: bool = False
    bodies: list[bytes] = field(default_factory=list)
    held: list[Callable[[], None]] = field(default_factory=list)
    allowed: bool = True
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def provider(self, username: str, password: str, address: str) -> ProviderGrant | None:
        if (username, password) != ("gps1", "secret"):
            return None
        return ProviderGrant(1, username, ("tracking.gps1",), address)

    def address_allowed(self, address: str) -> bool:
        return self.allowed and address == "127.0.0.1"

    def offer(self, grant: ProviderGrant, bodies: list[bytes], stored: Callable[[], None]) -> None:
        self.bodies += bodies
        if self.holding:
            self.held.append(stored)
        else:
            asyncio.get_running_loop().call_soon(stored)
        self.came.set()

    def release(self) -> None:
        """Say of all that is held that it is stored."""
        held, self.held = self.held, []
        for stored in held:
            stored()


@dataclass
class Running:
    """A listener on a free port."""

    listener: AmqpListener
    keeper: Keeper
    port: int

    @property
    def url(self) -> str:
        return f"amqp://gps1:secret@127.0.0.1:{self.port}/%2f"


@asynccontextmanager
async def listening(keeper: Keeper | None = None, **options: int | float | str) -> AsyncIterator[Running]:
    """Run a listener."""
    keeper = keeper or Keeper()
    listener = AmqpListener(AmqpOptions(host="127.0.0.1", port=0, **options), keeper, keeper, time.time)  # type: ignore[arg-type]
    running = Running(listener, keeper, await listener.start())
    try:
        yield running
    finally:
        await listener.close(0.1)


async def until(met: Callable[[], bool], limit_s: float = 5) -> None:
    """Wait for what another process or the loop brings about."""
    async with asyncio.timeout(limit_s):
        while not met():
            await asyncio.sleep(0.005)
