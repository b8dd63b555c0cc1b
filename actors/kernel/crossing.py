"""The type of the way from trio to the host loop, for those who cross without knowing either loop."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Host(Protocol):
    """Runs a coroutine on the host loop and gives its result."""

    async def __call__(self, make: Callable[[], Coroutine[Any, Any, T]], /) -> T: ...
