"""Times small things: the median of several rounds, with the collector of garbage off."""

import gc
from collections.abc import Awaitable, Callable
from statistics import median
from time import perf_counter

ROUNDS = 5


def seconds_per_call(run: Callable[[], object], calls: int) -> float:
    """Seconds of one of the `calls` that `run` makes; the first round only warms up."""
    run()
    return median(_timed(run) for _ in range(ROUNDS)) / calls


def _timed(run: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    try:
        started_s = perf_counter()
        run()
        return perf_counter() - started_s
    finally:
        gc.enable()


async def seconds_per_await(run: Callable[[], Awaitable[object]], calls: int) -> float:
    """The same for what has to be awaited."""
    await run()
    took_s = []
    for _ in range(ROUNDS):
        started_s = perf_counter()
        await run()
        took_s.append(perf_counter() - started_s)
    return median(took_s) / calls
