"""Vehicle messages of the UFMS schema: bytes <-> waypoints.

`ufms.proto` beside this file is the grammar; `ufms_pb2.py` and `.pyi` are generated from it by protoc 30 (gencode 6.30,
the oldest runtime we accept), from the repository's root:

    protoc -I. --python_out=. --pyi_out=. protocols/formats/ufms.proto

Invariant: any bytes give a value or FormatError. The parser in C asks neither for required fields nor for UTF-8, so
both are asked here. Unknown fields are no fault: whoever keeps a message keeps its bytes. Without plate or time it is
nobody's or of no moment, so refused; a speed or coordinate that is absent or not finite is a field that it lacks
(TT 09/2015/TT-BGTVT, Phụ lục 19), so NaN.
"""

from math import isfinite, nan
from typing import NamedTuple

from google.protobuf.message import DecodeError

from protocols.errors import FormatError
from protocols.formats.ufms_pb2 import BaseMessage, BusWayPoint, WayPoint
from protocols.waypoint import Waypoint

WAY_POINT, BUS_WAY_POINT, BUS_WAY_POINTS = BaseMessage.WAY_POINT, BaseMessage.BUS_WAY_POINT, BaseMessage.BUS_WAY_POINTS


class Identity(NamedTuple):
    """Whose waypoint it is, and of when: all that the intake asks."""

    vehicle: str
    """Plate as received, in any spelling."""
    time_s: int


def identify(body: bytes) -> Identity:
    """Read plate and time of a waypoint; the hot path of the intake.

    Raises:
        FormatError: exactly where `parse_waypoint` would.
    """
    point = _read_point(body)
    return Identity(point.vehicle, point.datetime)


def parse_waypoint(body: bytes) -> Waypoint:
    """Read a whole waypoint; a heading that is no number and a driver that is no text become absent or escaped.

    Raises:
        FormatError: garbage, another message type, no plate or no time.
    Source: message WayPoint of the schema.
    """
    point = _read_point(body)
    has = point.HasField
    driver = point.driver
    heading = point.heading
    return Waypoint(
        point.vehicle,
        driver if not driver or (_is_text(driver) and driver.isprintable()) else _printable(driver),
        point.speed if isfinite(point.speed) else nan,
        point.datetime,
        point.x if isfinite(point.x) else nan,
        point.y if isfinite(point.y) else nan,
        heading if isfinite(heading) else None,
        point.ignition if has("ignition") else None,
        point.door if has("door") else None,
        point.aircon if has("aircon") else None,
    )


def build_waypoint(waypoint: Waypoint, altitude_m: float | None = None) -> bytes:
    """Write a waypoint as trackers do: fields in the order of their numbers, an empty driver left out."""
    point = WayPoint(
        vehicle=waypoint.vehicle,
        speed=waypoint.speed_kmh,
        datetime=waypoint.time_s,
        x=waypoint.x_lon,
        y=waypoint.y_lat,
    )
    if waypoint.driver:
        point.driver = waypoint.driver
    if altitude_m is not None:
        point.z = altitude_m
    if waypoint.heading_deg is not None:
        point.heading = waypoint.heading_deg
    if waypoint.ignition is not None:
        point.ignition = waypoint.ignition
    if waypoint.door is not None:
        point.door = waypoint.door
    if waypoint.aircon is not None:
        point.aircon = waypoint.aircon
    return BaseMessage(msg_type=WAY_POINT, way_point=point).SerializeToString()


def parse_base(body: bytes) -> BaseMessage:
    """Read any message of the schema.

    Raises:
        FormatError: garbage, a missing required field, or a message type that the schema does not know.
    """
    message = _decode(body)
    if not message.IsInitialized():
        missing = message.FindInitializationErrors()  # type: ignore[attr-defined]  # the stubs lack it
        if "msg_type" in missing:
            raise FormatError("the message type is missing or unknown to the schema")
        raise FormatError(f"required fields are missing: {', '.join(missing)}")
    return message


def _decode(body: bytes) -> BaseMessage:
    try:
        return BaseMessage.FromString(body)
    except DecodeError:
        raise FormatError("not a protobuf message of the UFMS schema") from None


def _read_point(body: bytes) -> WayPoint:
    message = _decode(body)
    point = message.way_point
    vehicle = point.vehicle
    if message.msg_type == WAY_POINT and vehicle and _is_text(vehicle) and point.datetime:
        return point
    if message.msg_type == BUS_WAY_POINT:
        bus = message.bus_way_point
        if bus.vehicle and _is_text(bus.vehicle) and bus.datetime:
            return _as_way_point(bus)
    raise FormatError(_what_is_wrong(body))


def _as_way_point(bus: BusWayPoint) -> WayPoint:
    """A bus's waypoint in the common fields; its `door` is open where either of its two doors is."""
    has = bus.HasField
    point = WayPoint(vehicle=bus.vehicle, datetime=bus.datetime)
    if has("speed"):
        point.speed = bus.speed
    if has("x"):
        point.x = bus.x
    if has("y"):
        point.y = bus.y
    if has("driver"):
        point.driver = bus.driver if _is_text(bus.driver) else _printable(bus.driver)
    if has("z"):
        point.z = bus.z
    if has("heading"):
        point.heading = bus.heading
    if has("ignition"):
        point.ignition = bus.ignition
    if has("aircon"):
        point.aircon = bus.aircon
    if has("door_up") or has("door_down"):
        point.door = bus.door_up or bus.door_down
    return point


def split_bus_way_points(body: bytes) -> list[bytes]:
    """The events of a BusWayPoints message, each as a BusWayPoint message of its own; none for any other message."""
    try:
        message = _decode(body)
    except FormatError:
        return []
    if message.msg_type != BUS_WAY_POINTS:
        return []
    return [
        BaseMessage(msg_type=BUS_WAY_POINT, bus_way_point=event).SerializePartialToString()
        for event in message.bus_way_points.events
    ]


def _what_is_wrong(body: bytes) -> str:
    """Say why a message is no whole waypoint; the slow way, for the sender."""
    point = _decode(body).way_point
    if point.vehicle and not _is_text(point.vehicle):
        return "the plate is not UTF-8"
    message = parse_base(body)
    if message.msg_type == BUS_WAY_POINT:
        return "the bus waypoint names no vehicle or no time"
    if message.msg_type != WAY_POINT:
        return f"the message type is {BaseMessage.MsgType.Name(message.msg_type)}, not WAY_POINT"
    if not message.HasField("way_point"):
        return "there is no waypoint in the message"
    if not point.vehicle:
        return "the waypoint names no vehicle"
    return "datetime is 0"


def lacks_of(body: bytes) -> tuple[str, ...]:
    """Which of `plate` and `time` a waypoint lacks; empty for any other bytes."""
    try:
        message = _decode(body)
    except FormatError:
        return ()
    if message.msg_type == WAY_POINT and message.HasField("way_point"):
        vehicle, time_s = message.way_point.vehicle, message.way_point.datetime
    elif message.msg_type == BUS_WAY_POINT and message.HasField("bus_way_point"):
        vehicle, time_s = message.bus_way_point.vehicle, message.bus_way_point.datetime
    else:
        return ()
    return tuple(name for name, there in (("plate", vehicle), ("time", time_s)) if not there)


def _is_text(value: object) -> bool:
    """Tell text from bytes: the runtime hands out a string field that is not UTF-8 as bytes."""
    return value.__class__ is str


def _printable(value: str | bytes) -> str:
    text = value if isinstance(value, str) else value.decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
