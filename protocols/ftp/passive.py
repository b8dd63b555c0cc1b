"""Passive mode: the range of ports, and a door that only the control connection's peer may enter.

Invariant: a door lets one connection in and is then closed; unused, it closes by itself when its time is over.
"""

import asyncio
import socket
from collections.abc import Iterator

from protocols.ftp.addresses import plain_address
from protocols.ftp.deadline import Deadline

WAITING_CONNECTIONS = 8


class PassivePorts:
    """Open listening sockets on the ports of a range, each time on the next free one."""

    def __init__(self, first: int, last: int) -> None:
        self._first = first
        self._count = last - first + 1 if first else 0
        self._next = 0

    def listen(self, address: str) -> socket.socket | None:
        """Listen on the next free port at this address; None where all of them are taken."""
        for port in self._candidates():
            listening = _listen(address, port)
            if listening is not None:
                return listening
        return None

    def _candidates(self) -> Iterator[int]:
        if not self._count:
            yield 0
        for _ in range(self._count):
            port = self._first + self._next
            self._next = (self._next + 1) % self._count
            yield port


class PassiveDoor:
    """A listening socket that waits for one peer."""

    def __init__(self, loop: asyncio.AbstractEventLoop, listening: socket.socket, peer: str, open_s: float) -> None:
        self.port: int = listening.getsockname()[1]
        self.strangers = 0
        self._loop = loop
        self._socket = listening
        self._peer = peer
        self._readable: asyncio.Future[None] | None = None
        self._deadline = Deadline(loop, self.close)
        self._deadline.put_off(open_s)

    async def accept(self) -> socket.socket | None:
        """Wait for the peer's connection; anyone else is turned away. None when the door was closed meanwhile."""
        try:
            while self._socket.fileno() >= 0:
                connection = self._accept_nowait()
                if connection is not None:
                    return connection
                await self._wait_readable()
            return None
        finally:
            self.close()

    def close(self) -> None:
        """Stop listening."""
        self._deadline.cancel()
        if self._readable is not None:
            self._loop.remove_reader(self._socket)
            if not self._readable.done():
                self._readable.set_result(None)
            self._readable = None
        self._socket.close()

    def _accept_nowait(self) -> socket.socket | None:
        while True:
            try:
                connection, address = self._socket.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return None
            if plain_address(address[0]) == self._peer:
                connection.setblocking(False)
                return connection
            self.strangers += 1
            connection.close()

    async def _wait_readable(self) -> None:
        readable = self._readable = self._loop.create_future()
        self._loop.add_reader(self._socket, _mark, readable)
        try:
            await readable
        finally:
            if self._readable is readable:
                self._loop.remove_reader(self._socket)
                self._readable = None


def _mark(readable: "asyncio.Future[None]") -> None:
    if not readable.done():
        readable.set_result(None)


def _listen(address: str, port: int) -> socket.socket | None:
    listening = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setblocking(False)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen(WAITING_CONNECTIONS)
    except OSError:
        listening.close()
        return None
    return listening
