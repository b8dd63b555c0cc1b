"""The rounds of a clock: a look, a rest, another look, for ever; a store that is away is trouble that passes.

For work that must be looked for. What is told of its work waits in a worklist (worklist.py).
"""

from collections.abc import Awaitable, Callable

import trio

from storage.errors import UNREACHABLE
from storage.writer import RETRY_S, StoreError

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
