"""Reply codes of AMQP 0-9-1, and the faults that carry them.

WireFault (a ProtocolError)
├── ConnectionFault      hard: the whole connection is closed
└── ChannelFault         soft: only its channel is closed

Reply texts begin with the constant's name, as brokers write them.
Source: AMQP 0-9-1 specification, chapter 1.2 (constants).
"""

from enum import IntEnum

from protocols.errors import ProtocolError


class ReplyCode(IntEnum):
    """Why something was closed, returned or refused."""

    SUCCESS = 200
    CONTENT_TOO_LARGE = 311
    NO_ROUTE = 312
    CONNECTION_FORCED = 320
    INVALID_PATH = 402
    ACCESS_REFUSED = 403
    NOT_FOUND = 404
    RESOURCE_LOCKED = 405
    PRECONDITION_FAILED = 406
    FRAME_ERROR = 501
    SYNTAX_ERROR = 502
    COMMAND_INVALID = 503
    CHANNEL_ERROR = 504
    UNEXPECTED_FRAME = 505
    RESOURCE_ERROR = 506
    NOT_ALLOWED = 530
    NOT_IMPLEMENTED = 540
    INTERNAL_ERROR = 541


NEEDS_A_HUMAN = frozenset(
    {
        ReplyCode.CONTENT_TOO_LARGE,
        ReplyCode.INVALID_PATH,
        ReplyCode.ACCESS_REFUSED,
        ReplyCode.NOT_FOUND,
        ReplyCode.PRECONDITION_FAILED,
        ReplyCode.NOT_ALLOWED,
        ReplyCode.NOT_IMPLEMENTED,
    }
)
"""Codes that the same request will meet again tomorrow."""


class WireFault(ProtocolError):
    """The peer broke the protocol or asked for what it may not have; `method` is the culprit's class and method id."""

    def __init__(self, code: ReplyCode, reason: str, method: int = 0) -> None:
        super().__init__(f"{code.name} - {reason}")
        self.code = code
        self.text = reply_text(f"{code.name} - {reason}")
        self.method = method


class ConnectionFault(WireFault):
    """Ends the connection."""


class ChannelFault(WireFault):
    """Ends one channel."""


def reply_text(text: str) -> str:
    """Cut a text to what a short string holds (255 bytes of UTF-8)."""
    return text.encode("utf-8", "replace")[:255].decode("utf-8", "ignore")
