"""The stand-in ministry: a real FTP server with a folder, where the hourly files arrive."""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Self

import aioftp

from server.simulator.inventory import Peer


class Ministry:
    """An FTP server on loopback; entered, it listens."""

    def __init__(self, folder: Path, username: str, password: str) -> None:
        self.folder = folder
        self._login = (username, password)
        user = aioftp.User(username, password, base_path=folder, permissions=[aioftp.Permission("/")])
        self._server = aioftp.Server([user], path_io_factory=aioftp.AsyncPathIO)

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.folder.mkdir, parents=True, exist_ok=True)
        await self._server.start("127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.close()

    @property
    def peer(self) -> Peer:
        """Where it listens, and the login it takes."""
        return Peer(self._server.server_port, *self._login)

    def files(self) -> dict[str, int]:
        """What has arrived: path below the folder, and size."""
        return {
            str(path.relative_to(self.folder)): path.stat().st_size
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }
