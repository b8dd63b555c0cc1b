"""The boundary between the AMQP listener and whoever keeps the messages; plain values and two protocols."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class AmqpOptions:
    """How the listener listens; TLS where a certificate is named; port 0 picks a free one."""

    host: str = "0.0.0.0"
    port: int = 5673
    tls_certificate: str = ""
    tls_key: str = ""
    heartbeat_s: int = 60
    frame_max: int = 131072
    channel_max: int = 255
    max_message_bytes: int = 1 << 20
    max_unstored_bytes: int = 16 << 20
    max_connections: int = 2000
    handshake_s: float = 10


@dataclass(frozen=True, slots=True)
class ProviderGrant:
    """A successful login: who, from where, and which exchanges are theirs."""

    provider_id: int
    username: str
    exchanges: tuple[str, ...]
    address: str


class ProviderAuthenticator(Protocol):
    """Who may log in; answers None for any refusal (the reason goes to the log, never to the wire)."""

    async def provider(self, username: str, password: str, address: str) -> ProviderGrant | None: ...

    def address_allowed(self, address: str) -> bool:
        """Whether this address may try at all now."""
        ...


class PublishSink(Protocol):
    """Who keeps the messages."""

    def offer(self, grant: ProviderGrant, bodies: list[bytes], stored: Callable[[], None]) -> None:
        """Take bodies, at once; call `stored` on the loop, once, after all of them are durable."""
        ...


class PeerView(NamedTuple):
    """A logged-in client; `since_s` is epoch seconds."""

    username: str
    address: str
    since_s: float
    messages: int
