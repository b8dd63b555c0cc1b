"""A channel's state, and the gathering of a message whose frames come one by one.

Invariant: while a message is being gathered, its channel takes nothing but that message's frames (505 otherwise).
"""

from dataclasses import dataclass, field

from pamqp import commands

from protocols.amqp.codes import ConnectionFault, ReplyCode
from protocols.amqp.framing import BODY, HEADER
from protocols.amqp.methods import Publish, parse_content_header


@dataclass(slots=True)
class Content:
    """A message under way: what announced it, and how much of its body is there."""

    announced: Publish | commands.Basic.Return
    method: bytes
    size: int = -1
    properties: bytes = b""
    there: int = 0
    parts: list[bytes] = field(default_factory=list)

    def take(self, kind: int, payload: bytes) -> bool:
        """Add a frame's payload; True when the message is whole. Raises ConnectionFault 501, 502, 505."""
        if self.size < 0:
            if kind != HEADER:
                raise ConnectionFault(ReplyCode.UNEXPECTED_FRAME, "expected a content header")
            self.size, self.properties = parse_content_header(payload)
            return self.size == 0
        if kind != BODY:
            raise ConnectionFault(ReplyCode.UNEXPECTED_FRAME, "expected a content body")
        self.there += len(payload)
        if self.there > self.size:
            raise ConnectionFault(ReplyCode.FRAME_ERROR, f"body of {self.there} bytes, announced {self.size}")
        self.parts.append(payload)
        return self.there == self.size

    @property
    def body(self) -> bytes:
        """The whole body."""
        return self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)


@dataclass(slots=True)
class Channel:
    """One channel: its confirm counter, the message under way, and whether we wait for its close-ok."""

    number: int
    opened: bool = False
    confirming: bool = False
    tag: int = 0
    content: Content | None = None
    closing: bool = False
