"""Joins what the reads of a stream brought: an offer costs as much as some dozen of its messages.

What comes after a silence is offered at once. What follows it sooner than GATHER_S waits until then, unless it is much:
the store commits a stream less often than that.
Invariant: the order of a connection stays, and nothing is kept back when it says something else or says no more:
its peer calls `release` before. Who cannot be offered what is kept back is hung up, as in a read: it sends again.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack

from protocols.amqp.events import Published

GATHER_S = 0.015
MANY = 128
"""So many messages make an offer worth its cost."""


class Gathering:
    """The messages of one connection on their way to `offer`; `hang_up` ends it."""

    __slots__ = ("_hang_up", "_held", "_loop", "_offer", "_offered_s", "_timer")

    def __init__(
        self, loop: asyncio.AbstractEventLoop, offer: Callable[[Published], None], hang_up: Callable[[], None]
    ) -> None:
        self._loop = loop
        self._offer = offer
        self._hang_up = hang_up
        self._offered_s = 0.0
        self._held: Published | None = None
        self._timer: asyncio.TimerHandle | None = None

    def take(self, event: Published) -> None:
        """Offer it, or keep it for the next offer."""
        if self._held is not None and self._held.channel != event.channel:
            self.release()
        if (held := self._held) is None:
            held = self._held = event
        else:
            held.bodies += event.bodies
            held.last_tag = event.last_tag
        rest_s = self._offered_s + GATHER_S - self._loop.time()
        if rest_s <= 0 or len(held.bodies) >= MANY:
            self.release()
        elif self._timer is None:
            self._timer = self._loop.call_later(rest_s, self._in_time)

    def _in_time(self) -> None:
        with ExitStack() as broken:
            broken.callback(self._hang_up)
            self.release()
            broken.pop_all()

    def release(self) -> None:
        """Offer what is kept back."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        held, self._held = self._held, None
        if held is not None:
            self._offered_s = self._loop.time()
            self._offer(held)
