"""The socket under a publisher: bytes to a ClientConnection and back, its heartbeats, and when writing must wait."""

import asyncio
from collections.abc import Callable
from typing import cast

from typing_extensions import override

from protocols.amqp.client import ClientConnection
from protocols.amqp.events import ConnectionOpened, Event

_WRITE_HIGH_BYTES = 1 << 20


class Link(asyncio.Protocol):
    """An asyncio protocol that reports to its publisher.

    Args:
        on_events: takes what one piece of data said. on_lost: called once, with a reason, when the socket is gone.
    """

    def __init__(
        self, wire: ClientConnection, on_events: Callable[[list[Event]], None], on_lost: Callable[[str], None]
    ) -> None:
        self._wire = wire
        self._on_events = on_events
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._heard = self._spoke = self._loop.time()
        self._reason = ""
        self.writable = asyncio.Event()
        self.lost = asyncio.Event()
        self.writable.set()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=_WRITE_HIGH_BYTES)
        self.flush()

    @override
    def data_received(self, data: bytes) -> None:
        self._heard = self._loop.time()
        events = self._wire.receive_data(data)
        for event in events:
            if isinstance(event, ConnectionOpened):
                self._beat_every(event.heartbeat_s)
        self._on_events(events)
        self.flush()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self.writable.set()
        self.lost.set()
        self._on_lost(self._reason or (str(exc) if exc else "the broker hung up"))

    @override
    def pause_writing(self) -> None:
        self.writable.clear()

    @override
    def resume_writing(self) -> None:
        self.writable.set()

    def flush(self) -> None:
        """Write what the connection has to say."""
        data = self._wire.data_to_send()
        if data and not self._transport.is_closing():
            self._spoke = self._loop.time()
            self._transport.write(data)

    def _beat_every(self, interval_s: int) -> None:
        """Send heartbeats, and hang up after two intervals of silence; 0 means none."""
        if interval_s:
            self._timer = self._loop.call_later(interval_s / 2, self._on_beat, interval_s)

    def _on_beat(self, interval_s: int) -> None:
        now = self._loop.time()
        if now - self._heard > 2 * interval_s:
            self.drop(f"the broker was silent for {now - self._heard:.0f} s")
            return
        if now - self._spoke >= interval_s / 2 and self.writable.is_set():
            self._wire.heartbeat()
            self.flush()
        self._beat_every(interval_s)

    def drop(self, reason: str) -> None:
        """Close the socket at once; `reason` is what `on_lost` will hear."""
        self._reason = self._reason or reason
        self._transport.abort()
