"""The nightly clock in virtual time: once a night, also after a stop, at once when asked, and it outlives a store."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import trio
import trio.testing

from actors.nightly import LAST_NIGHT, NightlyClock, NightTask, is_monday
from protocols.times import DAY_S, day_start
from storage.writer import StoreError, Unit

pytestmark = pytest.mark.trio
MIDNIGHT_S = day_start(1_774_000_000)
AT_S = 9000


class Bed:
    """A clock, a store of one counter, and tasks that count."""

    def __init__(self, last: int = 0, start_s: float = MIDNIGHT_S) -> None:
        self.last = last
        self.start_s = start_s
        self.runs: list[float] = []
        self.weeks = 0
        self.failing = 0
        tasks = [NightTask("drift", self.task), NightTask("weekly", self.week, weekly=True)]
        self.clock = NightlyClock(self.now, host, self, AT_S, lambda: self.last, tasks)  # type: ignore[arg-type]

    def now(self) -> float:
        return self.start_s + trio.current_time()

    async def settle(self, unit: Unit) -> None:
        self.last += unit.counters[LAST_NIGHT]

    async def task(self) -> int:
        if self.failing:
            self.failing -= 1
            raise StoreError("away")
        self.runs.append(self.now() - MIDNIGHT_S)
        return 7

    async def week(self) -> int:
        self.weeks += 1
        return 1

    async def live(self, for_s: float) -> None:
        with trio.move_on_after(for_s):
            await self.clock.run(lambda: None)


async def host(make: Callable[[], Awaitable[Any]]) -> Any:
    return await make()


async def test_a_night_is_done_once_at_its_time(autojump_clock: trio.testing.MockClock) -> None:
    bed = Bed(last=MIDNIGHT_S + AT_S - DAY_S)
    await bed.live(3 * DAY_S)
    assert [round(at_s - AT_S) // DAY_S for at_s in bed.runs] == [0, 1, 2]
    assert bed.last == MIDNIGHT_S + AT_S + 2 * DAY_S and bed.clock.statistics()["drift"] == 7


async def test_a_night_that_was_missed_is_done_at_the_start(autojump_clock: trio.testing.MockClock) -> None:
    bed = Bed(last=MIDNIGHT_S - 5 * DAY_S)
    await bed.live(60)
    assert [round(at_s) for at_s in bed.runs] == [0]


async def test_a_restart_runs_one_at_once_with_all_tasks(autojump_clock: trio.testing.MockClock) -> None:
    bed = Bed(last=MIDNIGHT_S + AT_S - DAY_S)
    await bed.live(60)
    assert bed.runs == []
    await bed.live(60)
    assert len(bed.runs) == 1 and bed.weeks == 1


async def test_while_the_store_is_away_the_task_waits_and_goes_on(autojump_clock: trio.testing.MockClock) -> None:
    bed = Bed()
    bed.failing = 3
    await bed.live(120)
    assert len(bed.runs) == 1 and bed.last > 0


async def test_weekly_tasks_are_done_in_the_night_to_monday(autojump_clock: trio.testing.MockClock) -> None:
    bed = Bed(last=MIDNIGHT_S + AT_S - DAY_S)
    await bed.live(14 * DAY_S)
    assert bed.weeks == 2


async def test_monday_is_monday() -> None:
    assert is_monday(day_start(1_774_224_000) + AT_S)  # 2026-03-23
    assert not is_monday(day_start(1_774_224_000) - 3600)
