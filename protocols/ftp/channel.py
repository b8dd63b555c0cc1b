"""The data connection of one transfer, either way.

Invariant: a channel ends exactly once, either whole (`fault` is None) or with the reason why not; what had come until
then stays readable.
"""

import asyncio
from typing import cast

from typing_extensions import override

from protocols.errors import ProtocolError, TooLarge
from protocols.ftp.deadline import Deadline


class TransferBroken(ProtocolError):
    """The data connection broke off before its end."""


class DataChannel(asyncio.Protocol):
    """Collect bytes up to a limit until the peer closes, or send bytes and close."""

    def __init__(self, loop: asyncio.AbstractEventLoop, quiet_s: float, limit_bytes: int) -> None:
        self.size = 0
        self.fault: TransferBroken | TooLarge | None = None
        self._chunks: list[bytes] = []
        self._limit_bytes = limit_bytes
        self._quiet_s = quiet_s
        self._quiet = Deadline(loop, self._on_quiet)
        self._ended: asyncio.Future[None] = loop.create_future()
        self._transport: asyncio.Transport | None = None
        self._sending = False
        self._unsent = 0

    def received(self) -> bytes:
        """Give what has come so far."""
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)

    async def ended(self) -> None:
        """Wait for the end of the bytes, whole or broken."""
        await self._ended

    async def send(self, data: bytes) -> None:
        """Send bytes, close, and wait until the peer has them or is lost."""
        transport = self._transport
        if transport is None or self.fault is not None:
            return
        self._sending = True
        transport.write(data)
        self._unsent = transport.get_write_buffer_size()
        transport.close()
        await self._ended

    def close(self) -> None:
        """Drop the connection, if it still stands."""
        self._quiet.cancel()
        if self._transport is not None:
            self._transport.abort()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._quiet.put_off(self._quiet_s)

    @override
    def data_received(self, data: bytes) -> None:
        if self._ended.done() or self._sending:
            return
        self.size += len(data)
        if self.size > self._limit_bytes:
            self._end(TooLarge(f"more than {self._limit_bytes} bytes"))
            return
        self._chunks.append(bytes(data))
        self._quiet.put_off(self._quiet_s)

    @override
    def eof_received(self) -> None:
        if not self._sending:
            self._end(None)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._end(TransferBroken("data connection lost") if exc is not None else None)

    def _on_quiet(self) -> None:
        unsent = self._transport.get_write_buffer_size() if self._transport is not None else 0
        if self._sending and unsent < self._unsent:
            self._unsent = unsent
            self._quiet.put_off(self._quiet_s)
        else:
            self._end(TransferBroken("data connection silent for too long"))

    def _end(self, fault: TransferBroken | TooLarge | None) -> None:
        if self._ended.done():
            return
        self.fault = fault
        self._ended.set_result(None)
        if fault is not None:
            self.close()
        else:
            self._quiet.cancel()
