"""What `receive_data` tells its caller: facts in the past tense, nothing to decide here."""

from dataclasses import dataclass
from typing import NamedTuple


class LoginAttempted(NamedTuple):
    """Server role: answer with `accept_login` or `refuse_login`."""

    username: str
    password: str
    product: str


class ConnectionOpened(NamedTuple):
    """The handshake is over; `heartbeat_s` is what both sides agreed on (0: none)."""

    heartbeat_s: int


@dataclass(slots=True)
class Published:
    """Server role: consecutive messages to one exchange and routing key. `last_tag` is 0 without confirms."""

    channel: int
    exchange: str
    routing_key: str
    mandatory: bool
    bodies: list[bytes]
    last_tag: int


class ChannelOpened(NamedTuple):
    """Client role: the channel may be used."""

    channel: int


class ConfirmsSelected(NamedTuple):
    """Client role: messages published from now on are confirmed."""

    channel: int


class Confirmed(NamedTuple):
    """Client role: the broker answers for the message, and for all before it where `multiple`."""

    channel: int
    tag: int
    multiple: bool


class Nacked(NamedTuple):
    """Client role: the broker could not take the message, nor those before it where `multiple`."""

    channel: int
    tag: int
    multiple: bool


class Returned(NamedTuple):
    """Client role: a mandatory message that no queue would take; its confirm follows."""

    channel: int
    code: int
    text: str
    exchange: str
    routing_key: str
    body: bytes


class Blocked(NamedTuple):
    """Client role: the broker asks for a pause."""

    reason: str


class Unblocked(NamedTuple):
    """Client role: the pause is over."""


class ChannelClosed(NamedTuple):
    """A channel is gone; `by_peer` is false where we closed it for a fault."""

    channel: int
    code: int
    text: str
    by_peer: bool


class ConnectionClosed(NamedTuple):
    """Nothing more will be said; always the last event."""

    code: int
    text: str
    by_peer: bool


Event = (
    LoginAttempted
    | ConnectionOpened
    | Published
    | ChannelOpened
    | ConfirmsSelected
    | Confirmed
    | Nacked
    | Returned
    | Blocked
    | Unblocked
    | ChannelClosed
    | ConnectionClosed
)
