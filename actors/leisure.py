"""Work that can wait: after each part it rests in proportion to what that took, so that what cannot wait comes first.

Without it, work made again and again by what comes late takes the time of the intake, which makes more come late.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from math import inf

from actors.kernel.clock import monotonic, processor_s

REST = 3.0
"""So many times as long as it worked: a quarter of the time at most, and less of it where others take their share."""
MOST_S = 10.0
"""But never longer: a part for which the store was slow must not hold up what becomes due meanwhile."""
IDLE_SHARE, PROMPT_S = 0.25, 0.005
"""Nobody needs the processor: while this rested, the process used no more of it, and it could go on that promptly."""
SHORT_REST, LONG_REST = 0.2, 2.0
"""Rests, in times of the work before: while nobody needs the processor, and while somebody does."""


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


async def rest_as_needed(worked_s: float) -> None:
    """Rest on the host loop after work that took so much of the processor: briefly, or much longer if others were busy.

    Where other processes have the machine, the time that work waited for them is no reason to rest.
    """
    slept_s, begun_s, used_s = SHORT_REST * worked_s, monotonic(), processor_s()
    await asyncio.sleep(slept_s)
    rested_s, used_s = monotonic() - begun_s, processor_s() - used_s
    if used_s > IDLE_SHARE * rested_s or rested_s - slept_s > PROMPT_S:
        await asyncio.sleep(min(LONG_REST * worked_s, MOST_S) - rested_s)
