"""The usual answer beside ours: the same load into RabbitMQ, durable queue, confirms, a shovel to a second queue.

RabbitMQ neither reads nor judges nor keeps a waypoint; it only passes it on. It is measured twice: with one core, as
our server has, and with all of them.
"""

import asyncio
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pika
from pika.adapters.blocking_connection import BlockingChannel

from tests.bench.processes import all_cores, load_core, server_core
from tests.bench.report import Report
from tests.bench.waypoint_load import Entrance, LoadOptions, WaypointLoad
from tests.rabbitmq import Broker, installed, running_broker

NAME = "rabbitmq"
END_TO_END = "shovelled to the second queue"
SOURCE, TARGET = "bench.in", "bench.out"
POLL_S = 0.1
DRAIN_S = 120.0


async def bench(report: Report, seconds: float, vehicles: int, connections: int, window: int) -> None:
    """Measure classic and quorum queues, each on one core and on all."""
    if not installed():
        report.note("RabbitMQ is not installed: nothing to compare with")
        return
    for cores, held in (("one core", {server_core()}), ("all cores", all_cores())):
        with tempfile.TemporaryDirectory(prefix="trambox-bench-rabbitmq-") as home, _broker(Path(home), held) as broker:
            for kind in ("classic", "quorum"):
                options = LoadOptions(vehicles=vehicles, connections=connections, window=window)
                await _measure(report, f"{kind}, {cores}", kind, broker, options, seconds)
    best = max(each.value for each in report.figures if each.what.endswith(END_TO_END))
    if ours := report.value("waypoints", "full speed: forwarded"):
        report.add(NAME, "ours, forwarded, is so many times the best of these", ours / best, "x")


@contextmanager
def _broker(home: Path, cores: set[int]) -> Iterator[Broker]:
    """Start a broker on some cores: it inherits ours of the moment."""
    os.sched_setaffinity(0, cores)
    running = running_broker(home, "rabbitmq_shovel")
    try:
        broker = running.__enter__()
    finally:
        os.sched_setaffinity(0, {load_core()})
    try:
        yield broker
    finally:
        running.__exit__(None, None, None)


async def _measure(report: Report, what: str, kind: str, broker: Broker, options: LoadOptions, seconds: float) -> None:
    link = pika.BlockingConnection(pika.ConnectionParameters(broker.host, broker.port, heartbeat=0))
    channel = link.channel()
    for queue in (SOURCE, TARGET):
        channel.queue_declare(queue, durable=True, arguments={"x-queue-type": kind})
    await asyncio.to_thread(_shovel, broker)
    entrance = Entrance(broker.port, broker.username, broker.password, "", SOURCE)
    load = await WaypointLoad.open(entrance, options)
    started_s = monotonic()
    result = await load.run(seconds)
    report.add(NAME, f"{what}: confirmed", result.rate, "/s")
    middle, highest = result.latencies.percentiles_ms(0.5, 0.99)
    report.add(NAME, f"{what}: confirm p50", middle, "ms")
    report.add(NAME, f"{what}: confirm p99", highest, "ms")
    arrived = await _arrived(channel, result.messages)
    report.add(NAME, f"{what}: {END_TO_END}", arrived / (monotonic() - started_s), "/s")
    load.close()
    await asyncio.to_thread(broker.ctl, "clear_parameter", "shovel", "bench")
    for queue in (SOURCE, TARGET):
        channel.queue_delete(queue)
    link.close()


def _shovel(broker: Broker) -> None:
    ends = {"src-protocol": "amqp091", "src-uri": "amqp://", "src-queue": SOURCE}
    ends |= {"dest-protocol": "amqp091", "dest-uri": "amqp://", "dest-queue": TARGET, "ack-mode": "on-confirm"}
    broker.ctl("set_parameter", "shovel", "bench", json.dumps(ends))


async def _arrived(channel: BlockingChannel, messages: int) -> int:
    """Wait until the second queue holds all of them; gives how many it holds."""
    deadline_s = monotonic() + DRAIN_S
    while True:
        count = int(channel.queue_declare(TARGET, passive=True).method.message_count)
        if count >= messages or monotonic() > deadline_s:
            return count
        await asyncio.sleep(POLL_S)
