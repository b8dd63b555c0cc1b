"""One accepted connection: moves bytes between its socket and its ServerConnection, and keeps its timers.

Invariant: reading is paused while any one reason holds (the listener's, a block, a peer that does not read its
confirms, or whose messages are stored more slowly than it sends); what was offered is confirmed only when its sink
says that it is stored.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol, cast

from typing_extensions import override

from protocols.amqp.boundary import AmqpOptions, ProviderAuthenticator, ProviderGrant, PublishSink
from protocols.amqp.codes import ReplyCode
from protocols.amqp.events import ChannelClosed, ConnectionClosed, ConnectionOpened, LoginAttempted, Published
from protocols.amqp.gathering import Gathering
from protocols.amqp.lifecycle import State
from protocols.amqp.receipts import Receipts
from protocols.amqp.server import ServerConnection

LINGER_S = 2.0
_WRITE_HIGH_BYTES = 1 << 20


class PeerHost(Protocol):
    """What a peer needs of its listener."""

    options: AmqpOptions
    authenticator: ProviderAuthenticator
    sink: PublishSink
    paused: bool
    blocked: str
    now: Callable[[], float]

    def enter(self, peer: "Peer") -> bool: ...

    def leave(self, peer: "Peer") -> None: ...

    def logged_in(self, granted: bool) -> None: ...

    def offered(self, messages: int, octets: int) -> None: ...

    def stored(self, messages: int) -> None: ...


class Peer(asyncio.Protocol):
    """A client as the event loop sees it."""

    def __init__(self, host: PeerHost) -> None:
        options = host.options
        self._host = host
        self._loop = asyncio.get_running_loop()
        self._wire = ServerConnection(
            heartbeat_s=options.heartbeat_s,
            frame_max=options.frame_max,
            channel_max=options.channel_max,
            max_message_bytes=options.max_message_bytes,
        )
        self._gathering = Gathering(self._loop, self._offer, self.abort, lambda: not self._unstored_bytes)
        self._receipts: dict[int, Receipts] = {}
        self._due: dict[Receipts, tuple[int, int]] = {}
        self._choked_since = 0.0
        self._unstored_bytes = 0
        self._reading = True
        self._heard = self._spoke = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self._login: asyncio.Task[None] | None = None
        self.address = ""
        self.grant: ProviderGrant | None = None
        self.since_s = host.now()
        self.messages = 0
        self.closed = False

    # ------------------------------------------------------------------------------------------ the socket

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        peername = transport.get_extra_info("peername")
        self.address = str(peername[0]) if peername else ""
        if not self._host.authenticator.address_allowed(self.address) or not self._host.enter(self):
            self._transport.abort()
            return
        self._transport.set_write_buffer_limits(high=_WRITE_HIGH_BYTES)
        self._timer = self._loop.call_later(self._host.options.handshake_s, self._transport.abort)
        self._loop.call_soon(self.refresh)  # uvloop begins to read only after this method

    @override
    def data_received(self, data: bytes) -> None:
        self._heard = self._loop.time()
        for event in self._wire.receive_data(data):
            if type(event) is not Published:
                self._gathering.release()
            match event:
                case Published():
                    self._gathering.take(event)
                case LoginAttempted():
                    self._login = self._loop.create_task(self._log_in(event.username, event.password))
                case ConnectionOpened():
                    self._opened(event.heartbeat_s)
                case ChannelClosed():
                    self._forget(event.channel)
                case ConnectionClosed():
                    self._hang_up()
                case _:
                    pass
        self.flush()

    @override
    def eof_received(self) -> bool:
        return False

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        self._gathering.release()
        if self._timer is not None:
            self._timer.cancel()
        if self._login is not None:
            self._login.cancel()
        self._host.leave(self)

    @override
    def pause_writing(self) -> None:
        self._choked_since = self._loop.time()
        self.refresh()

    @override
    def resume_writing(self) -> None:
        self._choked_since = 0.0
        self.refresh()

    # ------------------------------------------------------------------------------------------ for the listener

    def refresh(self) -> None:
        """Read, or not, as the reasons stand."""
        host = self._host
        held = host.paused or (host.blocked != "" and self.messages > 0) or self._choked_since > 0
        held = held or self._unstored_bytes > host.options.max_unstored_bytes
        reading = not held or self._wire.state in (State.CLOSING, State.CLOSED)
        if reading is self._reading or self._transport.is_closing():
            return
        self._reading = reading
        if reading:
            self._heard = self._loop.time()
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()
            self._gathering.release()

    def block(self, reason: str) -> None:
        """Tell the client to stop, and stop hearing it where it publishes."""
        self._wire.block(reason)
        self.flush()
        self.refresh()

    def unblock(self) -> None:
        """Tell the client to go on."""
        self._wire.unblock()
        self.flush()
        self.refresh()

    def shut(self, text: str) -> None:
        """Close with 320; the client has LINGER_S to answer."""
        self.flush()
        self._wire.close(ReplyCode.CONNECTION_FORCED, f"CONNECTION_FORCED - {text}")
        self.flush()
        self._restart_timer(LINGER_S, self._transport.abort)
        self.refresh()

    def abort(self) -> None:
        """Drop the socket at once."""
        self._transport.abort()

    def flush(self) -> None:
        """Write what the connection has to say, due confirms included."""
        if self._due:
            for channel, tag in self._due.values():
                self._wire.acknowledge(channel, tag)
            self._due.clear()
        data = self._wire.data_to_send()
        if data and not self._transport.is_closing():
            self._spoke = self._loop.time()
            self._transport.write(data)

    # ------------------------------------------------------------------------------------------ events

    def _offer(self, event: Published) -> None:
        grant = self.grant
        if grant is None:
            return
        count, octets = len(event.bodies), sum(map(len, event.bodies))
        if not self.messages and self._host.blocked:
            self._loop.call_soon(self.refresh)
        self.messages += count
        self._host.offered(count, octets)
        self._unstored_bytes += octets
        if self._unstored_bytes > self._host.options.max_unstored_bytes:
            self.refresh()
        channel, tag = event.channel, event.last_tag
        if not tag:
            self._host.sink.offer(grant, event.bodies, lambda: self._kept(count, octets))
            return
        receipts = self._receipts.get(channel)
        if receipts is None:
            receipts = self._receipts[channel] = Receipts()
        receipts.offer(tag)
        self._host.sink.offer(grant, event.bodies, lambda: self._stored(channel, receipts, tag, count, octets))

    def _stored(self, channel: int, receipts: Receipts, tag: int, count: int, octets: int) -> None:
        through = receipts.store(tag)
        if through and not self.closed and self._receipts.get(channel) is receipts:
            if not self._due:
                self._loop.call_soon(self.flush)
            self._due[receipts] = (channel, through)
        self._kept(count, octets)

    def _kept(self, count: int, octets: int) -> None:
        """So much of what was offered is durable."""
        self._unstored_bytes -= octets
        self._host.stored(count)
        if not self._reading:
            self.refresh()

    def _forget(self, channel: int) -> None:
        """Drop a closed channel's receipts: its number may be opened again, with tags from 1."""
        receipts = self._receipts.pop(channel, None)
        if receipts is not None:
            self._due.pop(receipts, None)

    async def _log_in(self, username: str, password: str) -> None:
        self.grant = await self._host.authenticator.provider(username, password, self.address)
        self._host.logged_in(self.grant is not None)
        if self.grant is None:
            self._wire.refuse_login()
            self.flush()
            self._hang_up()
        else:
            self._wire.accept_login(self.grant.exchanges)
            self.flush()

    def _opened(self, heartbeat_s: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if self._host.blocked:
            self._wire.block(self._host.blocked)
        self._restart_timer(heartbeat_s / 2 if heartbeat_s else LINGER_S * 15, self._beat)

    def _beat(self) -> None:
        """Twice per interval: speak where we were silent, hang up where the client was (2 intervals)."""
        now, interval_s = self._loop.time(), self._wire.heartbeat_s
        unread = self._choked_since and now - self._choked_since > 2 * (interval_s or 30)
        if unread or (interval_s and self._reading and now - self._heard > 2 * interval_s):
            self._transport.abort()
            return
        if interval_s and not self._choked_since and now - self._spoke >= interval_s / 2:
            self._wire.heartbeat()
            self.flush()
        self._restart_timer(interval_s / 2 if interval_s else LINGER_S * 15, self._beat)

    def _hang_up(self) -> None:
        """Let the last words reach a client that is still talking: read on, and close after LINGER_S at the latest."""
        self.flush()
        if self._transport.can_write_eof():
            self._transport.write_eof()
        self._restart_timer(LINGER_S, self._transport.abort)
        self.refresh()

    def _restart_timer(self, delay_s: float, call: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if self.closed else self._loop.call_later(delay_s, call)
