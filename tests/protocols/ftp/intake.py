"""A listener on a free port over an area in memory, and a client that speaks FTP line by line."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType

from protocols.ftp.listener import FtpListener, FtpOptions
from tests.protocols.memory_area import MemoryArea, MemoryAuthenticator

USERNAME = "tb_a"
PASSWORD = "song-hong"
NAME = "TB_A_20260325000500.txt"
PLACE = f"/TB_A/2026/03/25/{NAME}"
BODY = b"COD\t16.25\tmg/l\t20260325000500\t00\r\npH\t7.85\t\t20260325000500\t00\r\n"
WAIT_S = 10.0


@dataclass(slots=True)
class Intake:
    """What a test may look at."""

    listener: FtpListener
    area: MemoryArea
    authenticator: MemoryAuthenticator
    port: int

    async def talk(self, *, login: bool = True) -> "Talk":
        """Connect; log in too, unless the test wants to do that itself."""
        talk = Talk(*await asyncio.open_connection("127.0.0.1", self.port))
        await talk.reply()
        if login:
            await talk.login()
        return talk


@asynccontextmanager
async def open_intake(options: FtpOptions, area: MemoryArea | None = None) -> AsyncGenerator[Intake, None]:
    """Run a listener for one test."""
    area = area if area is not None else MemoryArea()
    authenticator = MemoryAuthenticator({USERNAME: PASSWORD}, {USERNAME: ("TB_A", "TB_B")})
    listener = FtpListener(options, authenticator, area)
    port = await listener.start()
    try:
        yield Intake(listener, area, authenticator, port)
    finally:
        await listener.close(1.0)


async def until(condition: Callable[[], object], *, within_s: float = WAIT_S) -> None:
    """Wait until a callable gives a true value."""
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.01)


class Talk:
    """A control connection in the hands of a test."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def __aenter__(self) -> "Talk":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.writer.close()

    async def reply(self) -> str:
        """Read one reply, its lines joined by line ends; empty at the end of the connection."""
        async with asyncio.timeout(WAIT_S):
            lines = [(await self.reader.readline()).decode()]
            while lines[-1] and not (lines[-1][:3] == lines[0][:3] and lines[-1][3:4] == " "):
                lines.append((await self.reader.readline()).decode())
        return "".join(lines).rstrip("\r\n")

    def write(self, line: str | bytes) -> None:
        """Send a line without waiting."""
        self.writer.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    async def say(self, line: str | bytes) -> str:
        """Send a line and read its reply."""
        self.write(line)
        return await self.reply()

    async def code(self, line: str | bytes) -> int:
        """Send a line and read the code of its reply."""
        return int((await self.say(line))[:3])

    async def login(self) -> None:
        """Log in."""
        assert await self.code(f"USER {USERNAME}") == 331
        assert await self.code(f"PASS {PASSWORD}") == 230

    async def passive(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a passive data connection."""
        reply = await self.say("EPSV")
        return await asyncio.open_connection("127.0.0.1", int(reply.split("|")[3]))

    async def begin(self, line: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a data connection and begin a transfer over it."""
        reader, writer = await self.passive()
        assert (await self.say(line)).startswith("150")
        return reader, writer

    async def send(self, line: str, body: bytes) -> str:
        """Upload, and read the reply behind it."""
        _, writer = await self.begin(line)
        writer.write(body)
        writer.close()
        return await self.reply()

    async def fetch(self, line: str) -> bytes:
        """Download or list, expecting 226."""
        reader, writer = await self.begin(line)
        data = await reader.read()
        writer.close()
        assert (await self.reply()).startswith("226")
        return data

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Say AUTH TLS and go on over TLS."""
        assert await self.code("AUTH TLS") == 234
        await self.writer.start_tls(context)
