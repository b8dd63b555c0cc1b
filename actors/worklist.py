"""The waiting of a clock whose work stands in the store: do what is there, then wait for more, for ever.

Whatever is added while the last of it is done wakes the clock again; a store that is away is trouble that passes.
"""

from collections.abc import Callable, Coroutine
from math import inf
from typing import Any

import trio

from actors.kernel.crossing import Host
from storage.writer import RETRY_S, StoreError


class Worklist:
    """Does work whenever there is some.

    Args:
        do: does a part of what waits, on the host loop; returns how much that was.
        stuck: told why nothing can be read or stored just now.
    """

    def __init__(self, host: Host, do: Callable[[], Coroutine[Any, Any, int]], stuck: Callable[[str], None]) -> None:
        self._host = host
        self._do = do
        self._stuck = stuck
        self._wake = trio.Event()

    def touched(self) -> None:
        """There may be work."""
        self._wake.set()

    async def run(self, rest_s: Callable[[], float] = lambda: inf, settle_s: float = 0.0) -> None:
        """Do what there is, for ever.

        Args:
            rest_s: after how long work is there though nobody told of it.
            settle_s: how long what was told of waits for its companions.
        """
        while True:
            self._wake = trio.Event()
            try:
                while await self._host(self._do):
                    await trio.lowlevel.checkpoint()
            except StoreError as error:
                self._stuck(error.reason)
                await trio.sleep(RETRY_S)
                continue
            with trio.move_on_after(rest_s()):
                await self._wake.wait()
                await trio.sleep(settle_s)
