"""The one reader of the clock: everybody else is given `now`.

`time.time` counts UTC epoch seconds. In virtual time (tests) the clock follows trio's mock clock.
"""

import time
from collections.abc import Callable

import trio

Now = Callable[[], float]
"""Gives UTC epoch seconds."""


def system_now() -> float:
    """Read the machine's clock."""
    return time.time()


def virtual_now(start_s: float) -> Now:
    """Make a clock that starts at `start_s` and follows trio's (mock) clock."""
    origin = trio.current_time()
    return lambda: start_s + trio.current_time() - origin


def processor_s() -> float:
    """Seconds of processor that this process has used, all its threads together."""
    return time.process_time()


def monotonic() -> float:
    """Seconds for measuring how long something took."""
    return time.perf_counter()
