"""What the two clocks of a great fleet cost: a round of each, and how long it holds the loop that all else waits for.

Actors, writer and store are the real ones; what a day would bring is put in at once. Held is processor time of the
loop's own thread between two of its turns, so that other processes beside it do not count.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time, thread_time

from actors.day_marks import DayMarks
from actors.driving_clock import DrivingClock
from actors.fleet import Fleet as Vehicles
from actors.kernel.clock import system_now
from actors.kernel.loops import Bridge, run_guest
from actors.messages import WaypointStored
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.touched_tracks import QUIET_S
from actors.traffic_clock import TrafficClock
from actors.vehicle import VehicleActor
from protocols.formats.ufms import build_waypoint
from protocols.times import DAY_S, midnight_s
from protocols.vocabulary import ActorState
from protocols.waypoint import Waypoint
from server.collector import hold_while_loading, keep_what_is_loaded
from storage.database import Database
from storage.fleet import FleetRow
from storage.ids import load_ids
from storage.models import VehicleRow
from storage.sqlite_engine import SqliteEngine
from storage.waypoints import WaypointJournal
from storage.writer import Unit, Writer
from tests.bench.report import Report
from tests.storage.blank import open_blank

NAME = "clocks"
HELD_BAR_MS = "< 50"
TOGETHER = 5_000
LATE, POINTS, SECONDLY = 40, 2_880, 20_000
"""Vehicles whose day is judged anew, the messages of one, and those of a vehicle that sends each second."""


class Fleet:
    """Vehicles that are on the road, over a real store."""

    def __init__(self, database: Database, folder: Path, vehicles: int) -> None:
        self.database = database
        self.writer = Writer(SqliteEngine(folder / "trambox.db"), database.pen)
        self.bridge = Bridge()
        self.book = LimitBook(load_limits())
        self.now_s = int(system_now())
        self.actors = Vehicles(_nobody)
        self.seq = 0
        for number in range(1, vehicles + 1):
            actor = VehicleActor(number, f"29H{number:06}", 80.0, self.book)
            self.actors.add(actor)
            self.actors.come(number)
            actor.state = ActorState.RUNNING
            self.drive(actor, self.now_s - 60)

    def drive(self, actor: VehicleActor, time_s: int) -> None:
        """It sends once more."""
        self.seq += 1
        driver = f"{actor.vehicle_id:012}"
        place = 105.0 + time_s % 3600 * 1e-5, 20.0
        waypoint = Waypoint(actor.plate, driver, 50.0, time_s, *place, None, None, None, None)
        actor.receive(WaypointStored(self.seq, self.now_s * 1000, waypoint))
        actor.seq = self.seq

    async def open(self) -> None:
        """Register all of it."""
        self.ids = await load_ids(self.database)
        await self.writer.open()
        numbers = list(self.actors)
        for at in range(0, len(numbers), TOGETHER):
            async with self.database.writing():
                await VehicleRow.bulk_create(
                    [
                        VehicleRow(id=number, plate=self.actors[number].plate, company=f"Công ty {number % 800}")
                        for number in numbers[at : at + TOGETHER]
                    ]
                )


def _nobody(row: FleetRow) -> VehicleActor:
    raise KeyError(row.id)


async def bench(report: Report, vehicles: int) -> None:
    """The traffic clock, then the driving clock."""
    with TemporaryDirectory(prefix="trambox-bench-") as folder:
        database = await open_blank(Path(folder))
        hold_while_loading()
        fleet = Fleet(database, Path(folder), vehicles)
        await fleet.open()
        keep_what_is_loaded()
        try:
            await _traffic(report, fleet)
            await _driving(report, fleet)
        finally:
            await fleet.writer.close()
            await database.close()


@asynccontextmanager
async def measured(report: Report, name: str, what: str) -> AsyncGenerator[None, None]:
    """Report the processor time of something, and how long it held the loop."""
    holds: list[float] = []
    ticking = asyncio.create_task(_tick(holds))
    await asyncio.sleep(0.05)
    holds.clear()
    cpu_s, loop_s = process_time(), thread_time()
    try:
        yield
    finally:
        cpu_s, loop_s = process_time() - cpu_s, thread_time() - loop_s
        await asyncio.sleep(0.01)
        ticking.cancel()
    report.add(name, f"{what}: processor", cpu_s, "CPU s")
    report.add(name, f"{what}: of it on the loop", loop_s, "CPU s")
    report.add(name, f"{what}: loop held at most", 1000 * max(holds, default=0.0), "CPU ms", HELD_BAR_MS)


async def _tick(holds: list[float]) -> None:
    last_s = thread_time()
    while True:
        await asyncio.sleep(0)
        at_s = thread_time()
        holds.append(at_s - last_s)
        last_s = at_s
        await asyncio.sleep(0.002)


async def _traffic(report: Report, fleet: Fleet) -> None:
    marks = DayMarks(fleet.ids)
    clock = TrafficClock(
        system_now, fleet.bridge.host, fleet.writer, fleet.database, marks, fleet.actors, lambda: 1, lambda name: 0
    )

    async def round_of(what: str) -> None:
        async with measured(report, NAME, f"traffic, {what}"):
            await run_guest(clock.look)

    await round_of("the first round of all, with owners")
    for actor in fleet.actors.values():
        fleet.drive(actor, fleet.now_s - 30)
    await round_of("a round where all drove")
    for actor in list(fleet.actors.values())[::20]:
        fleet.drive(actor, fleet.now_s - 20)
    await round_of("a round where a twentieth drove")
    await round_of("a round where none drove")
    unit = Unit()
    for number in list(fleet.actors)[::10]:
        row_id, detail = fleet.ids.take("violations"), '{"band": "5-10"}'
        unit.add("violations", (row_id, number, "speed", fleet.now_s, fleet.now_s + 60, True, detail, ""))
        marks.mark(unit, number, fleet.now_s)
    await fleet.writer.store(unit)
    await round_of("violations of a tenth counted")


async def _driving(report: Report, fleet: Fleet) -> None:
    ahead_s = [0.0]
    clock = DrivingClock(
        lambda: system_now() + ahead_s[0], fleet.bridge.host, fleet.writer, fleet.ids, WaypointJournal(fleet.database),
        fleet.actors, fleet.book, lambda name: 0,
    )  # fmt: skip
    assert await clock.begin()
    unit = Unit()
    for number in fleet.actors:
        start_s = fleet.now_s - 3600
        unit.add("stretches", (fleet.ids.take("stretches"), number, f"{number:012}", start_s, fleet.now_s - 30))
    await fleet.writer.store(unit)
    async with measured(report, NAME, "driving, a stretch of every licence grew"):
        await clock.look()
    async with measured(report, NAME, "driving, a look with nothing to do"):
        await clock.look()
    late = list(fleet.actors.values())[:LATE]
    await _store_days(fleet, late)
    for actor in fleet.actors.values():
        actor.touched_s, actor.state = fleet.now_s - 3600, ActorState.BEHIND
    clock.touch(fleet.actors)
    async with measured(report, NAME, "driving, a look while backlogs of all pour in"):
        await clock.look()
    for actor in fleet.actors.values():
        actor.touched_s, actor.state = 0, ActorState.RUNNING
    for actor in late:
        actor.touched_s = midnight_s(fleet.now_s) - DAY_S // 2
    ahead_s[0] += QUIET_S + 10
    async with measured(report, NAME, f"driving, {LATE} days judged anew, one of {SECONDLY} messages"):
        while any(actor.touched_s for actor in late):
            await clock.look()


def _day(fleet: Fleet, actor: VehicleActor, points: int) -> Iterator[tuple[int, bytes]]:
    begin_s = midnight_s(fleet.now_s) - DAY_S
    for step in range(points):
        time_s = begin_s + step * DAY_S // points
        waypoint = Waypoint(
            actor.plate, f"{actor.vehicle_id:012}", 50.0, time_s, 105.0 + step * 1e-4, 20.0, None, None, None, None
        )
        yield time_s, build_waypoint(waypoint)


async def _store_days(fleet: Fleet, actors: list[VehicleActor]) -> None:
    for actor in actors:
        unit, prev = Unit(), 0
        for time_s, body in _day(fleet, actor, SECONDLY if actor is actors[0] else POINTS):
            fleet.seq += 1
            unit.add("waypoints", (fleet.seq, prev, actor.vehicle_id, time_s, time_s * 1000, 1, body))
            prev = fleet.seq
        await fleet.writer.store(unit)
        actor.seq = fleet.seq
