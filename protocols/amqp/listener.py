"""The AMQP listener: accepts providers' connections and hands what they publish to a sink.

Invariant: a message is confirmed only after the sink called `stored` for it; `close` waits for that up to its deadline.
"""

import asyncio
import ssl
from collections.abc import Callable

from protocols.amqp.boundary import AmqpOptions, PeerView, ProviderAuthenticator, ProviderGrant, PublishSink
from protocols.amqp.peer import LINGER_S, Peer

__all__ = ["AmqpListener", "AmqpOptions", "PeerView", "ProviderAuthenticator", "ProviderGrant", "PublishSink"]


class AmqpListener:
    """One listening socket and its connections; use it from one event loop.

    Args:
        now: epoch seconds.
    """

    def __init__(
        self,
        options: AmqpOptions,
        authenticator: ProviderAuthenticator,
        sink: PublishSink,
        now: Callable[[], float],
    ) -> None:
        self.options = options
        self.authenticator = authenticator
        self.sink = sink
        self.now = now
        self.paused = False
        self.blocked = ""
        self._server: asyncio.Server | None = None
        self._peers: set[Peer] = set()
        self._waiting = 0
        self._drained = asyncio.Event()
        self._emptied = asyncio.Event()
        self._counts = dict.fromkeys(("accepted", "turned_away", "refused_logins", "messages", "stored", "bytes"), 0)

    async def start(self) -> int:
        """Listen; returns the port."""
        options = self.options
        context = None
        if options.tls_certificate:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(options.tls_certificate, options.tls_key or None)
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Peer(self),
            options.host,
            options.port,
            ssl=context,
            ssl_handshake_timeout=options.handshake_s if context else None,
            backlog=512,
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self, drain_s: float) -> None:
        """Accept and read no more, confirm what is offered (waiting up to `drain_s`), then close all with 320."""
        if self._server is not None:
            self._server.close()
        self.pause()
        if self._waiting:
            self._drained.clear()
            await _wait(self._drained, drain_s)
        for peer in tuple(self._peers):
            peer.shut("the server is stopping")
        if self._peers:
            self._emptied.clear()
            await _wait(self._emptied, LINGER_S)
        for peer in tuple(self._peers):
            peer.abort()

    def pause(self) -> None:
        """Stop reading everywhere, new connections included."""
        self.paused = True
        self._refresh()

    def resume(self) -> None:
        """Read again."""
        self.paused = False
        self._refresh()

    def block(self, reason: str) -> None:
        """Send connection.blocked to those who understand it, and stop reading those who publish."""
        self.blocked = reason
        for peer in tuple(self._peers):
            peer.block(reason)

    def unblock(self) -> None:
        """Take a block back."""
        if self.blocked:
            self.blocked = ""
            for peer in tuple(self._peers):
                peer.unblock()

    def statistics(self) -> dict[str, int | float | str]:
        """Counters since the start, and what waits now."""
        return {
            "connections": len(self._peers),
            **self._counts,
            "waiting": self._waiting,
            "paused": int(self.paused),
            "blocked": self.blocked,
        }

    def connections(self) -> list[PeerView]:
        """Those who are logged in, longest first."""
        views = [
            PeerView(peer.grant.username, peer.address, peer.since_s, peer.messages)
            for peer in self._peers
            if peer.grant is not None
        ]
        return sorted(views, key=lambda view: view.since_s)

    # ------------------------------------------------------------------------------------------ for the peers

    def enter(self, peer: Peer) -> bool:
        """Take a connection in, unless there are enough."""
        if len(self._peers) >= self.options.max_connections:
            self._counts["turned_away"] += 1
            return False
        self._counts["accepted"] += 1
        self._peers.add(peer)
        return True

    def leave(self, peer: Peer) -> None:
        """Forget a connection."""
        self._peers.discard(peer)
        if not self._peers:
            self._emptied.set()

    def logged_in(self, granted: bool) -> None:
        """Count a refused login."""
        self._counts["refused_logins"] += not granted

    def offered(self, messages: int, octets: int) -> None:
        """Count what was handed to the sink."""
        self._counts["messages"] += messages
        self._counts["bytes"] += octets
        self._waiting += messages

    def stored(self, messages: int) -> None:
        """Count what the sink has made durable."""
        self._counts["stored"] += messages
        self._waiting -= messages
        if not self._waiting:
            self._drained.set()

    def _refresh(self) -> None:
        for peer in tuple(self._peers):
            peer.refresh()


async def _wait(event: asyncio.Event, timeout_s: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), timeout_s)
    except TimeoutError:
        return
