"""Methods to octets and back: by hand for those of the hot path, by pamqp for the rare ones.

Invariant: any octets give a method or a ConnectionFault.
"""

import struct
from typing import NamedTuple

from pamqp import commands, frame
from pamqp.base import Frame
from pamqp.exceptions import PAMQPException

from protocols.amqp.codes import ConnectionFault, ReplyCode
from protocols.amqp.framing import METHOD, build_frame

PUBLISH = b"\x00\x3c\x00\x28"
ACK_METHOD, NACK_METHOD = 80, 120

_CONFIRM = struct.Struct(">HHQB")
_INDEX = struct.Struct(">I")
_CONTENT = struct.Struct(">HHQ")
_MALFORMED = (
    PAMQPException,
    struct.error,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    OSError,
    RecursionError,
)
"""What pamqp's decoders raise on hostile octets, from a cut integer to a table nested a thousand deep."""


class Publish(NamedTuple):
    """Arguments of basic.publish."""

    exchange: str
    routing_key: str
    mandatory: bool
    immediate: bool


def parse_method(payload: bytes) -> Frame:
    """Read a rare method; raises ConnectionFault 540 for an unknown one and 502 for broken arguments."""
    if len(payload) < 4:
        raise ConnectionFault(ReplyCode.SYNTAX_ERROR, "method frame without a method")
    (index,) = _INDEX.unpack_from(payload)
    if index not in commands.INDEX_MAPPING:
        raise ConnectionFault(ReplyCode.NOT_IMPLEMENTED, f"method {index >> 16}.{index & 0xFFFF}", index)
    try:
        method = frame.unmarshal(build_frame(METHOD, 0, payload))[2]
    except _MALFORMED as broken:
        raise ConnectionFault(ReplyCode.SYNTAX_ERROR, f"method {index >> 16}.{index & 0xFFFF}", index) from broken
    if not isinstance(method, Frame):
        raise ConnectionFault(ReplyCode.SYNTAX_ERROR, f"method {index >> 16}.{index & 0xFFFF}", index)
    return method


def build_method(method: Frame, channel: int) -> bytes:
    """Frame a method."""
    return frame.marshal(method, channel)


def parse_publish(payload: bytes) -> Publish:
    """Read the payload of a basic.publish; raises ConnectionFault 502."""
    exchange_end = 7 + payload[6] if len(payload) > 6 else len(payload)
    key_end = exchange_end + 1 + payload[exchange_end] if len(payload) > exchange_end else len(payload)
    if len(payload) != key_end + 1:
        raise ConnectionFault(ReplyCode.SYNTAX_ERROR, "basic.publish", 0x3C0028)
    try:
        exchange, key = payload[7:exchange_end].decode(), payload[exchange_end + 1 : key_end].decode()
    except UnicodeDecodeError as broken:
        raise ConnectionFault(ReplyCode.SYNTAX_ERROR, "basic.publish: names are UTF-8", 0x3C0028) from broken
    bits = payload[key_end]
    return Publish(exchange, key, bool(bits & 1), bool(bits & 2))


def build_publish(publish: Publish) -> bytes:
    """Write the payload of a basic.publish (no frame); raises ValueError where a name is over 255 bytes."""
    exchange, key = publish.exchange.encode(), publish.routing_key.encode()
    if max(len(exchange), len(key)) > 255:
        raise ValueError("names of AMQP hold 255 bytes")
    bits = publish.mandatory | publish.immediate << 1
    return b"".join((PUBLISH, b"\0\0", bytes((len(exchange),)), exchange, bytes((len(key),)), key, bytes((bits,))))


def parse_confirm(payload: bytes) -> tuple[int, int, bool] | None:
    """Read basic.ack or basic.nack: method id, tag, multiple; None for any other method."""
    if len(payload) != 13 or payload[:3] != b"\x00\x3c\x00" or payload[3] not in (ACK_METHOD, NACK_METHOD):
        return None
    _, method, tag, bits = _CONFIRM.unpack(payload)
    return method, tag, bool(bits & 1)


def build_confirm(channel: int, tag: int, multiple: bool, method: int = ACK_METHOD) -> bytes:
    """Frame a basic.ack (or nack)."""
    return build_frame(METHOD, channel, _CONFIRM.pack(60, method, tag, multiple))


def parse_content_header(payload: bytes) -> tuple[int, bytes]:
    """Read a content header: body size, and the rest unread (flags, properties); raises ConnectionFault."""
    if len(payload) < 14:
        raise ConnectionFault(ReplyCode.SYNTAX_ERROR, "content header cut short")
    class_id, weight, size = _CONTENT.unpack_from(payload)
    if class_id != 60 or weight:
        raise ConnectionFault(ReplyCode.FRAME_ERROR, f"content header of class {class_id}, weight {weight}")
    return size, payload[12:]
