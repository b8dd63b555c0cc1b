"""A login at somebody else's SFTP server: what sender and fetcher have in common.

Invariant: the password is sent only to a host whose key was accepted; every failure is a DeliveryError.
"""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh
from asyncssh import SFTPClient, SSHClient, SSHClientConnection, SSHKey
from typing_extensions import override

from protocols.errors import DeliveryError
from protocols.sftp.hostkey import fingerprint_of


@dataclass(frozen=True, slots=True)
class SftpTarget:
    """Where hourly files go. An empty `fingerprint` trusts the key shown first; see `SftpLogin.fingerprint`."""

    host: str
    port: int
    username: str
    password: str
    folder: str
    fingerprint: str = ""
    private_key_path: Path | None = None


class SftpLogin:
    """One login at a target; not to be used by two transfers at once."""

    def __init__(self, target: SftpTarget, *, timeout_s: float = 60) -> None:
        self.fingerprint = ""
        """The host key's `SHA256:...` after `open`; the caller keeps it, and pins it from then on."""
        self._target = target
        self._timeout_s = timeout_s
        self._conn: SSHClientConnection | None = None
        self._sftp: SFTPClient | None = None

    async def open(self) -> None:
        """Connect and log in.

        Raises:
            DeliveryError: permanent for a wrong login or another host key.
        """
        target = self._target
        host = _Host(target.fingerprint)
        try:
            with delivery_errors("connect"):
                keys = [] if target.private_key_path is None else [str(target.private_key_path)]
                async with asyncio.timeout(self._timeout_s):
                    self._conn = await asyncssh.connect(
                        target.host,
                        target.port,
                        username=target.username,
                        password=target.password or None,
                        client_factory=lambda: host,
                        client_keys=keys or None,
                        known_hosts=((), (), ()),
                        x509_trusted_certs=None,
                        agent_path=None,
                        config=None,
                    )
                    self._sftp = await self._conn.start_sftp_client(sftp_version=3)
                    await self._arrived(self._sftp)
        except DeliveryError:
            await self.close()
            raise
        finally:
            self.fingerprint = host.fingerprint

    async def _arrived(self, sftp: SFTPClient) -> None:
        """What is done first behind the door."""

    @property
    def connected(self) -> SFTPClient:
        """The client behind the door; raises DeliveryError where it was never opened, or is closed."""
        if self._sftp is None:
            raise DeliveryError("not connected")
        return self._sftp

    async def close(self) -> None:
        """End the login; may be called at any time."""
        conn, self._conn, self._sftp = self._conn, None, None
        if conn is None:
            return
        conn.close()
        try:
            await asyncio.wait_for(conn.wait_closed(), 2)
        except TimeoutError:
            conn.abort()


class _Host(SSHClient):
    """Accept the pinned host key, or the first one where none is pinned."""

    def __init__(self, pinned: str) -> None:
        self.fingerprint = ""
        self._pinned = pinned

    @override
    def validate_host_public_key(self, host: str, addr: str, port: int, key: SSHKey) -> bool:
        self.fingerprint = fingerprint_of(key)
        return self._pinned in ("", self.fingerprint)


@contextmanager
def delivery_errors(what: str) -> Generator[None]:
    """Turn what goes wrong in the block into DeliveryError."""
    try:
        yield
    except asyncssh.HostKeyNotVerifiable as error:
        raise DeliveryError(f"{what}: the host shows another key than the pinned one", permanent=True) from error
    except asyncssh.PermissionDenied as error:
        raise DeliveryError(f"{what}: login refused", permanent=True) from error
    except (asyncssh.SFTPPermissionDenied, asyncssh.SFTPOpUnsupported) as error:
        raise DeliveryError(f"{what}: {error.reason}", permanent=True) from error
    except TimeoutError as error:
        raise DeliveryError(f"{what}: no answer in time") from error
    except (asyncssh.Error, OSError) as error:
        raise DeliveryError(f"{what}: {error}") from error
