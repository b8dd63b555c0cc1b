import asyncio
import datetime
import ssl
from pathlib import Path

import pika
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from protocols.amqp.client import ClientConnection
from protocols.amqp.framing import HEARTBEAT_FRAME, PROTOCOL_HEADER
from protocols.amqp.lifecycle import State
from protocols.amqp.publisher import AmqpPublisher, PublisherOptions, SendInterrupted
from protocols.errors import DeliveryError
from tests.protocols.amqp.keeper import Keeper, Running, listening, until


def options(running: Running, **changes: object) -> PublisherOptions:
    base: dict[str, object] = {
        "host": "127.0.0.1", "port": running.port, "username": "gps1", "password": "secret",
        "exchange": "tracking.gps1", "routing_key": "track1", "connect_s": 5,
    }  # fmt: skip
    return PublisherOptions(**(base | changes))  # type: ignore[arg-type]


async def publisher_to(running: Running, **changes: object) -> AmqpPublisher:
    publisher = AmqpPublisher(options(running, **changes))
    await publisher.open()
    return publisher


async def read_all(reader: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(reader.read(), 5)


@pytest.mark.asyncio
async def test_nothing_is_confirmed_before_it_is_stored() -> None:
    async with listening(Keeper(holding=True)) as running:
        publisher = await publisher_to(running)
        send = asyncio.create_task(publisher.send([b"a", b"b"]))
        await until(lambda: running.keeper.bodies == [b"a", b"b"])
        assert not send.done() and running.listener.statistics()["waiting"] == 2
        running.keeper.release()
        assert await send == (2, {})
        await publisher.close()


@pytest.mark.asyncio
async def test_an_offer_stored_before_an_earlier_one_waits_for_it() -> None:
    async with listening(Keeper(holding=True)) as running:
        publisher = await publisher_to(running)
        first = asyncio.create_task(publisher.send([b"a"]))
        await until(lambda: len(running.keeper.held) == 1)
        second = asyncio.create_task(publisher.send([b"b"]))
        await until(lambda: len(running.keeper.held) == 2)
        early, late = running.keeper.held
        running.keeper.held = []
        late()
        await asyncio.wait([first, second], timeout=0.1)
        assert not first.done() and not second.done()
        early()
        assert await first == (1, {}) and await second == (1, {})
        await publisher.close()


@pytest.mark.asyncio
async def test_close_confirms_what_was_offered_then_says_320() -> None:
    async with listening(Keeper(holding=True)) as running:
        states: list[str] = []
        publisher = AmqpPublisher(options(running), states.append)
        await publisher.open()
        send = asyncio.create_task(publisher.send([b"a"]))
        await until(lambda: len(running.keeper.held) == 1)
        closing = asyncio.create_task(running.listener.close(5))
        await asyncio.sleep(0)
        running.keeper.release()
        await closing
        assert await send == (1, {})
        await until(lambda: any("320 CONNECTION_FORCED" in state for state in states))


@pytest.mark.asyncio
async def test_close_does_not_wait_for_ever_and_leaves_the_rest_unconfirmed() -> None:
    async with listening(Keeper(holding=True)) as running:
        publisher = await publisher_to(running)
        send = asyncio.create_task(publisher.send([b"a"]))
        await until(lambda: len(running.keeper.held) == 1)
        await running.listener.close(0.05)
        with pytest.raises(SendInterrupted) as interrupted:
            await send
        assert interrupted.value.confirmed == frozenset() and not interrupted.value.permanent


@pytest.mark.asyncio
async def test_a_paused_listener_reads_nobody_and_goes_on_when_resumed() -> None:
    async with listening() as running:
        before = await publisher_to(running)
        running.listener.pause()
        send = asyncio.create_task(before.send([b"a"]))
        opening = asyncio.create_task(publisher_to(running))
        await asyncio.wait([send, opening], timeout=0.2)
        assert not send.done() and not opening.done() and running.keeper.bodies == []
        running.listener.resume()
        assert await send == (1, {})
        await (await opening).close()
        await before.close()


@pytest.mark.asyncio
async def test_who_sends_faster_than_is_stored_is_not_read_and_nobody_else_waits() -> None:
    async with listening(Keeper(holding=True), max_unstored_bytes=100) as running:
        fast, other = await publisher_to(running), await publisher_to(running)
        sends = [asyncio.create_task(fast.send([b"a" * 101]))]
        await until(lambda: len(running.keeper.bodies) == 1)
        sends += [asyncio.create_task(fast.send([b"b"])), asyncio.create_task(other.send([b"c"]))]
        await until(lambda: b"c" in running.keeper.bodies)
        await asyncio.wait(sends, timeout=0.1)
        assert b"b" not in running.keeper.bodies
        running.keeper.release()
        await until(lambda: b"b" in running.keeper.bodies)
        running.keeper.release()
        await asyncio.wait_for(asyncio.gather(*sends), 5)
        await fast.close()
        await other.close()


@pytest.mark.asyncio
async def test_a_block_is_told_and_holds_publishers_back() -> None:
    async with listening() as running:
        states: list[str] = []
        publisher = AmqpPublisher(options(running), states.append)
        await publisher.open()
        await publisher.send([b"before"])
        running.listener.block("disk is short")
        await until(lambda: publisher.blocked == "disk is short")
        send = asyncio.create_task(publisher.send([b"after"]))
        await asyncio.wait([send], timeout=0.1)
        assert not send.done()
        running.listener.unblock()
        assert await send == (1, {})
        assert states == ["blocked: disk is short", "unblocked"]
        await publisher.close()


@pytest.mark.asyncio
async def test_heartbeats_go_on_during_a_block_and_the_silent_publisher_is_kept() -> None:
    async with listening(heartbeat_s=1) as running:
        publisher = await publisher_to(running, heartbeat_s=1)
        await publisher.send([b"before"])
        running.listener.block("disk is short")
        await until(lambda: publisher.blocked != "")
        await asyncio.sleep(2.6)  # over two heartbeats, in which either side would give up a silent peer
        running.listener.unblock()
        assert await publisher.send([b"after"]) == (1, {})
        await publisher.close()


@pytest.mark.asyncio
async def test_one_who_comes_during_a_block_is_told() -> None:
    async with listening() as running:
        running.listener.block("disk is short")
        publisher = await publisher_to(running)
        await until(lambda: publisher.blocked == "disk is short")
        running.listener.unblock()
        assert await publisher.send([b"a"]) == (1, {})
        await publisher.close()


@pytest.mark.asyncio
async def test_a_handshake_that_takes_too_long_is_cut() -> None:
    async with listening(handshake_s=0.2) as running:
        _, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(PROTOCOL_HEADER)
        await until(lambda: running.listener.statistics()["connections"] == 1)
        await until(lambda: running.listener.statistics()["connections"] == 0)
        writer.close()


@pytest.mark.asyncio
async def test_a_client_that_falls_silent_is_dropped_after_two_heartbeats() -> None:
    async with listening(heartbeat_s=1) as running:
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        wire = ClientConnection("gps1", "secret", heartbeat_s=1)
        while wire.state is not State.OPEN:
            writer.write(wire.data_to_send())
            wire.receive_data(await reader.read(4096))
        assert set(await asyncio.wait_for(reader.read(), 5)) <= set(HEARTBEAT_FRAME)
        writer.close()
        assert running.listener.statistics()["connections"] == 0


@pytest.mark.asyncio
async def test_another_protocol_gets_our_header_and_the_door() -> None:
    async with listening() as running:
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await read_all(reader) == PROTOCOL_HEADER
        writer.close()


@pytest.mark.asyncio
async def test_an_address_that_may_not_try_is_turned_away() -> None:
    async with listening(Keeper(allowed=False)) as running:
        with pytest.raises(DeliveryError):
            await publisher_to(running)
        assert running.listener.statistics()["accepted"] == 0


@pytest.mark.asyncio
async def test_connections_over_the_limit_are_turned_away() -> None:
    async with listening(max_connections=1) as running:
        publisher = await publisher_to(running)
        with pytest.raises(DeliveryError):
            await publisher_to(running)
        assert running.listener.statistics()["turned_away"] == 1
        await publisher.close()


@pytest.mark.asyncio
async def test_the_listener_says_who_is_there() -> None:
    async with listening() as running:
        publisher = await publisher_to(running)
        await publisher.send([b"abc", b"de"])
        (view,) = running.listener.connections()
        assert (view.username, view.address, view.messages) == ("gps1", "127.0.0.1", 2)
        statistics = running.listener.statistics()
        assert (statistics["messages"], statistics["stored"], statistics["bytes"]) == (2, 2, 5)
        await publisher.close()


@pytest.mark.asyncio
async def test_a_client_that_vanishes_leaves_nothing_behind() -> None:
    async with listening(Keeper(holding=True)) as running:
        publisher = await publisher_to(running)
        send = asyncio.create_task(publisher.send([b"a"]))
        await until(lambda: len(running.keeper.held) == 1)
        assert publisher._link is not None
        publisher._link.drop("gone")
        with pytest.raises(SendInterrupted, match="gone"):
            await send
        await until(lambda: running.listener.statistics()["connections"] == 0)
        running.keeper.release()
        assert running.listener.statistics()["waiting"] == 0


def self_signed(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.mark.asyncio
async def test_tls_carries_the_same_protocol(tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)

    def publish(port: int) -> None:
        context = ssl.create_default_context(cafile=str(certificate))
        context.check_hostname = False
        parameters = pika.ConnectionParameters(
            "127.0.0.1", port, credentials=pika.PlainCredentials("gps1", "secret"), ssl_options=pika.SSLOptions(context)
        )
        connection = pika.BlockingConnection(parameters)
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_publish("tracking.gps1", "track1", b"sealed")
        connection.close()

    async with listening(tls_certificate=str(certificate), tls_key=str(key)) as running:
        await asyncio.to_thread(publish, running.port)
        assert running.keeper.bodies == [b"sealed"]


def test_tls_needs_a_readable_certificate(tmp_path: Path) -> None:
    async def start() -> None:
        async with listening(tls_certificate=str(tmp_path / "none.pem")):
            pass

    with pytest.raises(OSError):
        asyncio.run(start())
