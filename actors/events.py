"""Pushed changes, numbered without holes; whoever lost the link says the last number it saw and misses nothing.

A ring of the newest events serves the reconnecting. While nobody listens, and nobody has for a while, changes are not
worth writing down; whoever comes back after that, or after the ring, is told to `resync`, and so is a listener who
reads more slowly than the ring turns.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from actors.board import Event

KEPT = 5000
LINGER_TICKS = 60
"""For so many ticks (seconds) after the last listener left, a reconnect is expected."""


class Events:
    """The ring and those who listen."""

    def __init__(self) -> None:
        self._ring: deque[Event] = deque(maxlen=KEPT)
        self._last = 0
        self._waiting: set[asyncio.Event] = set()
        self._lingering = 0
        self._unheard = -1

    def push(self, kind: str, data: dict[str, Any]) -> None:
        """Tell everybody."""
        self._last += 1
        self._ring.append(Event(self._last, kind, data))
        for waiting in self._waiting:
            waiting.set()

    @property
    def heard(self) -> bool:
        """Whether anybody listens, or did a moment ago; otherwise say `unheard` instead of pushing a change."""
        return bool(self._waiting) or self._lingering > 0

    def unheard(self) -> None:
        """A change was not pushed."""
        self._unheard = self._last

    def tick(self) -> None:
        """A second has passed."""
        self._lingering = LINGER_TICKS if self._waiting else max(0, self._lingering - 1)

    async def follow(self, after: int | None) -> AsyncIterator[Event]:
        """Events after a number, then live ones, for ever."""
        news = asyncio.Event()
        self._waiting.add(news)
        self._lingering = LINGER_TICKS
        last = self._last if after is None else after
        try:
            missed = after is not None and after <= self._unheard
            if missed or last > self._last:
                last = self._last
                yield Event(last, "resync", {})
            while True:
                while self._ring and last < self._ring[0].id - 1:
                    last = self._last
                    yield Event(last, "resync", {})
                news.clear()
                for event in self._after(last):
                    last = event.id
                    yield event
                await news.wait()
        finally:
            self._waiting.discard(news)

    def _after(self, last: int) -> list[Event]:
        if not self._ring or self._ring[-1].id <= last:
            return []
        return list(self._ring)[last + 1 - self._ring[0].id :]
