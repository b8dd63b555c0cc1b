"""A wire to PostgreSQL that can be cut: a proxy that breaks connections when it is told to, or at a word."""

import asyncio
from urllib.parse import urlsplit


class WireCutter:
    """Listens on a free port and passes everything on; `cut_at` breaks the next connection that sends these bytes.

    With `let_through` the server gets the word and only its answer is lost; without it the word is lost.
    """

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self.cut_at = b""
        self.let_through = True
        self.cuts = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def open(self) -> None:
        """Listen; again on the same port after a `close`."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and cut every connection."""
        assert self._server is not None
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """The URL of the same database through this wire."""
        user, _, _ = self._parts.netloc.rpartition("@")
        return f"{self._parts.scheme}://{user}@127.0.0.1:{self.port}{self._parts.path}"

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            far_reader, far_writer = await asyncio.open_connection(self._parts.hostname, self._parts.port)
            ends = {writer, far_writer}
            self._writers |= ends
            await asyncio.gather(
                self._pass_on(reader, far_writer, writer, is_watched=True),
                self._pass_on(far_reader, writer, writer, is_watched=False),
            )
            for end in ends:
                end.close()
            self._writers -= ends
        finally:
            self._tasks.discard(task)

    async def _pass_on(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, near: asyncio.StreamWriter, *, is_watched: bool
    ) -> None:
        try:
            while data := await source.read(65536):
                is_cut = is_watched and self.cut_at and self.cut_at in data
                if is_cut:
                    self.cuts += 1
                    self.cut_at = b""
                    near.transport.abort()
                    if not self.let_through:
                        sink.transport.abort()
                        return
                sink.write(data)
                await sink.drain()
                if is_cut:
                    return
        except OSError:
            pass
        finally:
            if not sink.is_closing():
                sink.close()
