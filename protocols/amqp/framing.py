"""Cut a byte stream into frames, in place.

A frame is type (1 octet), channel (2), size (4), payload, and the end octet 0xCE.

Invariant: work is linear in the bytes fed, however finely they are split: what waits is joined once, when it is enough.
Source: AMQP 0-9-1 specification, 2.3.5.
"""

import struct

from protocols.amqp.codes import ConnectionFault, ReplyCode

METHOD, HEADER, BODY, HEARTBEAT = 1, 2, 3, 8
END = b"\xce"
OVERHEAD = 8
FRAME_MIN = 4096
HEARTBEAT_FRAME = b"\x08\x00\x00\x00\x00\x00\x00\xce"
PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"

_HEAD = struct.Struct(">BHI")
pack_head = _HEAD.pack


def build_frame(kind: int, channel: int, payload: bytes) -> bytes:
    """Put a payload into a frame."""
    return _HEAD.pack(kind, channel, len(payload)) + payload + END


class FrameReader:
    """The bytes not yet understood; `buffer` and `at` are open to the fast path."""

    __slots__ = ("_held", "_need", "at", "buffer", "frame_max")

    def __init__(self, frame_max: int) -> None:
        self.frame_max = frame_max
        self.buffer = b""
        self.at = 0
        self._held = bytearray()
        self._need = 0

    def feed(self, data: bytes) -> bool:
        """Take bytes.

        Returns:
            Whether there may be something to read now.
        """
        if self._held:
            self._held += data
            if len(self._held) < self._need:
                return False
            self.buffer = bytes(self._held)
            self._held.clear()
        else:
            self.buffer = data
        self.at = 0
        return True

    def wait(self, need: int) -> None:
        """Keep the rest of the buffer until `need` bytes of it are there."""
        self._held += self.buffer[self.at :]
        self._need = need
        self.buffer = b""
        self.at = 0

    def next(self) -> tuple[int, int, bytes] | None:
        """Read one frame: type, channel, payload; None needs more bytes; raises ConnectionFault 501."""
        buffer, at = self.buffer, self.at
        there = len(buffer) - at
        if there < 7:
            if there:
                self.wait(7)
            return None
        kind, channel, size = _HEAD.unpack_from(buffer, at)
        if size > self.frame_max - OVERHEAD:
            raise ConnectionFault(ReplyCode.FRAME_ERROR, f"frame of {size + OVERHEAD} bytes, agreed {self.frame_max}")
        if there < size + OVERHEAD:
            self.wait(size + OVERHEAD)
            return None
        stop = at + 7 + size
        if buffer[stop] != 0xCE:
            raise ConnectionFault(ReplyCode.FRAME_ERROR, "frame without its end octet")
        self.at = stop + 1
        return kind, channel, buffer[at + 7 : stop]

    def read_protocol_header(self) -> bool | None:
        """Read the eight octets that open a connection: True as ours, False otherwise, None needs more bytes."""
        head = self.buffer[self.at : self.at + 8]
        if not PROTOCOL_HEADER.startswith(head):
            return False
        if len(head) < 8:
            if head:
                self.wait(len(head) + 1)
            return None
        self.at += 8
        return True
