"""A line between the box and a receiver that breaks as lines do: down, cut now, cut at a word, cut after some bytes."""

import asyncio
from contextlib import suppress

from tests.end_to_end.box import HOST


class Line:
    """Forwards a port of its own to another one.

    `cut_at`: words of the client; when one passes, it is let through and the line is cut, once for each word.
    `lose_at`: words that are lost with all after them: the line is cut before they pass, once for each.
    `cut_after`: bytes of the client after which the next connection is cut.
    """

    def __init__(self) -> None:
        self.port = 0
        self.target = 0
        self.cut_at: list[bytes] = []
        self.lose_at: list[bytes] = []
        self.cut_after: list[int] = []
        self.connections = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def up(self) -> None:
        """Take connections, on the same port as before."""
        self._server = await asyncio.start_server(self._connected, HOST, self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def down(self) -> None:
        """Refuse connections, and break those that are open."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.cut()

    def cut(self) -> None:
        """Break what is open, as a line does: without a goodbye."""
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        budget = self.cut_after.pop(0) if self.cut_after else None
        self._open.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection(HOST, self.target)
        except OSError:
            self._open.discard(writer)
            writer.transport.abort()
            return
        self._open.add(far_writer)
        try:
            await asyncio.gather(self._carry(reader, far_writer, budget), self._carry_back(far_reader, writer))
        finally:
            self._open -= {writer, far_writer}
            writer.transport.abort()
            far_writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, budget: int | None) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if self._passes(self.lose_at, data):
                    self.cut()
                    break
                writer.write(data)
                await writer.drain()
                if budget is not None:
                    budget -= len(data)
                if self._passes(self.cut_at, data) or (budget is not None and budget <= 0):
                    self.cut()
            writer.close()

    @staticmethod
    def _passes(words: list[bytes], data: bytes) -> bool:
        if words and words[0] in data:
            words.pop(0)
            return True
        return False

    @staticmethod
    async def _carry_back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.close()
