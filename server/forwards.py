"""Builds the forwarders: which client carries which kind of destination. A new way out is a line in a table here."""

from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, unquote, urlsplit

from actors.file_forwarder import Sender
from protocols.amqp.publisher import AmqpPublisher, parse_amqp_url
from protocols.ftp.client import FtpSender, FtpTarget
from protocols.sftp.client import SftpSender, SftpTarget
from storage.models import DestinationRow

TIMEOUT_S = 30.0
DEFAULT_PORTS = {"ftp": 21, "ftps": 21, "sftp": 22}


def make_sender(destination: DestinationRow, medium: str) -> Sender:
    """A sender into the folder of one medium; `{medium}` in the URL is replaced."""
    parts = urlsplit(destination.url.replace("{medium}", medium))
    return SENDERS[parts.scheme](parts)


def _ftp(parts: SplitResult) -> Sender:
    target = FtpTarget(
        host=parts.hostname or "",
        port=parts.port or DEFAULT_PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path),
        tls=parts.scheme == "ftps",
        verify_tls="verify=no" not in parts.query,
    )
    return FtpSender(target, timeout_s=TIMEOUT_S)


def _sftp(parts: SplitResult) -> Sender:
    target = SftpTarget(
        host=parts.hostname or "",
        port=parts.port or DEFAULT_PORTS["sftp"],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path),
        fingerprint=unquote(parts.fragment),
    )
    return SftpSender(target, timeout_s=TIMEOUT_S)


SENDERS: dict[str, Callable[[SplitResult], Sender]] = {"ftp": _ftp, "ftps": _ftp, "sftp": _sftp}


class AmqpPeer:
    """The way to an authority's broker (actors/waypoint_forwarder.py: Peer)."""

    def __init__(self, destination: DestinationRow) -> None:
        options = parse_amqp_url(destination.url, destination.exchange, destination.routing_key)
        self._publisher = AmqpPublisher(options)

    async def open(self) -> None:
        """Connect; raises DeliveryError."""
        await self._publisher.open()

    async def send(self, bodies: Sequence[bytes]) -> dict[int, str]:
        """Publish with confirms; gives what was refused."""
        return (await self._publisher.send(bodies)).refused

    async def close(self) -> None:
        """Leave."""
        await self._publisher.close()

    @property
    def blocked(self) -> str:
        """Why the broker said wait; empty where it did not."""
        return self._publisher.blocked
