"""A timer that is put off far more often than it fires.

Invariant: putting it off only writes a number; the loop's timer is set again when it fires too early.
"""

import asyncio
from collections.abc import Callable


class Deadline:
    """Call `on_expiry` once the time has come that the last `put_off` set."""

    __slots__ = ("_due", "_handle", "_loop", "_on_expiry")

    def __init__(self, loop: asyncio.AbstractEventLoop, on_expiry: Callable[[], object]) -> None:
        self._loop = loop
        self._on_expiry = on_expiry
        self._due = 0.0
        self._handle: asyncio.TimerHandle | None = None

    def put_off(self, seconds: float) -> None:
        """Expire so many seconds from now, and not before."""
        self._due = self._loop.time() + seconds
        if self._handle is None or self._handle.when() > self._due:
            self._arm()

    def cancel(self) -> None:
        """Never expire."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _arm(self) -> None:
        self.cancel()
        self._handle = self._loop.call_at(self._due, self._tick)

    def _tick(self) -> None:
        self._handle = None
        if self._loop.time() < self._due:
            self._arm()
        else:
            self._on_expiry()
