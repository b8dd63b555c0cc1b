"""Clients that providers really use, against our listener."""

import asyncio
import shutil
from collections.abc import Callable

import aio_pika
import kombu
import pika
import pika.exceptions
import pytest

from tests.protocols.amqp.keeper import listening, until
from tests.rabbitmq import missing

EXCHANGE, KEY = "tracking.gps1", "track1"


def pika_connection(port: int, password: str = "secret", heartbeat_s: int = 30) -> pika.BlockingConnection:
    return pika.BlockingConnection(
        pika.ConnectionParameters(
            "127.0.0.1", port, "/", pika.PlainCredentials("gps1", password), heartbeat=heartbeat_s
        )
    )


@pytest.mark.asyncio
async def test_pika_publishes_without_confirms() -> None:
    def publish(port: int) -> None:
        connection = pika_connection(port)
        channel = connection.channel()
        for n in range(100):
            channel.basic_publish(EXCHANGE, KEY, b"%d" % n)
        connection.close()

    async with listening() as running:
        await asyncio.to_thread(publish, running.port)
        assert running.keeper.bodies == [b"%d" % n for n in range(100)]


@pytest.mark.asyncio
async def test_pika_publishes_with_confirms_on_several_channels() -> None:
    def publish(port: int) -> None:
        connection = pika_connection(port)
        channels = [connection.channel() for _ in range(3)]
        for channel in channels:
            channel.confirm_delivery()
        for n in range(30):
            persistent = pika.BasicProperties(delivery_mode=2, content_type="application/x-protobuf")
            channels[n % 3].basic_publish(EXCHANGE, KEY, b"%d" % n, persistent, mandatory=True)
        connection.close()

    async with listening() as running:
        await asyncio.to_thread(publish, running.port)
        assert running.keeper.bodies == [b"%d" % n for n in range(30)]


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [0, 1, 131_064, 131_065, 300_000, 1 << 20])
async def test_pika_publishes_bodies_of_any_size(size: int) -> None:
    def publish(port: int) -> None:
        connection = pika_connection(port)
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_publish(EXCHANGE, KEY, b"z" * size)
        connection.close()

    async with listening() as running:
        await asyncio.to_thread(publish, running.port)
        assert running.keeper.bodies == [b"z" * size]


def refused_password(port: int) -> None:
    with pytest.raises(pika.exceptions.ProbableAuthenticationError):
        pika_connection(port, "wrong")


def foreign_exchange(port: int) -> None:
    connection = pika_connection(port)
    channel = connection.channel()
    channel.confirm_delivery()
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match=r"tracking\.gps2") as closed:
        channel.basic_publish("tracking.gps2", KEY, b"x")
    assert closed.value.reply_code == 403
    again = connection.channel()
    again.confirm_delivery()
    again.basic_publish(EXCHANGE, KEY, b"good")
    connection.close()


def consuming(port: int) -> None:
    connection = pika_connection(port)
    channel = connection.channel()
    queue = channel.queue_declare("", exclusive=True).method.queue
    with pytest.raises(pika.exceptions.ChannelClosedByBroker) as closed:
        channel.basic_get(queue)
    assert closed.value.reply_code == 403
    connection.close()


def transactions(port: int) -> None:
    connection = pika_connection(port)
    with pytest.raises(pika.exceptions.ConnectionClosedByBroker) as closed:
        connection.channel().tx_select()
    assert closed.value.reply_code == 540


def declaring(port: int) -> None:
    connection = pika_connection(port)
    channel = connection.channel()
    channel.basic_qos(prefetch_count=10)
    channel.exchange_declare(EXCHANGE, passive=True)
    channel.exchange_declare(EXCHANGE, "topic", durable=True)
    channel.queue_declare("mine", durable=True)
    channel.queue_bind("mine", EXCHANGE, KEY)
    with pytest.raises(pika.exceptions.ChannelClosedByBroker) as closed:
        channel.exchange_declare(EXCHANGE, "direct", durable=False)
    assert closed.value.reply_code == 406
    connection.close()


@pytest.mark.asyncio
@pytest.mark.parametrize("act", [refused_password, foreign_exchange, consuming, transactions, declaring])
async def test_pika_understands_every_answer(act: Callable[[int], None]) -> None:
    async with listening() as running:
        await asyncio.to_thread(act, running.port)


@pytest.mark.asyncio
async def test_pika_stays_connected_by_heartbeats_alone() -> None:
    def idle(port: int) -> None:
        connection = pika_connection(port, heartbeat_s=1)
        connection.sleep(3.5)
        connection.channel().basic_publish(EXCHANGE, KEY, b"alive")
        connection.close()

    async with listening(heartbeat_s=1) as running:
        await asyncio.to_thread(idle, running.port)
        assert running.keeper.bodies == [b"alive"]


@pytest.mark.asyncio
async def test_aio_pika_publishes_with_confirms() -> None:
    async with listening() as running:
        connection = await aio_pika.connect(running.url)
        async with connection:
            channel = await connection.channel(publisher_confirms=True)
            exchange = await channel.get_exchange(EXCHANGE)
            await asyncio.gather(*(exchange.publish(aio_pika.Message(b"%d" % n), KEY) for n in range(200)))
        assert sorted(running.keeper.bodies) == sorted(b"%d" % n for n in range(200))


@pytest.mark.asyncio
async def test_kombu_publishes_and_declares() -> None:
    def publish(url: str) -> None:
        with kombu.Connection(url, heartbeat=10) as connection:
            exchange = kombu.Exchange(EXCHANGE, "topic", durable=True)
            producer = connection.Producer(exchange=exchange, serializer=None)
            for n in range(20):
                producer.publish(b"%d" % n, routing_key=KEY, content_type="application/data", content_encoding="binary")

    async with listening() as running:
        await asyncio.to_thread(publish, running.url)
        await until(lambda: len(running.keeper.bodies) == 20)
        assert running.keeper.bodies == [b"%d" % n for n in range(20)]


@pytest.mark.asyncio
async def test_amqp_publish_of_amqp_tools_publishes() -> None:
    program = shutil.which("amqp-publish")
    if program is None:
        missing("amqp-publish")
    async with listening() as running:
        process = await asyncio.create_subprocess_exec(
            program, "--server=127.0.0.1", f"--port={running.port}", "--username=gps1", "--password=secret",
            f"--exchange={EXCHANGE}", f"--routing-key={KEY}", "--body=from the shell",
        )  # fmt: skip
        assert await process.wait() == 0
        await until(lambda: running.keeper.bodies == [b"from the shell"])
