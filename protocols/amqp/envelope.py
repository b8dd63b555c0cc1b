"""Everything of a published message before its body, by body size: the fast path of both roles.

Publishers send the same method and the same properties over and over; only the body and its size differ. So the octets
before a body of n bytes are one constant, made once: building joins constants and bodies, parsing compares and slices.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import chain

from protocols.amqp.framing import BODY, END, HEADER, METHOD, OVERHEAD, build_frame, pack_head

NO_PROPERTIES = b"\x00\x00"

_CONTENT = struct.Struct(">HHQ")
_SIZE = struct.Struct(">Q")
_MOST_SIZES = 512
END_OCTET = END[0]


class Envelope(dict[int, bytes]):
    """Prefixes by body size, for one channel, one basic.publish and one set of properties.

    Args:
        method: payload of the method frame. properties: the header's payload from its property flags on.
        body_max: the largest body that one frame holds.
    """

    __slots__ = ("_heads", "_size_at", "body_max", "channel", "method", "properties")

    def __init__(self, channel: int, method: bytes, properties: bytes, body_max: int) -> None:
        super().__init__()
        self.channel = channel
        self.method = method
        self.properties = properties
        self.body_max = body_max
        self._heads: dict[int, bytes] = {}
        """The end of the message before, and the prefix: two parts a message instead of three."""
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
        sizes, heads = list(map(len, bodies)), self._heads
        if len(heads) >= _MOST_SIZES:
            heads.clear()
        for size in set(sizes).difference(heads):
            if not 0 < size <= self.body_max:
                return b"".join(chain.from_iterable(map(self._frames, bodies)))
            heads[size] = END + self[size]
        parts = [END] * (2 * len(sizes) + 1)
        parts[:-1:2] = [heads[size] for size in sizes]
        parts[1::2] = bodies
        parts[:1] = [self[size] for size in sizes[:1]]  # before the first there is no message to end
        return b"".join(parts)

    def _frames(self, body: bytes) -> Iterator[bytes]:
        """The frames of a message that is empty, or needs several."""
        size, most = len(body), self.body_max
        if 0 < size <= most:
            return iter((self[size], body, END))
        pieces = (build_frame(BODY, self.channel, body[at : at + most]) for at in range(0, size, most))
        return chain((self[size],), pieces)

    def take(self, buffer: bytes, at: int, size_max: int) -> tuple[int, list[bytes]]:
        """Cut as many whole messages of this envelope as follow each other from `at` on.

        Returns:
            Where the first octet stands that is not understood here, and the bodies.
        """
        bodies: list[bytes] = []
        append, starts = bodies.append, buffer.startswith
        size_at = self._size_at
        there = len(buffer)
        size_max = min(size_max, self.body_max)
        read_size = _SIZE.unpack_from
        while at + size_at + 8 < there:
            (size,) = read_size(buffer, at + size_at)
            if not 0 < size <= size_max:
                break
            prefix = self[size]
            step = len(prefix) + size + 1
            before = at
            while starts(prefix, at) and at + step <= there and buffer[at + step - 1] == END_OCTET:
                at += step
                append(buffer[at - 1 - size : at - 1])
            if at == before:
                break
        return at, bodies
