"""A confirmed publisher: one connection, one channel, every message mandatory and answered for.

Invariant: `send` returns only when each of its messages was confirmed, nacked or returned; one without an answer is
reported as unsent (SendInterrupted). A publisher that lost its connection stays closed until `open` is called again.
"""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from typing import NamedTuple

from protocols.amqp.batches import Batch, Batches
from protocols.amqp.client import ClientConnection
from protocols.amqp.codes import NEEDS_A_HUMAN, ReplyCode
from protocols.amqp.events import (
    Blocked,
    ChannelClosed,
    ChannelOpened,
    Confirmed,
    ConfirmsSelected,
    ConnectionClosed,
    ConnectionOpened,
    Event,
    Nacked,
    Returned,
    Unblocked,
)
from protocols.amqp.lifecycle import State
from protocols.amqp.link import Link
from protocols.amqp.publisher_options import PublisherOptions, parse_amqp_url
from protocols.errors import DeliveryError

__all__ = ["AmqpPublisher", "PublisherOptions", "SendInterrupted", "SendResult", "parse_amqp_url"]

CHANNEL = 1
_PIECE = 512
"""Most messages built and written before the socket's buffer is looked at."""


class SendResult(NamedTuple):
    """What became of a send: how many were confirmed, and why the others (by index) were not."""

    confirmed: int
    refused: dict[int, str]


class SendInterrupted(DeliveryError):
    """The connection died under a send; the broker answers for `confirmed` (indexes), perhaps has more."""

    def __init__(self, reason: str, *, permanent: bool, confirmed: frozenset[int]) -> None:
        super().__init__(reason, permanent=permanent)
        self.confirmed = confirmed


class AmqpPublisher:
    """Publish to one exchange and routing key; use it from one event loop.

    Args:
        on_state: hears `blocked: <reason>`, `unblocked` and `closed: <reason>`.
    """

    def __init__(self, options: PublisherOptions, on_state: Callable[[str], None] | None = None) -> None:
        self.options = options
        self.blocked = ""
        self._on_state = on_state
        self._wire: ClientConnection | None = None
        self._link: Link | None = None
        self._ready: asyncio.Future[None] | None = None
        self._batches = Batches()
        self._futures: dict[Batch, asyncio.Future[SendResult]] = {}
        self._turn = asyncio.Lock()
        self._unblocked = asyncio.Event()
        self._failure: DeliveryError | None = None

    async def open(self) -> None:
        """Connect, log in, select confirms; raises DeliveryError."""
        options = self.options
        loop = asyncio.get_running_loop()
        await self.close()
        wire = ClientConnection(
            options.username, options.password, options.virtual_host, heartbeat_s=options.heartbeat_s
        )  # fmt: skip
        self._wire, self._ready, self._failure = wire, loop.create_future(), None
        self._batches = Batches()
        self.blocked = ""
        self._unblocked.set()
        link = Link(wire, self._take_events, self._lost)
        try:
            async with asyncio.timeout(options.connect_s):
                context = ssl.create_default_context() if options.tls else None
                await loop.create_connection(lambda: link, options.host, options.port, ssl=context)
                self._link = link
                await self._ready
        except TimeoutError as late:
            self._abandon(link)
            raise DeliveryError(f"no broker within {options.connect_s:g} s") from late
        except OSError as failed:
            self._abandon(link)
            raise DeliveryError(str(failed), permanent=isinstance(failed, ssl.SSLCertVerificationError)) from failed
        except asyncio.CancelledError:
            self._abandon(link)
            raise

    async def send(self, bodies: Sequence[bytes]) -> SendResult:
        """Publish all, and wait for the broker's answer to each.

        Raises:
            DeliveryError: nothing was written. SendInterrupted: the connection died; `confirmed` says how far it came.
        """
        if not bodies:
            return SendResult(0, {})
        batch = Batch(bodies)
        answer: asyncio.Future[SendResult] = asyncio.get_running_loop().create_future()
        async with self._turn:
            wire, link = self._wire, self._link
            if wire is None or link is None:
                raise self._failure or DeliveryError("not connected")
            self._futures[batch] = answer
            try:
                await self._write(wire, link, batch, answer)
            except asyncio.CancelledError:
                self._futures.pop(batch, None)
                link.drop("a send was cancelled half-way")
                raise
        try:
            return await answer
        finally:
            self._futures.pop(batch, None)

    async def close(self) -> None:
        """Say goodbye; what is in flight raises SendInterrupted."""
        link, wire = self._link, self._wire
        if link is None or wire is None:
            return
        if not link.lost.is_set():
            wire.close()
            link.flush()
            try:
                await asyncio.wait_for(link.lost.wait(), 1)
            except TimeoutError:
                link.drop("the broker did not answer our close")
                await link.lost.wait()

    async def _write(
        self, wire: ClientConnection, link: Link, batch: Batch, answer: "asyncio.Future[SendResult]"
    ) -> None:
        options = self.options
        bodies = batch.bodies
        for at in range(0, len(bodies), _PIECE):
            await self._unblocked.wait()
            await link.writable.wait()
            if answer.done() or wire.state is not State.OPEN:
                break
            piece = bodies[at : at + _PIECE]
            self._batches.write(batch, len(piece))
            wire.publish(
                CHANNEL,
                options.exchange,
                options.routing_key,
                piece,
                mandatory=options.mandatory,
                persistent=options.persistent,
            )
            link.flush()

    # ------------------------------------------------------------------------------------------ events

    def _take_events(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case Confirmed():
                    self._settle(self._batches.answer(event.tag, event.multiple, ""))
                case Nacked():
                    self._settle(self._batches.answer(event.tag, event.multiple, "the broker refused it (nack)"))
                case Returned():
                    self._batches.take_return(event.body, f"{event.code} {event.text}")
                case ConnectionOpened() | ChannelOpened() | ConfirmsSelected():
                    self._proceed(event)
                case Blocked():
                    self.blocked = event.reason or "blocked"
                    self._unblocked.clear()
                    self._tell(f"blocked: {self.blocked}")
                case Unblocked():
                    self.blocked = ""
                    self._unblocked.set()
                    self._tell("unblocked")
                case ChannelClosed() | ConnectionClosed():
                    self._closed(event.code, event.text)
                case _:
                    pass

    def _proceed(self, event: ConnectionOpened | ChannelOpened | ConfirmsSelected) -> None:
        wire = self._wire
        if wire is None:
            return
        match event:
            case ConnectionOpened():
                wire.open_channel(CHANNEL)
            case ChannelOpened():
                wire.select_confirms(CHANNEL)
            case ConfirmsSelected():
                if self._ready is not None and not self._ready.done():
                    self._ready.set_result(None)

    def _settle(self, settled: list[Batch]) -> None:
        for batch in settled:
            answer = self._futures.get(batch)
            if answer is not None and not answer.done():
                answer.set_result(SendResult(len(batch.bodies) - len(batch.refused), batch.refused))

    def _closed(self, code: int, text: str) -> None:
        """Remember the broker's reason and let the socket go; `_lost` does the rest."""
        if self._failure is None:
            reason = "closed" if code == ReplyCode.SUCCESS else f"{code} {text}".strip()
            self._failure = DeliveryError(reason, permanent=code in NEEDS_A_HUMAN)
        if self._link is not None:
            self._link.drop(self._failure.reason)

    def _lost(self, reason: str) -> None:
        failure = self._failure = self._failure or DeliveryError(reason)
        self._wire = self._link = None
        self.blocked = ""
        self._unblocked.set()
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(failure)
        for batch, answer in self._futures.items():
            if not answer.done():
                error = SendInterrupted(failure.reason, permanent=failure.permanent, confirmed=batch.confirmed())
                answer.set_exception(error)
        self._batches.abandon()
        self._tell(f"closed: {failure.reason}")

    def _abandon(self, link: Link) -> None:
        """Give up a connection that never became ready."""
        if self._ready is not None:
            self._ready.cancel()
        if self._link is link:
            link.drop("given up")
        self._wire = None

    def _tell(self, state: str) -> None:
        if self._on_state is not None:
            self._on_state(state)
