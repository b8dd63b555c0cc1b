"""A province's day: 1,400 stations with 12 parameters every five minutes over FTP, faster than real time.

The box runs with a clock of that pace, so hours close and their means are made as in a real day. A slice is measured
(`--seconds`), the whole day with `--seconds 1728` at 50 times real time. Every default test of the elements is on, with
the rules between parameters. Afterwards every value has to be judged, and every hour that closed to have its means.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from datetime import time as Hour
from math import cos, pi, sin
from random import Random
from time import perf_counter, time

from protocols.times import DAY_S, HOUR_S, ICT
from tests.bench.files import open_session
from tests.bench.latencies import Latencies
from tests.bench.processes import cpu_s, rss_mb
from tests.bench.report import Report
from tests.bench.uploads import Open, Put
from tests.bench.world import World, WorldOptions, station_code

NAME = "stations"
CADENCE_S = 300
PARAMETERS = (
    ("SO2", "ug/m3"),
    ("NO2", "ug/m3"),
    ("CO", "ug/m3"),
    ("O3", "ug/m3"),
    ("PM10", "ug/m3"),
    ("PM2.5", "ug/m3"),
    ("Temp", "oC"),
    ("RH", "%"),
    ("Pressure", "hPa"),
    ("WindSpeed", "m/s"),
    ("WindDir", "deg"),
    ("Radiation", "W/m2"),
)
MIDDLES = (20, 30, 900, 60, 60, 30, 28, 75, 1005, 2.5, 180, 300)
WIDTHS = (3, 4, 90, 8, 6, 3, 1, 4, 0.4, 0.8, 40, 60)


@dataclass(frozen=True, slots=True)
class DayOptions:
    """How much of the day, at which pace, by how many stations and sessions."""

    seconds: float = 60
    speed: float = 50
    stations: int = 1400
    sessions: int = 14
    begin: Hour | None = None
    """The hour of the day (ICT) at which it begins; None: now."""


def slot_files(stations: range, slot_s: int) -> Iterator[tuple[str, bytes]]:
    """Give each station's file of one instant."""
    random = Random(slot_s + stations.start)
    stamp = datetime.fromtimestamp(slot_s, ICT).strftime("%Y%m%d%H%M%S")
    hour = 2 * pi * (slot_s % DAY_S) / DAY_S
    for number in stations:
        swing = 0.3 * sin(hour + number) + 0.2 * cos(3 * hour)
        rows = (
            f"{symbol}\t{middle + width * (swing + random.uniform(-0.5, 0.5)):.2f}\t{unit}\t{stamp}\t00\r\n"
            for (symbol, unit), middle, width in zip(PARAMETERS, MIDDLES, WIDTHS, strict=True)
        )
        yield f"{station_code(number)}_{stamp}.txt", "".join(rows).encode()


class Day:
    """The slots of the simulated day, each sent by all sessions when the hurried clock comes to it."""

    def __init__(self, options: DayOptions, world: World) -> None:
        self.options = options
        self.world = world
        self.first_slot_s = int(world.simulated_s()) // CADENCE_S * CADENCE_S
        self.sent = 0
        self.behind = Latencies()
        self.latencies = Latencies()

    async def run(self, open_one: Open, until_s: float, *, kept: bool) -> None:
        """Send until a real time; unless `kept`, each file has a session of its own."""
        each = self.options.stations // self.options.sessions
        shares = [range(number * each, (number + 1) * each) for number in range(self.options.sessions)]
        await asyncio.gather(*(self._send(share, open_one, until_s, kept=kept) for share in shares))
        while self.world.real_s(self.first_slot_s) < time():
            self.first_slot_s += CADENCE_S

    async def _send(self, stations: range, open_one: Open, until_s: float, *, kept: bool) -> None:
        slot_s = self.first_slot_s
        each_s = CADENCE_S / self.options.speed / len(stations)
        session = open_one() if kept else None
        put = await session.__aenter__() if session is not None else None
        while (begin_s := self.world.real_s(slot_s)) < until_s:
            for place, (name, content) in enumerate(slot_files(stations, slot_s)):
                due_s = begin_s + place * each_s
                await asyncio.sleep(max(0.0, due_s - time()))
                await self._put(put, open_one, name, content)
                self.behind.add(max(0.0, time() - due_s))
            slot_s += CADENCE_S
        if session is not None:
            await session.__aexit__(None, None, None)

    async def _put(self, put: Put | None, open_one: Open, name: str, content: bytes) -> None:
        begun_s = perf_counter()
        if put is not None:
            await put(name, content)
        else:
            async with open_one() as fresh:
                await fresh(name, content)
        self.latencies.add(perf_counter() - begun_s)
        self.sent += 1


def world_of(options: DayOptions) -> World:
    """A province whose stations measure all that a station of air does."""
    return World(
        WorldOptions(
            stations=options.stations, kind="air", parameters=PARAMETERS, speed=options.speed, begin=options.begin
        )
    )


async def bench(report: Report, options: DayOptions) -> None:
    """Measure on a new world."""
    world = world_of(options)
    try:
        await world.populate()
        await world.start()
        report.add(NAME, "server memory at the start", rss_mb(world.pid), "MB")
        day = Day(options, world)

        def session() -> AbstractAsyncContextManager[Put]:
            return open_session(world.ports["ftp"], world.password)

        await _phase(report, day, session, kept=True)
        await _phase(report, day, session, kept=False)
        await rest(report, day)
    finally:
        await world.close()


async def _phase(report: Report, day: Day, session: Open, *, kept: bool) -> None:
    what, world = ("session kept" if kept else "session per file"), day.world
    sent, used_s, begun_s = day.sent, cpu_s(world.pid), time()
    day.behind, day.latencies = Latencies(), Latencies()
    seconds = day.options.seconds if kept else min(day.options.seconds, 30)
    async with asyncio.timeout(seconds * 4 + 60):
        await day.run(session, begun_s + seconds, kept=kept)
    took_s, files = time() - begun_s, day.sent - sent
    pace = day.options.stations / CADENCE_S * day.options.speed
    report.add(NAME, f"{what}: stored", files / took_s, "files/s", f"{pace * min(1.0, seconds / took_s):.0f}")
    report.add(NAME, f"{what}: readings", files * len(PARAMETERS) / took_s, "readings/s", "2,800" if kept else "")
    report.add(NAME, f"{what}: times real time", files * CADENCE_S / day.options.stations / took_s, "x", "50")
    for label, of in (("answer", day.latencies), ("behind its time", day.behind)):
        middle, highest = of.percentiles_ms(0.5, 0.99)
        report.add(NAME, f"{what}: {label} p50", middle, "ms")
        report.add(NAME, f"{what}: {label} p99", highest, "ms")
    report.add(NAME, f"{what}: server's core used", (cpu_s(world.pid) - used_s) * 100 / took_s, "%")
    report.add(NAME, f"{what}: server memory", rss_mb(world.pid), "MB", "600")


async def rest(report: Report, day: Day, name: str = NAME) -> None:
    """What is not judged yet when the last file is answered, and how many means stand."""
    world, begun_s = day.world, time()
    wanted = day.sent * len(PARAMETERS)
    while (judged := await asyncio.to_thread(world.rows, "readings")) < wanted and time() - begun_s < 60:
        await asyncio.sleep(0.05)
    report.add(name, "judged after the last answer", time() - begun_s, "s")
    report.add(name, "readings sent but not judged", wanted - judged, "readings", "0")
    closed_s = int((world.simulated_s() - 300 - 10 * day.options.speed) // HOUR_S * HOUR_S)
    report.add(name, "hourly means made", await asyncio.to_thread(world.rows, "hourly"), "means")
    late = await asyncio.to_thread(world.rows, f"dirty_hours WHERE hour_s <= {closed_s}")
    report.add(name, "closed hours whose means are due for 10 s and more", late, "hours", "0")
    report.add(name, "server memory at the end", rss_mb(world.pid), "MB", "600")
    report.add(name, "drained stop", await world.stop(), "s")
    sums = await world.audit()
    report.add(name, "files sent but not stored once (audit)", day.sent - sums["files"]["stored"], "files", "0")
