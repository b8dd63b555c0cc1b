"""Builds the forwarders: which client carries which kind of destination. A new way out is a line in a table here."""

from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, unquote, urlsplit

from actors.file_forwarder import Sender
from protocols.amqp.publisher import AmqpPublisher, parse_amqp_url
from protocols.fetching import Fetcher
from protocols.ftp.client import FtpSender, FtpTarget
from protocols.ftp.fetcher import FtpFetcher
from protocols.sftp.client import SftpSender, SftpTarget
from protocols.sftp.fetcher import SftpFetcher
from storage.models import DestinationRow, PullRow

TIMEOUT_S = 30.0
DEFAULT_PORTS = {"ftp": 21, "ftps": 21, "sftp": 22}


def make_sender(destination: DestinationRow, medium: str) -> Sender:
    """A sender into the folder of one medium; `{medium}` in the URL is replaced."""
    parts = urlsplit(destination.url.replace("{medium}", medium))
    return SENDERS[parts.scheme](parts)


def sender_to(url: str) -> Sender:
    """A sender into the folder that an address names."""
    parts = urlsplit(url)
    return SENDERS[parts.scheme](parts)


def make_fetcher(pull: PullRow) -> Fetcher:
    """The way to a logger's own server."""
    parts = urlsplit(pull.url)
    if parts.scheme == "sftp":
        return SftpFetcher(_sftp_target(parts), timeout_s=TIMEOUT_S)
    return FtpFetcher(_ftp_target(parts), timeout_s=TIMEOUT_S)


def _ftp_target(parts: SplitResult) -> FtpTarget:
    return FtpTarget(
        host=parts.hostname or "",
        port=parts.port or DEFAULT_PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path),
        tls=parts.scheme == "ftps",
        verify_tls="verify=no" not in parts.query,
    )


def _ftp(parts: SplitResult) -> Sender:
    return FtpSender(_ftp_target(parts), timeout_s=TIMEOUT_S)


def _sftp_target(parts: SplitResult) -> SftpTarget:
    return SftpTarget(
        host=parts.hostname or "",
        port=parts.port or DEFAULT_PORTS["sftp"],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path),
        fingerprint=unquote(parts.fragment),
    )


def _sftp(parts: SplitResult) -> Sender:
    return SftpSender(_sftp_target(parts), timeout_s=TIMEOUT_S)


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
