"""The publisher against a real RabbitMQ."""

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import aio_pika
import pytest
import pytest_asyncio

from protocols.amqp.publisher import AmqpPublisher, PublisherOptions, SendInterrupted, parse_amqp_url
from protocols.errors import DeliveryError
from tests.protocols.amqp.keeper import until
from tests.rabbitmq import Broker


@dataclass
class Bench:
    """A queue of its own on the broker, and options that publish to it through a topic exchange."""

    channel: aio_pika.abc.AbstractChannel
    queue: aio_pika.abc.AbstractQueue
    exchange: str
    options: PublisherOptions

    async def bodies(self, count: int) -> list[bytes]:
        return [(await self.queue.get(no_ack=True, timeout=5)).body for _ in range(count)]


@pytest_asyncio.fixture
async def bench(rabbitmq: Broker) -> AsyncIterator[Bench]:
    connection = await aio_pika.connect(rabbitmq.url)
    name = f"test.{uuid.uuid4().hex[:8]}"
    async with connection:
        channel = await connection.channel()
        exchange = await channel.declare_exchange(name, "topic", auto_delete=True)
        queue = await channel.declare_queue(
            name, durable=True, arguments={"x-max-length": 5000, "x-overflow": "reject-publish"}
        )
        await queue.bind(exchange, "track1")
        yield Bench(channel, queue, name, parse_amqp_url(rabbitmq.url, name, "track1"))


@pytest.mark.asyncio
async def test_every_message_arrives_in_order_and_is_confirmed(bench: Bench) -> None:
    publisher = AmqpPublisher(bench.options)
    await publisher.open()
    bodies = [b"%d" % n for n in range(50)] + [b"", b"z" * 300_000]
    assert await publisher.send(bodies) == (52, {})
    assert await bench.bodies(52) == bodies
    await publisher.close()


@pytest.mark.asyncio
async def test_sends_may_overlap_and_keep_their_order(bench: Bench) -> None:
    publisher = AmqpPublisher(bench.options)
    await publisher.open()
    sends = [[b"%d.%d" % (n, m) for m in range(40)] for n in range(10)]
    assert await asyncio.gather(*(publisher.send(bodies) for bodies in sends)) == [(40, {})] * 10
    assert await bench.bodies(400) == [body for bodies in sends for body in bodies]
    await publisher.close()


@pytest.mark.asyncio
async def test_messages_are_persistent_unless_told_otherwise(bench: Bench) -> None:
    for persistent, mode in ((True, 2), (False, 1)):
        publisher = AmqpPublisher(replace(bench.options, persistent=persistent))
        await publisher.open()
        await publisher.send([b"x"])
        got = await bench.queue.get(no_ack=True, timeout=5)
        assert got is not None and (got.delivery_mode or 1) == mode
        await publisher.close()


@pytest.mark.asyncio
async def test_what_no_queue_takes_comes_back_as_refused(bench: Bench) -> None:
    publisher = AmqpPublisher(replace(bench.options, routing_key="nobody"))
    await publisher.open()
    result = await publisher.send([b"a", b"a", b"b"])
    assert result == (0, dict.fromkeys(range(3), "312 NO_ROUTE"))
    await publisher.close()


@pytest.mark.asyncio
async def test_what_a_full_queue_nacks_is_refused(bench: Bench) -> None:
    publisher = AmqpPublisher(bench.options)
    await publisher.open()
    result = await publisher.send([b"%d" % n for n in range(5600)])
    assert result.confirmed >= 5000 and result.refused
    assert result.confirmed + len(result.refused) == 5600
    assert set(result.refused.values()) == {"the broker refused it (nack)"}
    await publisher.close()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("changes", "words"),
    [({"password": "wrong"}, "403"), ({"virtual_host": "nowhere"}, "530")],
)
async def test_a_login_that_a_human_must_mend_fails_for_good(bench: Bench, changes: dict[str, str], words: str) -> None:
    publisher = AmqpPublisher(replace(bench.options, **changes))  # type: ignore[arg-type]
    with pytest.raises(DeliveryError, match=words) as failed:
        await publisher.open()
    assert failed.value.permanent


@pytest.mark.asyncio
async def test_an_exchange_that_is_not_there_fails_for_good(bench: Bench) -> None:
    publisher = AmqpPublisher(replace(bench.options, exchange="nowhere"))
    await publisher.open()
    with pytest.raises(SendInterrupted, match="404") as failed:
        await publisher.send([b"x"])
    assert failed.value.permanent and failed.value.confirmed == frozenset()
    with pytest.raises(DeliveryError, match="404"):
        await publisher.send([b"y"])


@pytest.mark.asyncio
async def test_nobody_listening_is_worth_another_try(unused_tcp_port: int) -> None:
    publisher = AmqpPublisher(PublisherOptions("127.0.0.1", unused_tcp_port, "guest", "guest"))
    with pytest.raises(DeliveryError) as failed:
        await publisher.open()
    assert not failed.value.permanent


@pytest.mark.asyncio
async def test_a_broker_that_never_speaks_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = int(mute.getsockname()[1])
        publisher = AmqpPublisher(PublisherOptions("127.0.0.1", port, "guest", "guest", connect_s=0.2))
        with pytest.raises(DeliveryError, match=r"within 0\.2 s"):
            await publisher.open()


@pytest.mark.asyncio
async def test_a_publisher_opens_again_after_the_broker_closed_it(rabbitmq: Broker, bench: Bench) -> None:
    states: list[str] = []
    publisher = AmqpPublisher(bench.options, states.append)
    await publisher.open()
    await publisher.send([b"before"])
    await asyncio.to_thread(rabbitmq.ctl, "close_all_connections", "--vhost", "/", "maintenance")
    await until(lambda: any("320" in state for state in states))
    await publisher.open()
    assert await publisher.send([b"after"]) == (1, {})
    await publisher.close()


@pytest.mark.asyncio
async def test_a_memory_alarm_blocks_and_its_end_unblocks(rabbitmq: Broker, bench: Bench) -> None:
    states: list[str] = []
    publisher = AmqpPublisher(bench.options, states.append)
    await publisher.open()
    await asyncio.to_thread(rabbitmq.ctl, "set_vm_memory_high_watermark", "0.00001")
    send = asyncio.create_task(publisher.send([b"first"]))
    await until(lambda: publisher.blocked != "")
    await asyncio.to_thread(rabbitmq.ctl, "set_vm_memory_high_watermark", "0.6")
    assert await asyncio.wait_for(send, 10) == (1, {})
    await until(lambda: states[-1] == "unblocked")
    await publisher.close()


@pytest.mark.parametrize(
    ("url", "virtual_host", "port"),
    [
        ("amqp://u:p%40ss@h", "/", 5672),
        ("amqps://u:p%40ss@h/", "/", 5671),
        ("amqp://u:p%40ss@h:5673/%2f", "/", 5673),
        ("amqp://u:p%40ss@h/ministry", "ministry", 5672),
    ],
)
def test_a_url_says_where_to_publish(url: str, virtual_host: str, port: int) -> None:
    options = parse_amqp_url(url, "e", "k")
    assert (options.host, options.port, options.virtual_host, options.password) == ("h", port, virtual_host, "p@ss")


def test_a_url_of_another_kind_is_refused_without_its_password() -> None:
    with pytest.raises(ValueError, match="not an AMQP URL") as refused:
        parse_amqp_url("http://u:p4ss@h", "e", "k")
    assert "p4ss" not in str(refused.value)
