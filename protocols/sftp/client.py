"""The sender of hourly files over SFTP: many files over one login.

A file is written under a temporary name, its size is read back, and only then it takes its name, replacing an older
file of that name; whoever polls the folder never sees half a file.

Invariants: the password is sent only to a host whose key was accepted; `deliver` returns only when the peer has
confirmed the rename.
"""

import asyncio
import posixpath
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh
from asyncssh import SFTPClient, SSHClient, SSHClientConnection, SSHKey
from typing_extensions import override

from protocols.errors import DeliveryError
from protocols.sftp.hostkey import fingerprint_of

TEMPORARY_SUFFIX = ".tmp"


@dataclass(frozen=True, slots=True)
class SftpTarget:
    """Where hourly files go. An empty `fingerprint` trusts the key shown first; see `SftpSender.fingerprint`."""

    host: str
    port: int
    username: str
    password: str
    folder: str
    fingerprint: str = ""
    private_key_path: Path | None = None


class SftpSender:
    """One login at a target; not to be used by two deliveries at once."""

    def __init__(self, target: SftpTarget, *, timeout_s: float = 60) -> None:
        self.fingerprint = ""
        """The host key's `SHA256:...` after `open`; the caller keeps it, and pins it from then on."""
        self._target = target
        self._timeout_s = timeout_s
        self._conn: SSHClientConnection | None = None
        self._sftp: SFTPClient | None = None

    async def open(self) -> None:
        """Connect, log in, and make the folder where it is missing.

        Raises:
            DeliveryError: permanent for a wrong login or another host key.
        """
        target = self._target
        host = _Host(target.fingerprint)
        try:
            with _delivery_errors("connect"):
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
                    await _make_folders(self._sftp, target.folder)
        except DeliveryError:
            await self.close()
            raise
        finally:
            self.fingerprint = host.fingerprint

    async def deliver(self, name: str, body: bytes) -> int:
        """Send one file; returns the size the peer has.

        Raises:
            DeliveryError: after one that is not permanent, `close` and `open` again.
        """
        if self._sftp is None:
            raise DeliveryError("not connected")
        path = posixpath.join(self._target.folder, name)
        with _delivery_errors(name):
            async with asyncio.timeout(self._timeout_s):
                async with self._sftp.open(path + TEMPORARY_SUFFIX, "wb") as file:
                    await file.write(body)
                size = (await self._sftp.stat(path + TEMPORARY_SUFFIX)).size
                if size != len(body):
                    raise DeliveryError(f"{name}: sent {len(body)} bytes, the peer has {size}")
                await _replace(self._sftp, path + TEMPORARY_SUFFIX, path)
        return len(body)

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


async def _make_folders(sftp: SFTPClient, folder: str) -> None:
    missing: list[str] = []
    path = folder.rstrip("/")
    while path and not await sftp.exists(path):
        missing.append(path)
        path = posixpath.dirname(path).rstrip("/")
    for path in reversed(missing):
        await sftp.mkdir(path)


async def _replace(sftp: SFTPClient, source: str, target: str) -> None:
    try:
        await sftp.posix_rename(source, target)
    except asyncssh.SFTPOpUnsupported:
        if await sftp.exists(target):
            await sftp.remove(target)
        await sftp.rename(source, target)


@contextmanager
def _delivery_errors(what: str) -> Generator[None]:
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
