"""An authority's broker that does what a test tells it: holds, shuffles, nacks and returns, blocks, refuses, dies.

It speaks through the product's own server connection; what that never says (nack, return) is written beside it.
`taken` are the bodies it answered for with an ack, `seen` all that reached it, each with its moment.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from pamqp import body as pamqp_body
from pamqp import commands, frame, header
from typing_extensions import override

from protocols.amqp.events import ConnectionClosed, LoginAttempted, Published
from protocols.amqp.methods import build_confirm, build_method
from protocols.amqp.server import ServerConnection
from storage.entries import DestinationEntry
from tests.end_to_end.box import HOST

NAME, EXCHANGE, USERNAME, PASSWORD = "csgt", "tracking.so", "tinh", "song-duong"

Answer = Callable[["Session", int, bytes], None]
"""What to do with one message: (session, delivery tag, body)."""


def take(session: "Session", tag: int, message: bytes) -> None:
    """Keep it and confirm it at once."""
    session.ack(tag, message)


def hold(session: "Session", tag: int, message: bytes) -> None:
    """Keep it in mind; `ScriptedPeer.release` answers later."""
    session.peer.held.append((session, tag, message))


def nack(session: "Session", tag: int, message: bytes) -> None:
    """Say that it could not be taken."""
    session.write(build_method(commands.Basic.Nack(tag, False, True), session.channel))


def give_back(session: "Session", tag: int, message: bytes) -> None:
    """Return it as unroutable, and confirm that this was done."""
    returned = commands.Basic.Return(312, "NO_ROUTE", EXCHANGE, "track1")
    parts = (returned, header.ContentHeader(0, len(message)), pamqp_body.ContentBody(message))
    session.write(b"".join(frame.marshal(part, session.channel) for part in parts))
    session.write(build_confirm(session.channel, tag, False))


def die(session: "Session", tag: int, message: bytes) -> None:
    """Hang up without an answer."""
    session.abort()


def close_channel(session: "Session", tag: int, message: bytes) -> None:
    """Say that there is no such exchange."""
    session.write(build_method(commands.Channel.Close(404, f"NOT_FOUND - no exchange '{EXCHANGE}'", 60, 40), 1))


class ScriptedPeer:
    """Listens on one port for the whole test, unless it is down; every session asks `answer` what to do."""

    def __init__(self) -> None:
        self.port = 0
        self.answer: Answer = take
        self.logins = True
        self.seen: list[tuple[float, bytes]] = []
        self.taken: list[bytes] = []
        self.held: list[tuple[Session, int, bytes]] = []
        self.opened: list[float] = []
        self._sessions: set[Session] = set()
        self._server: asyncio.Server | None = None

    async def up(self) -> None:
        """Listen, on the same port as before."""
        self._server = await asyncio.get_running_loop().create_server(lambda: Session(self), HOST, self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def down(self) -> None:
        """Die: no goodbye, and nobody there afterwards."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.held.clear()
        for session in tuple(self._sessions):
            session.abort()

    def block(self, reason: str) -> None:
        """Send connection.blocked and read no more."""
        for session in self._sessions:
            session.block(reason)

    def unblock(self) -> None:
        """Send connection.unblocked and read again."""
        for session in self._sessions:
            session.unblock()

    def release(self, order: Callable[[list[tuple["Session", int, bytes]]], None] = lambda held: None) -> None:
        """Confirm one by one what is held, in the order that `order` puts it into."""
        held, self.held = self.held, []
        order(held)
        for session, tag, message in held:
            session.ack(tag, message)

    @property
    def destination(self) -> DestinationEntry:
        """How the box knows it."""
        url = f"amqp://{USERNAME}:{PASSWORD}@{HOST}:{self.port}/%2F"
        return DestinationEntry(NAME, "waypoints", url, exchange=EXCHANGE, routing_key="track1")

    @property
    def bodies(self) -> list[bytes]:
        """All that reached it, in order."""
        return [message for _, message in self.seen]

    def entered(self, session: "Session") -> None:
        self._sessions.add(session)

    def left(self, session: "Session") -> None:
        self._sessions.discard(session)


class Session(asyncio.Protocol):
    """One connection."""

    channel = 1

    def __init__(self, peer: ScriptedPeer) -> None:
        self.peer = peer
        self._wire = ServerConnection(heartbeat_s=30)
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.peer.entered(self)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.peer.left(self)
        self._transport = None

    @override
    def data_received(self, data: bytes) -> None:
        for event in self._wire.receive_data(data):
            match event:
                case LoginAttempted():
                    right = self.peer.logins and (event.username, event.password) == (USERNAME, PASSWORD)
                    if right:
                        self._wire.accept_login((EXCHANGE,))
                        self.peer.opened.append(monotonic())
                    else:
                        self._wire.refuse_login()
                case Published():
                    self._take(event)
                case ConnectionClosed():
                    self.flush()
                    self.abort()
                case _:
                    pass
        self.flush()

    def _take(self, event: Published) -> None:
        first = event.last_tag - len(event.bodies) + 1
        for tag, message in enumerate(event.bodies, first):
            if self._transport is None:
                return
            self.peer.seen.append((monotonic(), message))
            self.peer.answer(self, tag, message)

    def ack(self, tag: int, message: bytes) -> None:
        self.peer.taken.append(message)
        self.write(build_confirm(self.channel, tag, False))

    def block(self, reason: str) -> None:
        self._wire.block(reason)
        self.flush()
        if self._transport is not None:
            self._transport.pause_reading()

    def unblock(self) -> None:
        self._wire.unblock()
        self.flush()
        if self._transport is not None:
            self._transport.resume_reading()

    def flush(self) -> None:
        self.write(self._wire.data_to_send())

    def write(self, data: bytes) -> None:
        if data and self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()
            self._transport = None


@asynccontextmanager
async def scripted_peer() -> AsyncGenerator[ScriptedPeer, None]:
    """Run one for a test; it is up."""
    peer = ScriptedPeer()
    await peer.up()
    try:
        yield peer
    finally:
        await peer.down()
