"""The sender of hourly files over SFTP: many files over one login.

A file is written under a temporary name, its size is read back, and only then it takes its name, replacing an older
file of that name; whoever polls the folder never sees half a file.

Invariant: `deliver` returns only when the peer has confirmed the rename.
"""

import asyncio
import posixpath

import asyncssh
from asyncssh import SFTPClient
from typing_extensions import override

from protocols.errors import DeliveryError
from protocols.sftp.login import SftpLogin, SftpTarget, delivery_errors

__all__ = ["SftpSender", "SftpTarget"]

TEMPORARY_SUFFIX = ".tmp"


class SftpSender(SftpLogin):
    """A login at the receiver's, whose folder is made where it is missing."""

    @override
    async def _arrived(self, sftp: SFTPClient) -> None:
        await _make_folders(sftp, self._target.folder)

    async def deliver(self, name: str, body: bytes) -> int:
        """Send one file; returns the size the peer has.

        Raises:
            DeliveryError: after one that is not permanent, `close` and `open` again.
        """
        sftp = self.connected
        path = posixpath.join(self._target.folder, name)
        with delivery_errors(name):
            async with asyncio.timeout(self._timeout_s):
                async with sftp.open(path + TEMPORARY_SUFFIX, "wb") as file:
                    await file.write(body)
                size = (await sftp.stat(path + TEMPORARY_SUFFIX)).size
                if size != len(body):
                    raise DeliveryError(f"{name}: sent {len(body)} bytes, the peer has {size}")
                await _replace(sftp, path + TEMPORARY_SUFFIX, path)
        return len(body)


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
