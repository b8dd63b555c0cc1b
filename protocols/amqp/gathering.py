"""Joins what the reads of a stream brought: an offer costs as much as some dozen of its messages.

What comes after a silence is offered at once. What follows it sooner than GATHER_S waits until then, unless it is much:
the store commits a stream less often than that. Who sends one message when all before it is confirmed waits for each:
that is no stream, and goes on at once.
Invariant: the order of a connection stays, and nothing is kept back when it says something else or says no more:
its peer calls `release` before. Who cannot be offered what is kept back is hung up, as in a read: it sends again.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack

from protocols.amqp.events import Published

GATHER_S = 0.015
MANY, MANY_BYTES = 128, 1 << 16
"""So many messages make an offer worth its cost; so much memory is not kept where no limit counts it."""


class Gathering:
    """The messages of one connection on their way to `offer`.

    Args:
        hang_up: ends the connection.
        is_served: whether all that was offered is stored.
    """

    __slots__ = ("_hang_up", "_held", "_held_bytes", "_is_served", "_loop", "_offer", "_offered_s", "_timer")

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        offer: Callable[[Published], None],
        hang_up: Callable[[], None],
        is_served: Callable[[], bool],
    ) -> None:
        self._loop = loop
        self._offer = offer
        self._hang_up = hang_up
        self._is_served = is_served
        self._offered_s = 0.0
        self._held: Published | None = None
        self._held_bytes = 0
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
        self._held_bytes += sum(map(len, event.bodies))
        rest_s = self._offered_s + GATHER_S - self._loop.time()
        count = len(held.bodies)
        if rest_s <= 0 or count >= MANY or self._held_bytes >= MANY_BYTES or (count == 1 and self._is_served()):
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
        held, self._held, self._held_bytes = self._held, None, 0
        if held is not None:
            self._offered_s = self._loop.time()
            self._offer(held)
