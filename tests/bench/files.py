"""Station files over FTP: a session for each file (connect, login, STOR, quit), and sessions that are kept.

Parsed, committed and fsynced before `226`: that is what the box promises and what is measured.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.bench.report import Report
from tests.bench.uploads import Put, UploadOptions, Uploads, station_world
from tests.bench.world import STATION_ACCOUNT

NAME = "ftp"


class FtpSession:
    """As little FTP as a logger speaks."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def put(self, name: str, content: bytes) -> None:
        """Send one file over a passive connection."""
        answer = await self.say("EPSV", b"229")
        port = int(answer.split(b"|||")[1].split(b"|")[0])
        _, data = await asyncio.open_connection("127.0.0.1", port)
        await self.say(f"STOR {name}", b"150")
        data.write(content)
        data.close()
        await self.expect(b"226")

    async def say(self, words: str, code: bytes) -> bytes:
        """Send a command and wait for its answer."""
        self._writer.write(f"{words}\r\n".encode())
        return await self.expect(code)

    async def expect(self, code: bytes) -> bytes:
        """Wait for an answer of this code."""
        line = await self._reader.readline()
        while line[3:4] == b"-":
            line = await self._reader.readline()
        if line[:3] != code:
            raise ConnectionError(line.decode(errors="replace"))
        return line

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@asynccontextmanager
async def open_session(port: int, password: str) -> AsyncIterator[Put]:
    """Log in, and hang up at the end."""
    session = FtpSession(*await asyncio.open_connection("127.0.0.1", port))
    try:
        await session.expect(b"220")
        await session.say(f"USER {STATION_ACCOUNT}", b"331")
        await session.say(f"PASS {password}", b"230")
        await session.say("TYPE I", b"200")
        yield session.put
        await session.say("QUIT", b"221")
    finally:
        session.close()


async def bench(report: Report, options: UploadOptions) -> None:
    """Measure on a new world."""
    async with station_world(options) as world:
        uploads = Uploads(NAME, report, options, world)
        await uploads.phase(
            "session per file", lambda: open_session(world.ports["ftp"], world.password), kept=False, bar="500"
        )
        await uploads.phase("session kept", lambda: open_session(world.ports["ftp"], world.password), kept=True)
        await uploads.audit()
