"""Times small things: the median of several rounds, with the collector of garbage off, or as the server has it."""

import gc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter

from server.collector import hold_while_loading, keep_what_is_loaded

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


@contextmanager
def served() -> Iterator[Callable[[], None]]:
    """Collect garbage as the server does, given what to call when all is loaded; afterwards as before."""
    thresholds = gc.get_threshold()
    gc.collect()
    hold_while_loading()
    try:
        yield keep_what_is_loaded
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
        gc.enable()
