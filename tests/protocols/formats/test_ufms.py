"""Messages of the UFMS schema; the sample messages were encoded by hand, not by the library under test."""

import struct
from math import inf, isnan, nan

import pytest

from protocols.errors import FormatError
from protocols.formats.ufms import (
    Identity,
    build_waypoint,
    identify,
    parse_base,
    parse_waypoint,
    split_bus_way_points,
)
from protocols.formats.ufms_pb2 import BaseMessage, BusWayPoint, BusWayPoints, RegVehicle
from protocols.waypoint import Waypoint
from tests.protocols.formats.samples import message

FULL = Waypoint("29A1516", "010099045659", 42.5, 1481981234, 105.8445795, 21.0306089, 90.0, True, True, None)
REQUIRED = Waypoint("29A1516", "", 0.0, 1481981234, 105.8445795, 21.0306089, None, None, None, None)
SWAPPED = Waypoint("43C14390", "23232333", 20.0, 1481981234, 15.711218333, 108.383445, 90.0, True, False, None)
PLATE = b"\x0a\x0729A1516"
SPEED = b"\x1d\x00\x00*B"
TIME = b"\x20\xb2\xfa\xd4\xc2\x05"
X, Y = b"\x29" + struct.pack("<d", 105.8), b"\x31" + struct.pack("<d", 21.0)


def wrap(point: bytes, head: bytes = b"\x08\x64") -> bytes:
    return head + b"\xa2\x06" + bytes((len(point),)) + point


@pytest.mark.parametrize(
    ("name", "waypoint"),
    [("waypoint_full", FULL), ("waypoint_required_only", REQUIRED), ("waypoint_swapped_xy", SWAPPED)],
)
def test_a_tracker_s_bytes_are_its_waypoint(name: str, waypoint: Waypoint) -> None:
    assert parse_waypoint(message(name)) == waypoint


def test_what_a_tracker_does_not_say_is_none_and_not_false() -> None:
    assert parse_waypoint(message("waypoint_required_only")).values()[6:] == (None, None, None, None)


def test_a_waypoint_is_built_byte_by_byte_as_a_tracker_does() -> None:
    assert build_waypoint(FULL, altitude_m=20.0) == message("waypoint_full")
    assert build_waypoint(REQUIRED) == message("waypoint_required_only")


def test_the_intake_asks_plate_and_time_only() -> None:
    assert identify(message("waypoint_full")) == Identity("29A1516", 1481981234)


def test_fields_in_another_order_are_the_same_waypoint() -> None:
    assert identify(wrap(Y + X + TIME + SPEED + PLATE)) == ("29A1516", 1481981234)


def test_unknown_fields_are_no_fault() -> None:
    assert identify(wrap(PLATE + SPEED + TIME + X + Y + b"\x98\x06\x01") + b"\xc0\x3e\x07").vehicle == "29A1516"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "message type is missing"),
        (b"garbage", "not a protobuf message"),
        (message("waypoint_full")[:-1], "not a protobuf message"),
        (message("regvehicle"), "REG_VEHICLE, not WAY_POINT"),
        (wrap(PLATE + SPEED + TIME + X + Y, head=b""), "message type is missing"),
        (wrap(PLATE + SPEED + TIME + X + Y, head=b"\x08\x63"), "message type is missing or unknown"),
        (b"\x08\x64", "no waypoint"),
        (wrap(SPEED + TIME + X + Y), "missing: way_point.vehicle"),
        (wrap(PLATE + SPEED + X + Y), "missing: way_point.datetime"),
        (wrap(b"\x0a\x00" + SPEED + TIME + X + Y), "names no vehicle"),
        (wrap(b"\x0a\x01\xff" + SPEED + TIME + X + Y), "plate is not UTF-8"),
        (wrap(b"\x0a\x01\xff" + TIME), "plate is not UTF-8"),
        (wrap(PLATE + SPEED + b"\x20\x00" + X + Y), "datetime is 0"),
    ],
)
def test_what_is_no_whole_waypoint_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        parse_waypoint(body)
    with pytest.raises(FormatError, match=reason):
        identify(body)


@pytest.mark.parametrize(
    ("body", "lacks"),
    [
        (wrap(PLATE + TIME + X + Y), {2}),
        (wrap(PLATE + SPEED + TIME + Y), {4}),
        (wrap(PLATE + SPEED + TIME + X), {5}),
        (wrap(PLATE + TIME), {2, 4, 5}),
        (wrap(PLATE + SPEED + TIME + b"\x29" + struct.pack("<d", nan) + Y), {4}),
        (wrap(PLATE + b"\x1d" + struct.pack("<f", -inf) + TIME + X + Y), {2}),
    ],
)
def test_a_number_that_is_absent_or_endless_is_lacked_and_the_waypoint_kept(body: bytes, lacks: set[int]) -> None:
    whole = parse_waypoint(wrap(PLATE + SPEED + TIME + X + Y)).values()
    said = parse_waypoint(body).values()
    assert {at for at, value in enumerate(said) if isinstance(value, float) and isnan(value)} == lacks
    assert all(said[at] == whole[at] for at in range(len(whole)) if at not in lacks)
    assert identify(body) == ("29A1516", 1481981234)


def test_a_driver_that_is_no_text_is_escaped_and_the_waypoint_kept() -> None:
    body = wrap(PLATE + b"\x12\x03A\xff\x00" + SPEED + TIME + X + Y)
    assert parse_waypoint(body).driver == "A\\xff\\x00"


def test_a_heading_that_is_no_number_is_absent() -> None:
    body = wrap(PLATE + SPEED + TIME + X + Y + b"\x45" + struct.pack("<f", nan))
    assert parse_waypoint(body).heading_deg is None


def test_a_registration_of_a_vehicle_is_read() -> None:
    vehicle = parse_base(message("regvehicle")).reg_vehicle
    assert (vehicle.vehicle, vehicle.vehicle_type, vehicle.vin) == ("29A1511", RegVehicle.HOP_DONG, "01")


def test_a_sub_message_stands_in_the_field_of_its_type_s_number() -> None:
    types = BaseMessage.MsgType.values()
    numbers = [field.number for field in BaseMessage.DESCRIPTOR.fields if field.number != 1]
    assert numbers
    assert set(numbers) <= set(types)


def bus(**fields: object) -> BusWayPoint:
    point = BusWayPoint(vehicle="51B12345", speed=30.0, datetime=1_780_000_000, x=106.7, y=10.8)
    for name, value in fields.items():
        setattr(point, name, value)
    return point


def test_a_bus_waypoint_is_a_waypoint_with_its_own_numbers_for_doors_and_air() -> None:
    point = bus(aircon=True, door_up=False, door_down=True, heading=90.0)
    body = BaseMessage(msg_type=BaseMessage.BUS_WAY_POINT, bus_way_point=point).SerializeToString()
    waypoint = parse_waypoint(body)
    assert (waypoint.aircon, waypoint.door, waypoint.ignition, waypoint.heading_deg) == (True, True, None, 90.0)
    assert identify(body) == ("51B12345", 1_780_000_000)


def test_a_bus_waypoint_without_a_position_lacks_it_and_one_without_a_time_is_refused() -> None:
    point = BusWayPoint(vehicle="51B12345", speed=30.0, datetime=1)
    body = BaseMessage(msg_type=BaseMessage.BUS_WAY_POINT, bus_way_point=point).SerializePartialToString()
    said = parse_waypoint(body)
    assert said.speed_kmh == 30.0 and isnan(said.x_lon) and isnan(said.y_lat)
    point.ClearField("datetime")
    body = BaseMessage(msg_type=BaseMessage.BUS_WAY_POINT, bus_way_point=point).SerializePartialToString()
    with pytest.raises(FormatError, match="datetime"):
        parse_waypoint(body)


def test_several_bus_waypoints_come_apart_in_their_order() -> None:
    events = [bus(datetime=1_780_000_000 + each) for each in range(3)]
    message = BaseMessage(msg_type=BaseMessage.BUS_WAY_POINTS, bus_way_points=BusWayPoints(events=events))
    pieces = split_bus_way_points(message.SerializeToString())
    assert [parse_waypoint(piece).time_s - 1_780_000_000 for piece in pieces] == [0, 1, 2]
    assert split_bus_way_points(pieces[0]) == [] and split_bus_way_points(b"\xff") == []
