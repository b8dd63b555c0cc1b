import pytest
from pamqp import commands
from pamqp.base import Frame
from pamqp.body import ContentBody
from pamqp.common import FieldTable
from pamqp.header import ContentHeader

from protocols.amqp.client import ClientConnection
from protocols.amqp.events import (
    ChannelClosed,
    Confirmed,
    ConnectionClosed,
    ConnectionOpened,
    Event,
    LoginAttempted,
    Published,
)
from protocols.amqp.framing import HEARTBEAT_FRAME, PROTOCOL_HEADER, build_frame
from protocols.amqp.lifecycle import TRANSITIONS, State
from protocols.amqp.methods import build_method
from protocols.amqp.server import ServerConnection
from tests.protocols.amqp.memory_wire import Pair


def said(pair: Pair, *frames: Frame, channel: int = 1) -> list[Event]:
    return pair.server.receive_data(b"".join(build_method(frame, channel) for frame in frames))


def only_closed(events: list[Event]) -> ChannelClosed | ConnectionClosed:
    (event,) = [one for one in events if isinstance(one, ChannelClosed | ConnectionClosed)]
    return event


def content(size: int, channel: int = 1) -> bytes:
    return build_frame(2, channel, ContentHeader(0, size, commands.Basic.Properties()).marshal())


def body(octets: bytes, channel: int = 1) -> bytes:
    return build_frame(3, channel, ContentBody(octets).marshal())


PUBLISH = build_method(commands.Basic.Publish(exchange="tracking.gps1", routing_key="track1"), 1)


def test_client_and_server_shake_hands_and_agree_on_the_smaller_heartbeat() -> None:
    pair = Pair(client=ClientConnection("gps1", "secret", heartbeat_s=20))
    at_client, at_server = pair.pump()
    assert at_client == [ConnectionOpened(20)]
    assert at_server == [LoginAttempted("gps1", "secret", "Trambox"), ConnectionOpened(20)]


def test_a_run_of_publishes_comes_as_one_event() -> None:
    pair = Pair().open(1)
    bodies = [b"x" * (50 + n % 5) for n in range(300)]
    pair.client.publish(1, "tracking.gps1", "track1", bodies, mandatory=True)
    _, heard = pair.pump()
    assert heard == [Published(1, "tracking.gps1", "track1", True, bodies, 300)]


def test_tags_are_zero_without_confirms() -> None:
    pair = Pair().open(1, confirms=False)
    pair.client.publish(1, "tracking.gps1", "track1", [b"a", b"b", b"c"])
    assert pair.pump()[1] == [Published(1, "tracking.gps1", "track1", False, [b"a", b"b", b"c"], 0)]


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 4096])
def test_pieces_of_any_size_carry_the_same_messages(piece: int) -> None:
    pair = Pair(piece=piece).open(1)
    bodies = [b"", b"a", b"b" * 200, b"", b"b" * 200, b"c" * 200]
    pair.client.publish(1, "tracking.gps1", "track1", bodies)
    _, heard = pair.pump()
    assert [one for event in heard if isinstance(event, Published) for one in event.bodies] == bodies


def test_a_body_over_several_frames_is_put_together() -> None:
    pair = Pair(server=ServerConnection(frame_max=4096)).open(1)
    bodies = [bytes([n]) * 10_000 for n in range(3)]
    pair.client.publish(1, "tracking.gps1", "track1", bodies)
    assert pair.client.frame_max == 4096
    assert pair.pump()[1] == [Published(1, "tracking.gps1", "track1", False, bodies, 3)]


def test_messages_of_two_channels_may_interleave_their_frames() -> None:
    pair = Pair().open(1, 2)
    other = build_method(commands.Basic.Publish(exchange="tracking.gps1", routing_key="other"), 2)
    heard = pair.server.receive_data(
        PUBLISH + other + content(4) + content(2, 2) + body(b"ab") + body(b"xy", 2) + body(b"cd")
    )
    assert heard == [
        Published(2, "tracking.gps1", "other", False, [b"xy"], 1),
        Published(1, "tracking.gps1", "track1", False, [b"abcd"], 1),
    ]


def test_a_confirm_reaches_the_client() -> None:
    pair = Pair().open(1)
    pair.client.publish(1, "tracking.gps1", "track1", [b"a", b"b"])
    pair.pump()
    pair.server.acknowledge(1, 2)
    assert pair.pump()[0] == [Confirmed(1, 2, True)]


def test_another_protocol_is_answered_with_ours() -> None:
    server = ServerConnection()
    (closed,) = server.receive_data(b"GET / HTTP/1.1\r\n")
    assert isinstance(closed, ConnectionClosed)
    assert server.data_to_send() == PROTOCOL_HEADER


def test_a_login_may_come_as_amqplain() -> None:
    server = ServerConnection()
    server.receive_data(PROTOCOL_HEADER)
    response = "\x05LOGINS\0\0\0\x04gps1\x08PASSWORDS\0\0\0\x06secret"
    start_ok = commands.Connection.StartOk({}, "AMQPLAIN", response)
    assert server.receive_data(build_method(start_ok, 0)) == [LoginAttempted("gps1", "secret", "")]


@pytest.mark.parametrize(("capable", "answered"), [(True, True), (False, False)])
def test_a_refused_login_is_told_only_to_clients_that_understand(capable: bool, answered: bool) -> None:
    server = ServerConnection()
    server.receive_data(PROTOCOL_HEADER)
    properties: FieldTable = {"capabilities": {"authentication_failure_close": capable}}
    server.receive_data(build_method(commands.Connection.StartOk(properties, "PLAIN", "\0a\0b"), 0))
    server.data_to_send()
    server.refuse_login()
    assert (b"ACCESS_REFUSED" in server.data_to_send()) is answered
    assert server.state is State.CLOSED


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"\x01\x00\x01\x00\x00\x00\x04abcd\x00", 501),
        (b"\x07\x00\x01\x00\x00\x00\x00\xce", 501),
        (b"\x08\x00\x01\x00\x00\x00\x00\xce", 501),
        (b"\x01\x00\x01\xff\xff\xff\xff", 501),
        (build_frame(1, 1, b"\x00\x3c"), 502),
        (build_frame(1, 1, b"\x00\x3c\x00\x28\x00\x00\xff"), 502),
        (build_frame(1, 0, b"\x00\x0a\x00\x32"), 502),
        (build_method(commands.Connection.Open("/"), 0), 503),
        (build_method(commands.Basic.Qos(), 0), 503),
        (build_method(commands.Channel.Open(), 1), 504),
        (build_method(commands.Basic.Qos(), 9), 504),
        (build_method(commands.Channel.Open(), 300), 504),
        (PUBLISH + PUBLISH, 505),
        (PUBLISH + body(b"x"), 505),
        (content(3), 505),
        (PUBLISH + content(2) + body(b"abc"), 501),
        (build_method(commands.Tx.Select(), 1), 540),
        (build_frame(1, 1, b"\x00\x63\x00\x01"), 540),
        (build_method(commands.Exchange.Bind(0, "tracking.gps1", "tracking.gps1", ""), 1), 540),
    ],
)
def test_a_hard_fault_closes_the_connection_with_its_code(octets: bytes, code: int) -> None:
    pair = Pair().open(1)
    pair.server.data_to_send()
    closed = pair.server.receive_data(octets)[-1]
    assert isinstance(closed, ConnectionClosed) and closed.code == code and not closed.by_peer
    told = pair.client.receive_data(pair.server.data_to_send())
    assert told == [ConnectionClosed(code, closed.text, True)]


@pytest.mark.parametrize(
    ("method", "code"),
    [
        (commands.Basic.Publish(exchange=""), 403),
        (commands.Basic.Publish(exchange="tracking.gps2"), 403),
        (commands.Basic.Publish(exchange="nowhere"), 404),
        (commands.Exchange.Declare(exchange="nowhere", passive=True), 404),
        (commands.Exchange.Declare(exchange="tracking.gps1", durable=False), 406),
        (commands.Exchange.Declare(exchange="tracking.gps1", exchange_type="headers", durable=True), 406),
        (commands.Exchange.Declare(exchange="amq.topic", passive=True), 403),
        (commands.Exchange.Delete(exchange="tracking.gps1"), 403),
        (commands.Queue.Declare(queue="unknown", passive=True), 404),
        (commands.Queue.Bind(queue="unknown", exchange="tracking.gps1"), 404),
        (commands.Basic.Consume(queue="q"), 403),
        (commands.Basic.Get(queue="q"), 403),
        (commands.Basic.Ack(1), 406),
    ],
)
def test_a_soft_fault_closes_the_channel_with_its_code(method: Frame, code: int) -> None:
    pair = Pair().open(1)
    closed = only_closed(said(pair, method))
    assert isinstance(closed, ChannelClosed) and closed.code == code
    assert pair.server.state is State.OPEN


@pytest.mark.parametrize("kind", ["direct", "topic", "fanout"])
def test_a_declare_that_agrees_is_accepted_whatever_its_type(kind: str) -> None:
    pair = Pair().open(1)
    declare = commands.Exchange.Declare(exchange="tracking.gps1", exchange_type=kind, durable=True)
    assert said(pair, declare) == []
    assert pair.server.data_to_send() == build_method(commands.Exchange.DeclareOk(), 1)


def test_a_queue_exists_by_name_for_its_connection() -> None:
    pair = Pair().open(1)
    bind = commands.Queue.Bind(queue="mine", exchange="tracking.gps1", routing_key="#")
    again = commands.Queue.Declare(queue="mine", passive=True)
    assert said(pair, commands.Queue.Declare(queue="mine"), bind, again) == []


def test_a_message_over_the_limit_closes_its_channel_with_311() -> None:
    pair = Pair(server=ServerConnection(max_message_bytes=100)).open(1)
    pair.client.publish(1, "tracking.gps1", "track1", [b"a" * 100, b"b" * 101, b"c"])
    _, heard = pair.pump()
    assert heard[0] == Published(1, "tracking.gps1", "track1", False, [b"a" * 100], 1)
    assert isinstance(heard[1], ChannelClosed) and heard[1].code == 311 and len(heard) == 2


def test_a_closed_channel_can_be_opened_again_and_counts_from_one() -> None:
    pair = Pair().open(1)
    pair.client.publish(1, "tracking.gps1", "track1", [b"a", b"b", b"c"])
    pair.client.publish(1, "nowhere", "", [b"x"])
    pair.pump()
    pair.open(1)
    pair.client.publish(1, "tracking.gps1", "track1", [b"d"])
    assert pair.pump()[1] == [Published(1, "tracking.gps1", "track1", False, [b"d"], 1)]


@pytest.mark.parametrize("virtual_host", ["/other", "", "%2f"])
def test_another_virtual_host_is_refused_with_530(virtual_host: str) -> None:
    at_client, _ = Pair(client=ClientConnection("gps1", "secret", virtual_host)).pump()
    closed = only_closed(at_client)
    assert closed.code == 530


def test_both_ends_close_in_peace() -> None:
    pair = Pair().open(1)
    pair.client.close()
    at_client, at_server = pair.pump()
    assert at_client == [ConnectionClosed(200, "", False)]
    assert at_server == [ConnectionClosed(200, "", True)]


def test_heartbeats_are_sent_and_swallowed() -> None:
    pair = Pair().open(1)
    pair.client.heartbeat()
    assert pair.client.data_to_send() == HEARTBEAT_FRAME
    assert pair.server.receive_data(HEARTBEAT_FRAME) == []


def test_no_transition_leaves_closed_and_each_is_single_valued() -> None:
    assert all(State.CLOSED not in (state, following) for (state, _), following in TRANSITIONS.items())
