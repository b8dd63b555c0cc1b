"""What has come of files that are being fetched: one part on the disk each, until it is whole.

A part belongs to a file as it stood at the peer (path, size, time of change): another one begins anew. The blocking
calls run beside the loop.
"""

import asyncio
import hashlib
import os
from pathlib import Path


class Part:
    """The part of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def size(self) -> int:
        """How much has come."""
        return await asyncio.to_thread(self._size)

    async def append(self, block: bytes) -> None:
        """Add what came."""
        await asyncio.to_thread(self._append, block)

    async def read(self) -> bytes:
        """All that came."""
        return await asyncio.to_thread(lambda: self._path.read_bytes() if self._path.exists() else b"")

    async def remove(self) -> None:
        """Forget it."""
        await asyncio.to_thread(self._path.unlink, missing_ok=True)

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    def _append(self, block: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.write(block)
            file.flush()
            os.fsync(file.fileno())


class Partials:
    """All parts, under a folder of the data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, owner: str, path: str, size: int, modified_s: int) -> Part:
        """The part of a file as it stands at its peer."""
        digest = hashlib.sha256(f"{path}\0{size}\0{modified_s}".encode()).hexdigest()[:40]
        return Part(self._folder / owner / f"{digest}.part")
