"""The nightly clock: once a day, at a time of night, one task after the other over all stations.

A night that a stop or a crash interrupted is done at the next start; an operator's restart runs one at once.
Invariant: tasks are idempotent, so a night that is run twice changes nothing the second time.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import structlog
import trio

from actors.kernel.clock import Now, monotonic
from actors.kernel.crossing import Host
from protocols.times import DAY_S, day_start
from storage.writer import RETRY_S, StoreError, Unit, Writer

log = structlog.get_logger()

LAST_NIGHT = "nightly.last"
"""Epoch seconds of the night that was done last."""
LONGEST_SLEEP_S = 3600.0


class NightTask(NamedTuple):
    """One thing to do; `run` gives how much it did. A weekly one is done in the night to Monday."""

    name: str
    run: Callable[[], Awaitable[int]]
    weekly: bool = False


class NightlyClock:
    """The service `clock:nightly`.

    Args:
        at_s: seconds after midnight in Vietnam.
        last: the night that was done last, as counted.
    """

    def __init__(
        self, now: Now, host: Host, writer: Writer, at_s: int, last: Callable[[], int], tasks: Sequence[NightTask]
    ) -> None:
        self._now = now
        self._host = host
        self._writer = writer
        self._at_s = at_s
        self._last = last
        self._tasks = tuple(tasks)
        self._lives = 0
        self.nights = 0
        self.took_s = 0.0
        self.done: dict[str, int] = {}

    async def run(self, ready: Callable[[], None]) -> None:
        """Wait for the night and do it, for ever; a later life than the first was asked for and does it at once."""
        ready()
        self._lives += 1
        asked = self._lives > 1
        while True:
            if asked or self._last() < self.night_before(self._now()):
                await self._night(asked)
                asked = False
                continue
            await trio.sleep(min(self.night_before(self._now()) + DAY_S - self._now() + 0.1, LONGEST_SLEEP_S))

    def night_before(self, now_s: float) -> int:
        """The last time of night that has passed."""
        today_s = day_start(int(now_s)) + self._at_s
        return today_s if now_s >= today_s else today_s - DAY_S

    async def _night(self, asked: bool) -> None:
        """Do every task; while the store is away, wait and go on with the same one."""
        night_s, started = self.night_before(self._now()), monotonic()
        self.done = {}
        for task in self._tasks:
            if asked or not task.weekly or is_monday(night_s):
                self.done[task.name] = await self._persist(task)
        unit = Unit()
        unit.count(LAST_NIGHT, night_s - self._last())

        async def keep() -> None:
            await self._writer.settle(unit)

        await self._host(keep)
        self.nights += 1
        self.took_s = monotonic() - started
        log.info("night_done", took_s=round(self.took_s, 1), **self.done)

    async def _persist(self, task: NightTask) -> int:
        async def run() -> int:
            return await task.run()

        while True:
            try:
                return await self._host(run)
            except StoreError as error:
                log.warning("night_waits", task=task.name, reason=error.reason)
                await trio.sleep(RETRY_S)

    def statistics(self) -> dict[str, float | int | str]:
        """What the console shows."""
        return {"nights": self.nights, "took_s": round(self.took_s, 1), **self.done}


def is_monday(night_s: int) -> bool:
    """Whether a night is the one of the weekly tasks; the epoch began on a Thursday."""
    return (day_start(night_s) + 7 * 3600) // DAY_S % 7 == 4
