"""What it costs to judge tracks of a day anew: 8,640 waypoints of each vehicle, stored in turns as a fleet sends them.

Rows of one vehicle lie far apart in the journal, as after a backlog of many; actors, writer and store are the real
ones. Processor is that of reading, judging and writing together.
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from actors.driving_clock import DrivingClock
from actors.kernel.clock import monotonic, system_now
from actors.rejudging import Track
from actors.track_judge import Outcome, TrackJudge
from actors.violation_rows import ViolationRows
from protocols.formats.ufms_track import TrackBodies
from protocols.times import DAY_S, midnight_s
from server.collector import hold_while_loading, keep_what_is_loaded
from storage.waypoints import WaypointJournal
from storage.writer import Unit
from tests.bench.clocks import Fleet, measured
from tests.bench.fleet import LIMIT_KMH, PERIOD_CYCLES, SPEEDING_CYCLES, body
from tests.bench.report import Report
from tests.storage.blank import open_blank

NAME = "rejudging"
VEHICLES, JUDGED = 50, 40
STEP_S = 10
CYCLES = DAY_S // STEP_S
BUSY_S = 0.002
STORED_TOGETHER = 200
"""Cycles in one transaction."""


async def bench(report: Report) -> None:
    """Store a day of all, then judge some of them."""
    with TemporaryDirectory(prefix="trambox-bench-") as folder:
        database = await open_blank(Path(folder))
        hold_while_loading()
        fleet = Fleet(database, Path(folder), VEHICLES)
        await fleet.open()
        begin_s = midnight_s(fleet.now_s) - DAY_S
        await _store(fleet, begin_s)
        keep_what_is_loaded()
        try:
            await _judge(report, fleet, begin_s)
            await _pace(report, fleet, begin_s)
        finally:
            await fleet.writer.close()
            await database.close()


async def _store(fleet: Fleet, begin_s: int) -> None:
    unit = Unit()
    heads = dict.fromkeys(fleet.actors, 0)
    for cycle in range(CYCLES):
        time_s = begin_s + cycle * STEP_S
        for number, head in heads.items():
            fleet.seq += 1
            is_fast = (cycle + number) % PERIOD_CYCLES < SPEEDING_CYCLES
            octets = body(number, time_s, LIMIT_KMH + (17 if is_fast else -20))
            unit.add("waypoints", (fleet.seq, head, number, time_s, fleet.now_s * 1000, 1, octets))
            heads[number] = fleet.seq
        if (cycle + 1) % STORED_TOGETHER == 0 or cycle + 1 == CYCLES:
            await fleet.writer.store(unit)
            unit = Unit()
    for number, head in heads.items():
        fleet.actors[number].seq = head


async def _judge(report: Report, fleet: Fleet, begin_s: int) -> None:
    journal = WaypointJournal(fleet.database)
    judge = TrackJudge(fleet.writer, fleet.ids, journal, ViolationRows(fleet.ids))
    some = [fleet.actors[number] for number in range(1, JUDGED + 1)]
    async with measured(report, NAME, f"{JUDGED} tracks of {CYCLES:,} read"):
        for actor in some:
            assert len((await journal.tracks.read(actor.seq, 0, actor.vehicle_id)).bodies) == CYCLES
    rows, reader = await journal.tracks.read(some[0].seq, 0, some[0].vehicle_id), TrackBodies()
    async with measured(report, NAME, f"one of them {JUDGED} times put in order and its bodies read"):
        for _ in some:
            track = Track.arranged(rows, begin_s, reader)
            assert track is not None
            assert sum([len(breath) async for breath in track.breaths()]) == CYCLES
    for what in ("judged anew", "judged once more"):
        for actor in some:
            actor.touched_s = begin_s + STEP_S
        async with measured(report, NAME, f"{JUDGED} tracks {what}"):
            for actor in some:
                assert await judge.judge(actor) is Outcome.SETTLED


async def _pace(report: Report, fleet: Fleet, begin_s: int) -> None:
    """How fast the clock gets through them, while nobody else needs the processor and while somebody does."""
    clock = DrivingClock(
        system_now, fleet.bridge.host, fleet.writer, fleet.ids, WaypointJournal(fleet.database),
        fleet.actors, fleet.book, lambda name: 0,
    )  # fmt: skip
    assert await clock.begin()
    for what, others in (("alone", asyncio.Event().wait()), ("beside others", _busy())):
        working = asyncio.create_task(others)
        for number in range(1, JUDGED + 1):
            actor = fleet.actors[number]
            actor.touched_s, actor.last_seen_ms = begin_s + STEP_S, fleet.now_s * 1000 - 60_000
        clock.touch(range(1, JUDGED + 1))
        begun_s = monotonic()
        while clock.statistics()["touched"]:
            await clock.look()
        report.add(NAME, f"the clock's pace {what}", JUDGED / (monotonic() - begun_s), "tracks/s")
        working.cancel()


async def _busy() -> None:
    """Half of the processor."""
    while True:
        until_s = monotonic() + BUSY_S
        while monotonic() < until_s:
            pass
        await asyncio.sleep(BUSY_S)
