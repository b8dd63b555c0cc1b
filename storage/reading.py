"""Reads that services depend on: an engine that cannot be reached is a StoreError, expected trouble that passes.

Whoever reads while the store is away waits and reads again; only what nobody expected may crash an actor.
"""

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from storage.errors import UNREACHABLE
from storage.writer import StoreError

P = ParamSpec("P")
T = TypeVar("T")


def reading(read: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Decorate a read: it raises StoreError while the store is away."""

    @wraps(read)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await read(*args, **kwargs)
        except UNREACHABLE as error:
            raise StoreError(f"not readable: {str(error) or type(error).__name__}") from error

    return guarded
