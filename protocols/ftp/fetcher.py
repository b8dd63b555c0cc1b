"""Reads files of a logger's own FTP server, FTPS included; a broken transfer is taken up at its offset (REST).

Loggers' servers are small and old: a folder is entered and listed without a path, by MLSD only where FEAT names it.
"""

import posixpath
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Literal

import aioftp
from typing_extensions import override

from protocols.fetching import RemoteFile
from protocols.ftp.login import FtpLogin, code_of

NO_SUCH_FOLDER = ("450", "550")
BLOCK_BYTES = 1 << 16


class FtpFetcher(FtpLogin):
    """A login that only reads (protocols/fetching.py)."""

    _home = "/"
    _listing: Literal["MLSD", "LIST"] = "LIST"

    @override
    async def _arrived(self, client: aioftp.Client) -> None:
        self._home = str(await client.get_current_directory())
        _, features = await client.command("FEAT", ("2xx", "5xx"))
        self._listing = "MLSD" if any("MLST" in feature.upper() for feature in features) else "LIST"

    async def listing(self, folder: str) -> list[RemoteFile] | None:
        """The files of a folder; None where there is none."""
        found: list[RemoteFile] = []
        async with self._judged():
            try:
                await self.connected.change_directory(posixpath.join(self._home, folder))
            except aioftp.StatusCodeError as error:
                if code_of(error) not in NO_SUCH_FOLDER:
                    raise
                return None
            for path, facts in await self.connected.list("", raw_command=self._listing):
                if facts.get("type") == "file":
                    place = posixpath.join(folder, path.name)
                    found.append(RemoteFile(place, int(facts.get("size", 0)), _modified(facts)))
        return sorted(found, key=lambda file: file.path)

    async def changed_s(self, file: RemoteFile) -> int:
        """When a file was written to last; LIST tells no more than a day of an older file, so MDTM is asked."""
        if self._listing == "MLSD":
            return file.modified_s
        async with self._judged():
            path = posixpath.join(self._home, file.path)
            code, lines = await self.connected.command(f"MDTM {path}", ("213", "5xx"))
        return _modified({"modify": lines[-1].strip()}) if code == "213" else 0

    async def read(self, path: str, offset: int) -> AsyncIterator[bytes]:
        """The bytes of a file from an offset on."""
        async with self._judged():
            stream = await self.connected.download_stream(posixpath.join(self._home, path), offset=offset)
        try:
            while block := await self._block(stream):
                yield block
            async with self._judged():
                await stream.finish()
        finally:
            stream.close()

    async def _block(self, stream: Any) -> bytes:
        async with self._judged():
            block: bytes = await stream.read(BLOCK_BYTES)
        return block


def _modified(facts: Any) -> int:
    """`yyyyMMddHHmmss`: UTC from MLSD, whatever the peer's clock shows from LIST; 0 where it says nothing."""
    text = str(facts.get("modify", ""))[:14]
    try:
        return int(datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return 0
