"""The fast way reads what the slow way reads, whatever came before and whatever a message is turned into."""

import struct
from collections.abc import Callable, Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import FormatError
from protocols.formats import ufms_layout
from protocols.formats.ufms import build_waypoint, parse_waypoint
from protocols.formats.ufms_columns import Numbers
from protocols.formats.ufms_layout import WaypointReader, layout_of
from protocols.formats.ufms_pb2 import BaseMessage, WayPoint
from protocols.waypoint import Values, Waypoint
from tests.protocols.formats.samples import message

NOW_S = 1_780_000_000
PLATE, DRIVER, SPEED = b"\x0a\x0429A1", b"\x12\x0201", b"\x1d\x00\x00*B"
TIME, LATER = b"\x20\xb2\xfa\xd4\xc2\x05", b"\x20\xb3\xfa\xd4\xc2\x05"
X, Y = b"\x29" + struct.pack("<d", 105.8), b"\x31" + struct.pack("<d", 21.0)
WHOLE = PLATE + DRIVER + SPEED + TIME + X + Y

waypoints = st.builds(
    Waypoint,
    vehicle=st.sampled_from(["29A12345", "51B00001", "29A-1.2", "é1"]),
    driver=st.sampled_from(["", "010099045659", "790000000001", "a b", "1"]),
    speed_kmh=st.floats(0, 200, width=32),
    time_s=st.integers(1, 2**31 - 1) | st.integers(NOW_S, NOW_S + 9),
    x_lon=st.floats(-180, 180),
    y_lat=st.floats(-90, 90),
    heading_deg=st.none() | st.floats(0, 360, width=32),
    ignition=st.none() | st.booleans(),
    door=st.none() | st.booleans(),
    aircon=st.none() | st.booleans(),
)


def wrap(point: bytes) -> bytes:
    return b"\x08\x64\xa2\x06" + bytes((len(point),)) + point


def slowly(body: bytes) -> Values:
    """What the reader must give."""
    return parse_waypoint(body).values()


def outcome(read: Callable[[bytes], Iterable[object]], body: bytes) -> str:
    try:
        return repr(tuple(read(body)))
    except FormatError as error:
        return error.reason


@given(st.lists(waypoints, max_size=8))
def test_waypoints_of_any_shapes_in_any_order_are_read_as_the_slow_way_reads_them(sent: list[Waypoint]) -> None:
    reader = WaypointReader()
    for waypoint in [*sent, *sent]:
        assert reader.read(build_waypoint(waypoint, altitude_m=8.5)) == waypoint.values()


@given(waypoints, st.data())
def test_a_message_that_was_altered_anywhere_is_read_or_refused_as_the_slow_way_does(
    waypoint: Waypoint, data: st.DataObject
) -> None:
    body = bytearray(build_waypoint(waypoint))
    reader = WaypointReader()
    reader.read(bytes(body))
    for _ in range(data.draw(st.integers(1, 3))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    assert outcome(reader.read, bytes(body)) == outcome(slowly, bytes(body))


@pytest.mark.parametrize("name", ["waypoint_full", "waypoint_required_only", "waypoint_swapped_xy"])
def test_a_tracker_s_message_has_a_layout(name: str) -> None:
    assert layout_of(message(name)) is not None
    reader = WaypointReader()
    assert reader.read(message(name)) == reader.read(message(name)) == slowly(message(name))


@pytest.mark.parametrize(
    "point",
    [
        Y + X + TIME + SPEED + DRIVER + PLATE,
        WHOLE + b"\x72\x03QL1",
        WHOLE + b"\x98\x06\x01",
        WHOLE + b"\x45\x00\x00\xb4\x42\x48\x01\x50\x00",
    ],
)
def test_fields_in_another_order_and_unknown_ones_are_laid_out_too(point: bytes) -> None:
    assert layout_of(wrap(point)) is not None
    reader = WaypointReader()
    first = reader.read(wrap(point))
    later = reader.read(wrap(point.replace(TIME, LATER)))
    assert (first[3] + 1, first[:3], first[4:]) == (later[3], later[:3], later[4:])
    assert first == slowly(wrap(point))


@pytest.mark.parametrize(
    "body",
    [
        wrap(WHOLE + TIME),
        wrap(WHOLE + b"\x4a\x01\x01"),
        wrap(WHOLE.replace(TIME, b"\x20\x01")),
        wrap(WHOLE.replace(TIME, b"\x20\xb2\xfa\xd4\xc2\x0d")),
        wrap(WHOLE.replace(TIME, b"\x20\xb2\xfa\xd4\xc2\x15")),
        wrap(WHOLE + b"\x48\x81\x00"),
        wrap(WHOLE) + b"\x10\x01",
        wrap(WHOLE) + wrap(WHOLE)[2:],
    ],
)
def test_what_is_unusual_is_looked_at_each_time(body: bytes) -> None:
    assert layout_of(body) is None
    reader = WaypointReader()
    assert reader.read(body) == reader.read(body) == slowly(body)


def test_other_messages_have_no_layout() -> None:
    bus = BaseMessage(msg_type=BaseMessage.BUS_WAY_POINT)
    assert layout_of(bus.SerializeToString()) is None
    assert layout_of(BaseMessage(msg_type=BaseMessage.REG_DRIVER, way_point=_point()).SerializeToString()) is None


def _point() -> WayPoint:
    return WayPoint(vehicle="29A1", speed=1.0, datetime=NOW_S, x=105.8, y=21.0)


def test_senders_of_one_size_and_several_shapes_do_not_crowd_each_other_out() -> None:
    door, aircon = ({"ignition": True, name: True} for name in ("door", "aircon"))
    bodies = []
    for flags in (door, aircon):
        point = _point()
        for name, value in flags.items():
            setattr(point, name, value)
        bodies.append(BaseMessage(msg_type=BaseMessage.WAY_POINT, way_point=point).SerializeToString())
    assert len(bodies[0]) == len(bodies[1])
    reader = WaypointReader()
    for body in bodies * 2:
        assert reader.read(body) == slowly(body)
    assert [len(layouts) for layouts in reader._layouts.values()] == [2]


def test_layouts_and_times_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ufms_layout, "MOST_LAYOUTS", 5)
    monkeypatch.setattr(ufms_layout, "MOST_TIMES", 7)
    reader = WaypointReader()
    for size in range(1, 20):
        for step in range(2):
            body = build_waypoint(Waypoint("A" * size, "", 1.0, NOW_S + size + step, 105.8, 21.0, *[None] * 4))
            assert reader.read(body) == slowly(body)
    assert len(reader._layouts) <= 5
    assert len(reader._times) <= 7


def finite(speed: Numbers, time: Numbers, x: Numbers, y: Numbers) -> Numbers:
    return np.isfinite(speed) & (time > 0) & np.isfinite(x) & np.isfinite(y)


def identities_of(
    reader: WaypointReader, bodies: list[bytes], known: dict[bytes, tuple[object, ...]] | None = None
) -> dict[bytes, tuple[object, ...]]:
    """Read together, hold each row of a known identity against the slow way, and give what identities stand for."""
    met = dict(known or {})
    rows = list(reader.read_many(bodies, finite))
    assert len(rows) == len(bodies)
    for body, row in zip(bodies, rows, strict=True):
        if row is not None and (known is None or row[0] in known):
            waypoint = slowly(body)
            assert repr(row[1:]) == repr(waypoint[2:])
            assert met.setdefault(row[0], waypoint[:2]) == waypoint[:2]
    return met


@settings(max_examples=60)
@given(st.lists(waypoints, min_size=1, max_size=4), st.data())
def test_messages_read_together_are_read_as_the_slow_way_reads_each(sent: list[Waypoint], data: st.DataObject) -> None:
    bodies = [build_waypoint(waypoint, altitude_m=8.5) for waypoint in sent] * ufms_layout.FEW
    reader = WaypointReader()
    for body in bodies[: len(sent)]:
        reader.read(body)
    known = identities_of(reader, bodies)
    assert {(waypoint.vehicle, waypoint.driver) for waypoint in sent} >= set(known.values())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(bodies) - 1))
        altered = bytearray(bodies[at])
        altered[data.draw(st.integers(0, len(altered) - 1))] = data.draw(st.integers(0, 255))
        bodies[at] = bytes(altered)
    identities_of(reader, bodies, known)


def test_usual_messages_of_several_sizes_and_shapes_are_all_read_together() -> None:
    shapes = [("29A12345", "790000000001"), ("29A1", ""), ("51B000001", "79000000001"), ("é1", "1")]
    made = [
        build_waypoint(Waypoint(*shape, 40.0, NOW_S + at, 105.8, 20.9, None, True, None, None))
        for at in range(ufms_layout.FEW)
        for shape in shapes
    ]
    reader = WaypointReader()
    for body in made[: len(shapes)]:
        reader.read(body)
    assert set(identities_of(reader, made).values()) == set(shapes)
    assert None not in list(reader.read_many(made, finite))


@pytest.mark.parametrize("point", [PLATE + SPEED + DRIVER + TIME + X + Y, DRIVER + PLATE + SPEED + TIME + X + Y])
def test_a_message_whose_driver_does_not_follow_its_vehicle_is_read_by_itself(point: bytes) -> None:
    reader = WaypointReader()
    reader.read(wrap(point))
    assert list(reader.read_many([wrap(point)] * ufms_layout.FEW, finite)) == [None] * ufms_layout.FEW
