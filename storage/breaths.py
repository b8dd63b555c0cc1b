"""Long work in breaths: whoever walks over many things lets everybody else have their turn in between."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

T = TypeVar("T")

BREATH = 2_000
"""So many cheap steps take some milliseconds."""


async def in_breaths(items: Iterable[T], breath: int = BREATH) -> AsyncIterator[T]:
    """Give the items one after the other, and the loop to others after each breath."""
    for number, item in enumerate(items, 1):
        yield item
        if number % breath == 0:
            await asyncio.sleep(0)
