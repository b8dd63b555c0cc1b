from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.amqp.client import ClientConnection
from protocols.amqp.events import ConnectionClosed, Event, LoginAttempted, Published
from protocols.amqp.framing import PROTOCOL_HEADER, build_frame
from protocols.amqp.server import ServerConnection
from tests.fuzz.depth import examples
from tests.protocols.amqp.memory_wire import Pair

OCTETS = st.binary(max_size=300)
INDEXES = st.sampled_from([
    0x000A000B, 0x000A001F, 0x000A0028, 0x000A0032, 0x000A0033, 0x0014000A, 0x00140028, 0x0028000A, 0x00280014,
    0x0032000A, 0x00320014, 0x003C000A, 0x003C0014, 0x003C0028, 0x003C0050, 0x0055000A, 0x005A000A, 0x003C0032,
])  # fmt: skip
METHODS = st.builds(lambda index, rest: index.to_bytes(4, "big") + rest, INDEXES, st.binary(max_size=80))
FRAMES = st.builds(
    build_frame, st.sampled_from([1, 1, 1, 2, 3, 8, 9]), st.sampled_from([0, 1, 1, 2]), st.one_of(METHODS, OCTETS)
)
STREAMS = st.one_of(OCTETS, st.lists(FRAMES, max_size=8).map(b"".join))
NAMES = st.text(st.characters(codec="utf-8"), max_size=40)


def flat(events: list[Event]) -> list[object]:
    """Events with published runs taken apart: how bytes are split decides only how long the runs are."""
    out: list[object] = []
    for event in events:
        if isinstance(event, Published):
            first = event.last_tag - len(event.bodies) + 1 if event.last_tag else 0
            out += [
                (event.channel, event.exchange, event.routing_key, event.mandatory, body, first + n if first else 0)
                for n, body in enumerate(event.bodies)
            ]
        else:
            out.append(event)
    return out


def feed(server: ServerConnection, data: bytes, piece: int) -> list[Event]:
    events: list[Event] = []
    for at in range(0, len(data), piece):
        for event in server.receive_data(data[at : at + piece]):
            events.append(event)
            if isinstance(event, LoginAttempted):
                server.accept_login(("tracking.gps1",))
    return events


@given(data=STREAMS, opened=st.booleans())
@settings(max_examples=examples(300), deadline=None)
def test_any_bytes_give_the_server_events_or_one_close(data: bytes, opened: bool) -> None:
    server = Pair().open(1).server if opened else ServerConnection()
    events = server.receive_data(data if opened else PROTOCOL_HEADER + data)
    server.data_to_send()
    closed = [event for event in events if isinstance(event, ConnectionClosed)]
    assert not closed or (len(closed) == 1 and events[-1] is closed[0])


@given(data=STREAMS, opened=st.booleans())
@settings(max_examples=examples(300), deadline=None)
def test_any_bytes_give_the_client_events_or_one_close(data: bytes, opened: bool) -> None:
    client = Pair().open(1).client if opened else ClientConnection("gps1", "secret")
    events = client.receive_data(data)
    client.data_to_send()
    closed = [event for event in events if isinstance(event, ConnectionClosed)]
    assert not closed or (len(closed) == 1 and events[-1] is closed[0])


@given(data=STREAMS, piece=st.integers(1, 50))
@settings(max_examples=examples(200), deadline=None)
def test_splitting_changes_neither_events_nor_answers(data: bytes, piece: int) -> None:
    whole, split = Pair().open(1).server, Pair().open(1).server
    at_once, in_pieces = feed(whole, data, 1 << 30), feed(split, data, piece)
    assert flat(at_once) == flat(in_pieces)
    assert whole.data_to_send() == split.data_to_send()


@given(
    sends=st.lists(
        st.tuples(st.sampled_from([1, 2]), NAMES, st.lists(st.binary(max_size=9000), max_size=5), st.booleans()),
        max_size=6,
    ),
    piece=st.integers(1, 5000),
)
@settings(max_examples=examples(100), deadline=None)
def test_what_a_client_publishes_a_server_hears(sends: list[tuple[int, str, list[bytes], bool]], piece: int) -> None:
    pair = Pair(server=ServerConnection(frame_max=4096)).open(1, 2)
    tags = {1: 0, 2: 0}
    expected: list[object] = []
    for channel, key, bodies, persistent in sends:
        pair.client.publish(channel, "tracking.gps1", key, bodies, persistent=persistent)
        for body in bodies:
            tags[channel] += 1
            expected.append((channel, "tracking.gps1", key, False, body, tags[channel]))
    assert flat(feed(pair.server, pair.client.data_to_send(), piece)) == expected


def test_a_field_table_nested_a_thousand_deep_is_a_syntax_error() -> None:
    table = b""
    for _ in range(8000):
        entry = b"\x01aF" + len(table).to_bytes(4, "big") + table
        table = entry
    server = ServerConnection()
    server.receive_data(PROTOCOL_HEADER)
    payload = b"\x00\x0a\x00\x0b" + len(table).to_bytes(4, "big") + table + b"\x05PLAIN\0\0\0\0\x05en_US"
    (closed,) = server.receive_data(build_frame(1, 0, payload))
    assert isinstance(closed, ConnectionClosed) and closed.code == 502
