"""A real RabbitMQ as the authority: no exchange, no queue, an alarm, a restart; each waypoint ends up in its queue."""

import asyncio
from collections import Counter
from pathlib import Path

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel

from storage.entries import DestinationEntry
from tests.end_to_end.outage import ConsoleView, publish, running, settled, waypoints
from tests.rabbitmq import Broker

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(180)]

NAME, EXCHANGE, KEY, QUEUE = "csgt", "tracking.so", "track1", "authority"


def destination(broker: Broker) -> DestinationEntry:
    return DestinationEntry(NAME, "waypoints", f"{broker.url}/%2F", exchange=EXCHANGE, routing_key=KEY)


def with_channel(broker: Broker, *steps: str) -> None:
    """Declare the exchange, declare the queue, or bind it."""
    with pika.BlockingConnection(pika.URLParameters(f"{broker.url}/%2F")) as connection:
        channel = connection.channel()
        for step in steps:
            STEPS[step](channel)


def _declare_exchange(channel: BlockingChannel) -> None:
    channel.exchange_declare(EXCHANGE, "direct", durable=True)


def _declare_queue(channel: BlockingChannel) -> None:
    channel.queue_declare(QUEUE, durable=True)


def _bind(channel: BlockingChannel) -> None:
    channel.queue_bind(QUEUE, EXCHANGE, KEY)


def _remove(channel: BlockingChannel) -> None:
    channel.queue_delete(QUEUE)
    channel.exchange_delete(EXCHANGE)


STEPS = {"exchange": _declare_exchange, "queue": _declare_queue, "bind": _bind, "remove": _remove}


def queued(broker: Broker) -> Counter[bytes]:
    """Everything in the queue, taken out."""
    found: Counter[bytes] = Counter()
    with pika.BlockingConnection(pika.URLParameters(f"{broker.url}/%2F")) as connection:
        channel = connection.channel()
        while (body := channel.basic_get(QUEUE, auto_ack=True)[2]) is not None:
            found[body] += 1
    return found


async def test_no_exchange_and_then_no_queue_hold_everything_back_until_they_are_there(
    tmp_path: Path, rabbitmq: Broker
) -> None:
    await asyncio.to_thread(with_channel, rabbitmq, "remove")
    async with running(tmp_path, destination(rabbitmq)) as box:
        view = ConsoleView(box)
        sent = await publish(box, waypoints(range(300)))
        row = await view.forward_until(NAME, within_s=40, state="refused")
        assert "404" in row["last_error"]
        await asyncio.to_thread(with_channel, rabbitmq, "exchange")
        row = await _error_until(view, "312")
        assert row["queued"] == 300
        await asyncio.to_thread(with_channel, rabbitmq, "queue", "bind")
        await settled(box, csgt=300)
        assert await asyncio.to_thread(queued, rabbitmq) == Counter(sent)


async def test_an_alarm_and_a_restart_of_the_broker_cost_nothing(tmp_path: Path, rabbitmq: Broker) -> None:
    await asyncio.to_thread(with_channel, rabbitmq, "remove", "exchange", "queue", "bind")
    async with running(tmp_path, destination(rabbitmq)) as box:
        view = ConsoleView(box)
        sent = await publish(box, waypoints(range(100)))
        await settled(box, csgt=100)
        await asyncio.to_thread(rabbitmq.ctl, "set_disk_free_limit", "100000GB")
        try:
            sent += await publish(box, waypoints(range(100, 200)))
            await view.forward_until(NAME, state="blocked")
            sent += await publish(box, waypoints(range(200, 3000)))
        finally:
            await asyncio.to_thread(rabbitmq.ctl, "set_disk_free_limit", "1MB")
        await settled(box, csgt=3000)
        await asyncio.to_thread(rabbitmq.ctl, "stop_app")
        try:
            sent += await publish(box, waypoints(range(3000, 5000)))
            await view.forward_until(NAME, state="queued")
        finally:
            await asyncio.to_thread(rabbitmq.ctl, "start_app")
        await settled(box, csgt=5000)
        assert await asyncio.to_thread(queued, rabbitmq) == Counter(sent)


async def _error_until(view: ConsoleView, word: str) -> dict[str, object]:
    async with asyncio.timeout(70):
        while word not in (row := await view.forward(NAME))["last_error"]:
            await asyncio.sleep(0.2)
    return row
