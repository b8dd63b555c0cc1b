"""The usual answers beside ours: the same load into RabbitMQ, durable queue, confirms, and what is usually behind it.

Behind it is once a shovel to a second queue, which passes on and keeps nothing, and once the script everybody writes,
which keeps in SQLite and passes nothing on. Neither judges a waypoint. Both are measured on one core, as our server
has, and on all.
"""

import asyncio
import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pika
from pika.adapters.blocking_connection import BlockingChannel

from tests.bench.far_end import FarEnd
from tests.bench.processes import all_cores, children_on, cpu_s, server_core
from tests.bench.report import Report
from tests.bench.waypoint_load import Entrance, LoadOptions, LoadResult, WaypointLoad
from tests.bench.waypoints import lag
from tests.rabbitmq import Broker, installed, running_broker

NAME = "rabbitmq"
SHOVELLED, STORED = "shovelled to the second queue", "stored by the script"
PROCESSOR = "processor"
SOURCE, TARGET = "bench.in", "bench.out"
BATCHES = 100, 1000
POLL_S = 0.1
DRAIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Bench:
    """One broker on some cores, and the load for it."""

    report: Report
    broker: Broker
    home: Path
    cores: set[int]
    seconds: float
    load: LoadOptions

    def used_s(self) -> float:
        """Processor time of the broker since its start."""
        return cpu_s(int((self.home / "pid").read_text()))


async def bench(report: Report, seconds: float, load: LoadOptions) -> None:
    """Measure classic and quorum queues, with each follower, on one core and on all."""
    if not installed():
        report.note("RabbitMQ is not installed: nothing to compare with")
        return
    for words, cores in (("one core", {server_core()}), ("all cores", all_cores())):
        with tempfile.TemporaryDirectory(prefix="trambox-bench-rabbitmq-") as home:
            with children_on(cores):
                running = running_broker(Path(home), "rabbitmq_shovel")
                broker = running.__enter__()
            try:
                measured = Bench(report, broker, Path(home), cores, seconds, load)
                for kind in ("classic", "quorum"):
                    await _shovel(measured, f"{kind}, {words}", kind)
                    for batch in BATCHES:
                        await _script(measured, f"{kind}, {words}, script of {batch:,}", kind, batch)
            finally:
                running.__exit__(None, None, None)
    _compare(report)


def _compare(report: Report) -> None:
    if not (ours := report.value("waypoints", "full speed: forwarded")):
        return
    for what in (SHOVELLED, STORED):
        best = max(each.value for each in report.figures if each.what.endswith(what))
        report.add(NAME, f"ours, stored and forwarded, over the best {what}", ours / best, "x")
    used = min(each.value for each in report.figures if each.bench == NAME and each.what.endswith(PROCESSOR))
    cost = report.value("waypoints", "full speed: server CPU")
    report.add(NAME, "the least processor of these over ours", used / cost, "x")


async def _shovel(bench: Bench, what: str, kind: str) -> None:
    with closing(_link(bench.broker)) as link:
        channel = link.channel()
        _declare(channel, kind, SOURCE, TARGET)
        ends = {"src-protocol": "amqp091", "src-uri": "amqp://", "src-queue": SOURCE}
        ends |= {"dest-protocol": "amqp091", "dest-uri": "amqp://", "dest-queue": TARGET, "ack-mode": "on-confirm"}
        await asyncio.to_thread(bench.broker.ctl, "set_parameter", "shovel", "bench", json.dumps(ends))
        used_s, started_s = bench.used_s(), monotonic()
        result = await _loaded(bench, what)
        arrived = await _arrived(channel, result.messages)
        bench.report.add(NAME, f"{what}: {SHOVELLED}", arrived / (monotonic() - started_s), "/s")
        _cost(bench, what, bench.used_s() - used_s, result)
        await asyncio.to_thread(bench.broker.ctl, "clear_parameter", "shovel", "bench")
        _delete(channel, SOURCE, TARGET)


async def _script(bench: Bench, what: str, kind: str, batch: int) -> None:
    file = bench.home / "waypoints.db"
    with closing(_link(bench.broker)) as link:
        channel = link.channel()
        _declare(channel, kind, SOURCE)
        with children_on(bench.cores):
            script = await start_script(bench.broker.port, SOURCE, file, batch)
        used_s, script_s, started_s = bench.used_s(), cpu_s(script.pid), monotonic()
        result = await _loaded(bench, what)
        whole = await script.reach(result.messages, DRAIN_S)
        bench.report.add(
            NAME, f"{what}: {STORED}", script.count / (script.reached_s(result.messages) - started_s), "/s"
        )
        middle, highest = lag(result, script.curve).percentiles_ms(0.5, 0.99)
        bench.report.add(NAME, f"{what}: sent to stored p50", middle, "ms")
        bench.report.add(NAME, f"{what}: sent to stored p99", highest, "ms")
        _cost(bench, what, bench.used_s() - used_s + cpu_s(script.pid) - script_s, result)
        if not whole:
            bench.report.note(f"{what}: {result.messages - script.count:,} were not stored after {DRAIN_S:g} s")
        await script.stop()
        with closing(sqlite3.connect(file)) as database:
            rows = int(database.execute("SELECT count(*) FROM waypoints").fetchone()[0])
        bench.report.add(NAME, f"{what}: sent but not stored once", result.messages - rows, "waypoints")
        _delete(channel, SOURCE)
    for each in bench.home.glob("waypoints.db*"):
        each.unlink()


async def start_script(port: int, queue: str, file: Path, batch: int) -> FarEnd:
    """Start the consumer of `sqlite_script.py`, on the cores of the caller."""
    command = sys.executable, "-m", "tests.bench.sqlite_script", str(port), queue, str(file), str(batch)
    return await FarEnd.run(*command)


async def _loaded(bench: Bench, what: str) -> LoadResult:
    """Run the load and tell how it was confirmed."""
    broker = bench.broker
    load = await WaypointLoad.open(Entrance(broker.port, broker.username, broker.password, "", SOURCE), bench.load)
    result = await load.run(bench.seconds)
    load.close()
    bench.report.add(NAME, f"{what}: confirmed", result.rate, "/s")
    middle, highest = result.latencies.percentiles_ms(0.5, 0.99)
    bench.report.add(NAME, f"{what}: confirm p50", middle, "ms")
    bench.report.add(NAME, f"{what}: confirm p99", highest, "ms")
    return result


def _cost(bench: Bench, what: str, used_s: float, result: LoadResult) -> None:
    bench.report.add(NAME, f"{what}: {PROCESSOR}", used_s * 1e6 / result.messages, "us/waypoint")


def _link(broker: Broker) -> pika.BlockingConnection:
    return pika.BlockingConnection(pika.ConnectionParameters(broker.host, broker.port, heartbeat=0))


def _declare(channel: BlockingChannel, kind: str, *queues: str) -> None:
    for queue in queues:
        channel.queue_declare(queue, durable=True, arguments={"x-queue-type": kind})


def _delete(channel: BlockingChannel, *queues: str) -> None:
    for queue in queues:
        channel.queue_delete(queue)


async def _arrived(channel: BlockingChannel, messages: int) -> int:
    """Wait until the second queue holds all of them; gives how many it holds."""
    deadline_s = monotonic() + DRAIN_S
    while True:
        count = int(channel.queue_declare(TARGET, passive=True).method.message_count)
        if count >= messages or monotonic() > deadline_s:
            return count
        await asyncio.sleep(POLL_S)
