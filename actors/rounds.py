"""The rounds of a clock: a look, a rest, another look, for ever; a store that is away is trouble that passes.

For work that must be looked for. What is told of its work waits in a worklist (worklist.py).
"""

from collections.abc import Awaitable, Callable

import trio

from storage.errors import UNREACHABLE
from storage.writer import RETRY_S, StoreError

REST = 9.0
"""A clock of a fleet rests this many times as long after each piece of its work: what a start finds undone would be a
minute's work."""
AWAY = (StoreError, *UNREACHABLE)
"""What says that the store cannot be asked just now."""


async def go_rounds(look: Callable[[], Awaitable[object]], stuck: Callable[[str], None], rest_s: float) -> None:
    """Look, for ever.

    Args:
        stuck: told why nothing can be read or stored just now.
    """
    while True:
        try:
            await look()
        except AWAY as error:
            stuck(str(error))
            await trio.sleep(RETRY_S)
        await trio.sleep(rest_s)


async def rested(begun_s: float) -> float:
    """Rest after work that began then; gives when the next begins."""
    await trio.sleep(REST * (trio.current_time() - begun_s))
    return trio.current_time()
