"""The same server, but after a kill its vehicles read on only while no file `hold` stands beside the configuration.

Run as `python -m tests.end_to_end.held_back serve ...`. Only the pace differs; what is done is what is always done.
"""

import asyncio
import sys
from pathlib import Path

from actors import catching_up
from server.__main__ import main

HOLD = Path("hold")

catching_up.AT_START_S, catching_up.TOGETHER, catching_up.NEAR = 0.0, 50, 100
_step = catching_up.CatchingUp.step


def _is_held() -> bool:
    return HOLD.exists()


async def _held_step(self: catching_up.CatchingUp) -> None:
    """The first slice is always read, so a kill finds them in the middle of it."""
    while self.received and _is_held():
        await asyncio.sleep(0.05)
    await _step(self)


catching_up.CatchingUp.step = _held_step  # type: ignore[method-assign]

if __name__ == "__main__":
    sys.exit(main())
