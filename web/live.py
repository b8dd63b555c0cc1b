"""Pushes changes to browsers and scripts as server-sent events.

The board numbers its events; `Last-Event-ID` (or `?after=`) makes it replay what a broken link missed, or `resync`.
Nothing is buffered here: the next event is asked for when the last one has been written. A stream ends after an hour,
so that whoever reconnects is checked again.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import cast

import orjson
from quart import Blueprint, Response, current_app, request

from actors.board import Event
from protocols.times import iso
from web.deps import WebDeps
from web.refusals import Refusal, bad_value
from web.shapes import plain_shape

HEARTBEAT_S = 15.0
LONGEST_STREAM_S = 3600.0
RETRY_MS = 2000
MOST_STREAMS = 500


class Streams:
    """How many streams are open, and how many may be."""

    def __init__(self, most: int = MOST_STREAMS) -> None:
        self.most = most
        self.open = 0

    def admit(self) -> None:
        """Raise Refusal where there are too many."""
        if self.open >= self.most:
            raise Refusal(503, "too_many_streams", f"{self.most} event streams are open already", retry_after_s=30)

    def push(self, events: AsyncIterator[Event], now: Callable[[], float]) -> Response:
        """Answer with a stream of events."""

        async def counted(closing: asyncio.Event) -> AsyncIterator[bytes]:
            self.open += 1
            try:
                async for frame in stream(events, closing, now):
                    yield frame
            finally:
                self.open -= 1

        response = Response(counted(cast(asyncio.Event, current_app.shutdown_event)), content_type="text/event-stream")
        response.timeout = None
        response.headers["X-Accel-Buffering"] = "no"
        return response


def build_frame(event: Event) -> bytes:
    """Write one event."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (event.id, event.kind.encode(), orjson.dumps(plain_shape(event.data)))


def build_beat(now_s: float) -> bytes:
    """Write a heartbeat: a comment, and an event without id for scripts that cannot see comments."""
    return b": beat\nevent: beat\ndata: %s\n\n" % orjson.dumps({"now": iso(round(now_s))})


async def stream(
    events: AsyncIterator[Event], closing: asyncio.Event, now: Callable[[], float], heartbeat_s: float = HEARTBEAT_S
) -> AsyncIterator[bytes]:
    """Write events as they come and a beat where none came, until the server closes or an hour is over."""
    loop = asyncio.get_running_loop()
    end_s = loop.time() + LONGEST_STREAM_S
    upcoming = asyncio.ensure_future(_next(events))
    closed = asyncio.ensure_future(closing.wait())
    try:
        yield b"retry: %d\n\n" % RETRY_MS + build_beat(now())
        while loop.time() < end_s:
            done, _ = await asyncio.wait({upcoming, closed}, timeout=heartbeat_s, return_when=asyncio.FIRST_COMPLETED)
            if closed in done:
                return
            if upcoming in done:
                event = upcoming.result()
                if event is None:
                    return
                yield build_frame(event)
                upcoming = asyncio.ensure_future(_next(events))
            else:
                yield build_beat(now())
    finally:
        upcoming.cancel()
        closed.cancel()
        await asyncio.gather(upcoming, closed, return_exceptions=True)
        if isinstance(events, AsyncGenerator):
            await events.aclose()


async def _next(events: AsyncIterator[Event]) -> Event | None:
    async for event in events:
        return event
    return None


def live_routes(deps: WebDeps) -> Blueprint:
    """The route of pushed events."""
    routes = Blueprint("live", __name__)
    streams = Streams()

    @routes.get("/api/v1/events")
    async def events() -> Response:
        text = request.headers.get("Last-Event-ID", "") or request.args.get("after", "")
        if text and not (text.isascii() and text.isdigit()):
            raise bad_value("after", f"{text!r} is not an event id")
        streams.admit()
        return streams.push(deps.board.events(int(text) if text else None), deps.now)

    return routes
