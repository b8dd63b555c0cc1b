"""The control connection: lines in, replies out, and the interrupt that breaks a transfer off.

Lines wait in a short queue while a command is at work; ABOR and the loss of the connection do not wait, they call
`interrupt` at once.

Invariant: what was typed before TLS began is never read as if it had come through TLS.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable

from typing_extensions import override

MAX_LINE_BYTES = 4096
MAX_WAITING_LINES = 64
TLS_SHUTDOWN_S = 2.0
TELNET_MARKS = b"\xff\xf4\xf2\xfb\xfc\xfd\xfe"


class LineTooLong(Exception):
    """The client typed a line longer than any command; its bytes are thrown away."""


class Control(asyncio.Protocol):
    """One control connection; a single reader awaits `next_line`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: asyncio.Transport) -> None:
        self.lost = False
        self.interrupt: Callable[[], object] | None = None
        self._loop = loop
        self._transport = transport
        self._partial = b""
        self._skipping = False
        self._lines: deque[bytes | None] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._unclogged: asyncio.Future[None] | None = None
        self._paused = False
        self.secure = False

    async def next_line(self) -> bytes | None:
        """Wait for a line, without its end; None when the connection is over.

        Raises:
            LineTooLong: in the place of such a line.
        """
        while not self._lines:
            if self.lost:
                return None
            self._waiter = self._loop.create_future()
            await self._waiter
        line = self._lines.popleft()
        if self._paused and not self._lines:
            self._paused = False
            self._transport.resume_reading()
        if line is None:
            raise LineTooLong
        return line

    def send(self, reply: bytes) -> None:
        """Write a reply, unless the connection is over."""
        if not self._transport.is_closing():
            self._transport.write(reply)

    async def drained(self) -> None:
        """Wait while a client that does not read its replies has clogged the connection."""
        if self._unclogged is not None:
            await self._unclogged

    async def start_tls(self, context: ssl.SSLContext, handshake_s: float) -> None:
        """Go on over TLS; raises OSError where the handshake fails."""
        self._partial, self._skipping = b"", False
        self._lines.clear()
        upgraded = await self._loop.start_tls(
            self._transport,
            self,
            context,
            server_side=True,
            ssl_handshake_timeout=handshake_s,
            ssl_shutdown_timeout=TLS_SHUTDOWN_S,
        )
        if upgraded is None:
            raise ConnectionResetError("connection lost during the handshake")
        self._transport = upgraded
        self.secure = True

    def close(self) -> None:
        """Send what is written and close; at once where the client does not read."""
        if self._unclogged is not None:
            self._transport.abort()
        else:
            self._transport.close()

    def abort(self) -> None:
        """Close without sending what is written."""
        self._transport.abort()

    @override
    def data_received(self, data: bytes) -> None:
        if self._partial:
            data = self._partial + data
        *lines, partial = data.split(b"\n")
        for line in lines:
            self._take(line)
        if len(partial) > MAX_LINE_BYTES:
            self._skipping, partial = True, b""
        self._partial = partial
        if len(self._lines) > MAX_WAITING_LINES and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    @override
    def eof_received(self) -> bool:
        self._lose()
        return not self.secure

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.resume_writing()
        self._lose()

    @override
    def pause_writing(self) -> None:
        if self._unclogged is None:
            self._unclogged = self._loop.create_future()

    @override
    def resume_writing(self) -> None:
        if self._unclogged is not None:
            if not self._unclogged.done():
                self._unclogged.set_result(None)
            self._unclogged = None

    def _take(self, line: bytes) -> None:
        if self._skipping or len(line) > MAX_LINE_BYTES:
            self._skipping = False
            self._lines.append(None)
            return
        line = line.rstrip(b"\r")
        if line[:1] in TELNET_MARKS:
            line = line.lstrip(TELNET_MARKS)
        self._lines.append(line)
        if self.interrupt is not None and line[:4].upper() == b"ABOR":
            self.interrupt()

    def _lose(self) -> None:
        self.lost = True
        if self.interrupt is not None:
            self.interrupt()
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
