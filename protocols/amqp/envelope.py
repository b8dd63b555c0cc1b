"""Everything of a published message before its body, by body size: the fast path of both roles.

Publishers send the same method and the same properties over and over; only the body and its size differ. So the octets
before a body of n bytes are one constant, made once: building joins constants and bodies, parsing compares and slices.
"""

import struct
from collections.abc import Sequence

from protocols.amqp.framing import BODY, END, HEADER, METHOD, OVERHEAD, build_frame, pack_head

NO_PROPERTIES = b"\x00\x00"

_CONTENT = struct.Struct(">HHQ")
_SIZE = struct.Struct(">Q")
_MOST_SIZES = 512


class Envelope(dict[int, bytes]):
    """Prefixes by body size, for one channel, one basic.publish and one set of properties.

    Args:
        method: payload of the method frame. properties: the header's payload from its property flags on.
        body_max: the largest body that one frame holds.
    """

    __slots__ = ("_size_at", "body_max", "channel", "method", "properties")

    def __init__(self, channel: int, method: bytes, properties: bytes, body_max: int) -> None:
        super().__init__()
        self.channel = channel
        self.method = method
        self.properties = properties
        self.body_max = body_max
        self._size_at = len(method) + OVERHEAD + 7 + 4

    def __missing__(self, size: int) -> bytes:
        """Make the prefix of a body of `size` bytes, with the body frame's head where it fits one frame."""
        if len(self) >= _MOST_SIZES:
            self.clear()
        prefix = build_frame(METHOD, self.channel, self.method)
        prefix += build_frame(HEADER, self.channel, _CONTENT.pack(60, 0, size) + self.properties)
        if 0 < size <= self.body_max:
            prefix += pack_head(BODY, self.channel, size)
        self[size] = prefix
        return prefix

    def build(self, bodies: Sequence[bytes]) -> bytes:
        """Frame messages, one after the other."""
        parts: list[bytes] = []
        most = self.body_max
        for body in bodies:
            size = len(body)
            if 0 < size <= most:
                parts += (self[size], body, END)
            else:
                parts.append(self[size])
                parts += (build_frame(BODY, self.channel, body[at : at + most]) for at in range(0, size, most))
        return b"".join(parts)

    def take(self, buffer: bytes, at: int, size_max: int) -> tuple[int, list[bytes]]:
        """Cut as many whole messages of this envelope as follow each other from `at` on.

        Returns:
            Where the first octet stands that is not understood here, and the bodies.
        """
        bodies: list[bytes] = []
        append = bodies.append
        size_at = self._size_at
        last = len(buffer) - size_at - 8
        size_max = min(size_max, self.body_max)
        read_size = _SIZE.unpack_from
        while at <= last:
            (size,) = read_size(buffer, at + size_at)
            if not 0 < size <= size_max:
                break
            prefix = self[size]
            start = at + len(prefix)
            stop = start + size
            if not buffer.startswith(prefix, at) or buffer[stop : stop + 1] != END:
                break
            append(buffer[start:stop])
            at = stop + 1
        return at, bodies
