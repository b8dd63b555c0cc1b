"""A sudden stop in the middle of a province's day: how soon the box is on time again, and how fast it is meanwhile.

The server is stopped (SIGSTOP) for 15 s, at 50 times real time 12.5 minutes of data; loggers hold back what they could
not send, and send it in order as fast as they are answered. What it owes afterwards is what a power cut or a full disk
leaves. Nothing may be lost.
"""

import asyncio
import os
from collections.abc import Iterable
from signal import SIGCONT, SIGSTOP
from time import time

from typing_extensions import override

from tests.bench.files import open_session
from tests.bench.latencies import Latencies
from tests.bench.processes import cpu_s, rss_mb
from tests.bench.report import Report
from tests.bench.stations import CADENCE_S, Day, DayOptions, rest, world_of

NAME = "shock"
STOPPED_S = 15.0
ON_TIME_S, FOR_S = 1.0, 5.0
"""On time: every file for so long left at most so long after it was due."""


class Course(Latencies):
    """Latencies, and when each was seen."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[float, float]] = []

    @override
    def add(self, seconds: float, messages: int = 1) -> None:
        super().add(seconds, messages)
        self.seen.append((time(), seconds))


def on_time_at(seen: Iterable[tuple[float, float]], since_s: float) -> float | None:
    """When everything was on time again, for good enough; None where that was not seen."""
    begun_s: float | None = None
    for at_s, behind_s in sorted(seen):
        if at_s < since_s:
            continue
        if behind_s > ON_TIME_S:
            begun_s = None
        elif begun_s is None:
            begun_s = at_s
        elif at_s - begun_s >= FOR_S:
            return begun_s
    return None


async def bench(report: Report, options: DayOptions) -> None:
    """Measure on a new world: a third of the time as usual, the stop, the rest."""
    world = world_of(options)
    try:
        await world.populate()
        await world.start()
        day = Day(options, world)
        course = day.behind = Course()
        usual_s = options.seconds / 3
        sending = asyncio.create_task(
            day.run(lambda: open_session(world.ports["ftp"], world.password), time() + options.seconds, kept=True)
        )
        await asyncio.sleep(usual_s)
        await _stop_for_a_while(world.pid)
        went_on_s, used_s = time(), cpu_s(world.pid)
        highest = day.latencies = Latencies()
        async with asyncio.timeout(options.seconds * 4 + 60):
            await sending
        again_s = on_time_at(course.seen, went_on_s)
        until_s = again_s or time()
        files = sum(went_on_s <= at_s < until_s for at_s, _ in course.seen)
        took_s = max(until_s - went_on_s, 1e-9)
        if again_s is None:
            report.note("shock: the box was not on time again within the slice")
        else:
            report.add(NAME, f"stopped for {STOPPED_S:.0f} s: on time again after", took_s, "s")
        report.add(NAME, "meanwhile: stored", files / took_s, "files/s")
        report.add(NAME, "meanwhile: times real time", files * CADENCE_S / options.stations / took_s, "x")
        behind_s = max((behind for at_s, behind in course.seen if at_s >= went_on_s), default=0.0)
        report.add(NAME, "furthest behind its time", behind_s, "s")
        report.add(NAME, "answer p99 after the stop", highest.percentiles_ms(0.99)[0], "ms")
        core = (cpu_s(world.pid) - used_s) * 100 / (time() - went_on_s)
        report.add(NAME, "server's core used after the stop", core, "%")
        report.add(NAME, "server memory", rss_mb(world.pid), "MB")
        await rest(report, day, NAME)
    finally:
        await world.close()


async def _stop_for_a_while(pid: int) -> None:
    os.kill(pid, SIGSTOP)
    try:
        await asyncio.sleep(STOPPED_S)
    finally:
        os.kill(pid, SIGCONT)
