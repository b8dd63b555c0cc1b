"""The stand-in authority: a real AMQP peer that takes waypoints, counts them and confirms them at once."""

from collections.abc import Callable
from secrets import compare_digest
from types import TracebackType
from typing import Self

from protocols.amqp.boundary import AmqpOptions, ProviderGrant
from protocols.amqp.listener import AmqpListener
from server.simulator.inventory import AUTHORITY_EXCHANGE, Peer

DRAIN_S = 2.0


class CountingSink:
    """Counts what is published; everything is stored the moment it is counted."""

    def __init__(self) -> None:
        self.messages = 0
        self.bytes = 0

    def offer(self, grant: ProviderGrant, bodies: list[bytes], stored: Callable[[], None]) -> None:
        """Take a batch."""
        self.messages += len(bodies)
        self.bytes += sum(map(len, bodies))
        stored()


class OneAccount:
    """The one login the authority gave the province."""

    def __init__(self, username: str, password: str) -> None:
        self._username = username
        self._password = password

    async def provider(self, username: str, password: str, address: str) -> ProviderGrant | None:
        """Grant the exchange to the right login."""
        if username != self._username or not compare_digest(password.encode(), self._password.encode()):
            return None
        return ProviderGrant(1, username, (AUTHORITY_EXCHANGE,), address)

    def address_allowed(self, address: str) -> bool:
        """Anyone on loopback may try."""
        return True


class Authority:
    """An AMQP listener on loopback; entered, it listens."""

    def __init__(self, username: str, password: str, now: Callable[[], float]) -> None:
        self.sink = CountingSink()
        self._login = (username, password)
        options = AmqpOptions(host="127.0.0.1", port=0)
        self._listener = AmqpListener(options, OneAccount(username, password), self.sink, now)
        self._port = 0

    async def __aenter__(self) -> Self:
        self._port = await self._listener.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._listener.close(DRAIN_S)

    @property
    def peer(self) -> Peer:
        """Where it listens, and the login it takes."""
        return Peer(self._port, *self._login)
