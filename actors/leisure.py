"""Work that can wait: after each part it rests in proportion to what that took, so that what cannot wait comes first.

Without it, work made again and again by what comes late takes the time of the intake, which makes more come late.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from math import inf

REST = 3.0
"""So many times as long as it worked: a quarter of the time at most, and less of it where others take their share."""
MOST_S = 10.0
"""But never longer: a part for which the store was slow must not hold up what becomes due meanwhile."""


@asynccontextmanager
async def at_leisure() -> AsyncGenerator[None]:
    """Do a part of work on the host loop, then rest."""
    now = asyncio.get_running_loop().time
    begun_s = now()
    yield
    await rest_after(now() - begun_s, MOST_S)


async def rest_after(worked_s: float, most_s: float = inf) -> None:
    """Rest on the host loop after work that took so long."""
    await asyncio.sleep(min(REST * worked_s, most_s))
