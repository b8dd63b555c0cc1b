"""The machinery by itself: the dispatcher with actors that do nothing, the bridge between the loops, the writer."""

import asyncio
import tempfile
from itertools import islice
from pathlib import Path

import trio

from actors.kernel.loops import Bridge, run_guest
from actors.messages import DeadlinePassed
from storage.sqlite_engine import SqliteEngine
from storage.waypoint_rows import WaypointRows
from storage.writer import Unit, Writer
from tests.bench.fleet import body
from tests.bench.idle_kernel import idle_actors, idle_dispatcher
from tests.bench.report import Report
from tests.bench.timing import seconds_per_await, seconds_per_call
from tests.storage.blank import open_blank

NAME = "kernel"
ACTORS, MESSAGES_EACH = 30_000, 4
CROSSINGS, IN_FLIGHT = 5_000, 50
ROWS, ROWS_PER_UNIT, SINGLE_COMMITS = 200_000, 200, 500


async def bench(report: Report) -> None:
    """Measure all of it."""
    _dispatch(report)
    await _cross(report)
    await _write(report)


def _dispatch(report: Report) -> None:
    dispatcher, actors = idle_dispatcher(), idle_actors(ACTORS)
    mail = [DeadlinePassed(0, 0.0, 0.0)] * MESSAGES_EACH

    def run() -> None:
        for actor in actors:
            for message in mail:
                dispatcher.post(actor, message)
        while not dispatcher.idle:
            dispatcher.round()

    each_s = seconds_per_call(run, ACTORS * MESSAGES_EACH)
    report.add(NAME, f"dispatcher, {MESSAGES_EACH} messages in a mailbox", 1 / each_s, "messages/s")


async def _cross(report: Report) -> None:
    bridge = Bridge()

    async def nothing() -> None: ...

    async def alone() -> None:
        for _ in range(CROSSINGS):
            await bridge.host(nothing)

    async def together() -> None:
        async with trio.open_nursery() as nursery:
            for _ in range(IN_FLIGHT):
                nursery.start_soon(one_of_many)

    async def one_of_many() -> None:
        for _ in range(CROSSINGS // IN_FLIGHT):
            await bridge.host(nothing)

    async def guest_alone() -> None:
        for _ in range(CROSSINGS):
            await bridge.guest(nothing)

    async def main() -> None:
        for what, run in (
            ("trio to asyncio and back, alone", alone),
            (f"trio to asyncio and back, {IN_FLIGHT} in flight", together),
            ("asyncio to trio and back, alone", lambda: bridge.host(guest_alone)),
        ):
            report.add(NAME, what, await seconds_per_await(run, CROSSINGS) * 1e6, "us")

    await run_guest(main)


async def _write(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="trambox-bench-writer-") as name:
        folder = Path(name)
        database = await open_blank(folder)
        writer = Writer(SqliteEngine(folder / "trambox.db"), database.pen)
        await writer.open()
        content, ids = body(1, 1_800_000_000), iter(range(1, 1 << 60))

        def rows(count: int) -> WaypointRows:
            return WaypointRows.of((seq, 0, 1, 1_800_000_000, 0, 1, content) for seq in islice(ids, count))

        async def many() -> None:
            for _ in range(ROWS // ROWS_PER_UNIT // 10):
                await asyncio.gather(*(writer.store(_unit(rows(ROWS_PER_UNIT))) for _ in range(10)))

        async def single() -> None:
            for _ in range(SINGLE_COMMITS):
                await writer.store(_unit(rows(1)))

        report.add(NAME, f"writer, 10 units of {ROWS_PER_UNIT}", 1 / await seconds_per_await(many, ROWS), "rows/s")
        report.add(NAME, "writer, one row at a time", 1 / await seconds_per_await(single, SINGLE_COMMITS), "commits/s")
        await writer.close()
        await database.close()


def _unit(rows: WaypointRows) -> Unit:
    return Unit({"waypoints": rows})
