"""A host loop for tests in virtual time: trio's clock jumps, the real store runs on an asyncio loop of its own."""

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class HostLoop:
    """Runs a coroutine to its end at once (actors/kernel/crossing.py: Host); one context, as Tortoise wants it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._context = contextvars.copy_context()

    def run(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run from outside trio as well."""
        return self._loop.run_until_complete(self._loop.create_task(make(), context=self._context))

    async def __call__(self, make: Callable[[], Coroutine[Any, Any, T]], /) -> T:
        return self.run(make)

    def close(self) -> None:
        """End the loop."""
        self._loop.close()
