"""Reads files of a logger's own SFTP server; a broken transfer is taken up at its offset."""

import asyncio
import stat
from collections.abc import AsyncIterator

import asyncssh

from protocols.fetching import RemoteFile
from protocols.sftp.login import SftpLogin, delivery_errors

BLOCK_BYTES = 1 << 16


class SftpFetcher(SftpLogin):
    """A login that only reads (protocols/fetching.py)."""

    async def listing(self, folder: str) -> list[RemoteFile] | None:
        """The files of a folder; None where there is none."""
        found: list[RemoteFile] = []
        with delivery_errors(folder or "."):
            async with asyncio.timeout(self._timeout_s):
                try:
                    names = await self.connected.readdir(folder or ".")
                except asyncssh.SFTPNoSuchFile:
                    return None
        for entry in names:
            attributes, name = entry.attrs, str(entry.filename)
            if attributes.permissions is not None and not stat.S_ISREG(attributes.permissions):
                continue
            place = f"{folder.rstrip('/')}/{name}" if folder else name
            if name not in (".", ".."):
                found.append(RemoteFile(place, attributes.size or 0, int(attributes.mtime or 0)))
        return sorted(found, key=lambda file: file.path)

    async def changed_s(self, file: RemoteFile) -> int:
        """When a file was written to last: its listing says so."""
        return file.modified_s

    async def read(self, path: str, offset: int) -> AsyncIterator[bytes]:
        """The bytes of a file from an offset on."""
        with delivery_errors(path):
            async with self.connected.open(path, "rb") as file:
                while True:
                    async with asyncio.timeout(self._timeout_s):
                        block = await file.read(BLOCK_BYTES, offset)
                    if not block:
                        return
                    assert isinstance(block, bytes)
                    offset += len(block)
                    yield block
