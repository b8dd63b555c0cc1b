"""The client's end: log in, open channels, publish with confirms.

Invariant: tags are given in the order of `publish`; Returned comes before its message's confirm, as on the wire.
"""

from collections.abc import Sequence

from pamqp import commands
from pamqp.base import Frame
from pamqp.common import FieldTable
from typing_extensions import override

from protocols.amqp.channels import Channel, Content
from protocols.amqp.codes import ConnectionFault, ReplyCode
from protocols.amqp.connection import Connection
from protocols.amqp.credentials import build_plain
from protocols.amqp.envelope import NO_PROPERTIES, Envelope
from protocols.amqp.events import (
    Blocked,
    ChannelClosed,
    ChannelOpened,
    Confirmed,
    ConfirmsSelected,
    ConnectionClosed,
    ConnectionOpened,
    Nacked,
    Returned,
    Unblocked,
)
from protocols.amqp.framing import FRAME_MIN, OVERHEAD, PROTOCOL_HEADER
from protocols.amqp.lifecycle import State, Step
from protocols.amqp.methods import ACK_METHOD, Publish, build_publish, parse_confirm, parse_method

PERSISTENT = b"\x10\x00\x02"
"""Property flags and value of delivery_mode = 2."""

_PROPERTIES: FieldTable = {
    "product": "Trambox",
    "capabilities": {
        "publisher_confirms": True,
        "basic.nack": True,
        "connection.blocked": True,
        "authentication_failure_close": True,
    },
}


class ClientConnection(Connection):
    """Speak to a broker; ConnectionOpened says when channels may be opened."""

    def __init__(
        self, username: str, password: str, virtual_host: str = "/", *, heartbeat_s: int = 30, frame_max: int = 131072
    ) -> None:
        super().__init__(State.AWAITING_START, frame_max, 2047)
        if len(virtual_host) > 127:
            raise ValueError("a virtual host's name holds 127 characters")
        self._credentials = build_plain(username, password)
        self._virtual_host = virtual_host
        self._wanted_heartbeat_s = heartbeat_s
        self._envelopes: dict[tuple[int, Publish, bytes], Envelope] = {}
        self._out.append(PROTOCOL_HEADER)

    def open_channel(self, number: int) -> None:
        """Ask for a channel; ChannelOpened answers."""
        self._channels[number] = Channel(number)
        self._send(commands.Channel.Open(), number)

    def select_confirms(self, number: int) -> None:
        """Ask for confirms on a channel; ConfirmsSelected answers."""
        self._channels[number].confirming = True
        self._send(commands.Confirm.Select(), number)

    def publish(
        self,
        number: int,
        exchange: str,
        routing_key: str,
        bodies: Sequence[bytes],
        *,
        mandatory: bool = False,
        persistent: bool = False,
    ) -> int:
        """Send messages to one exchange with one routing key.

        Returns:
            The tag of the last of them, 0 without confirms.
        """
        channel = self._channels[number]
        properties = PERSISTENT if persistent else NO_PROPERTIES
        key = (number, Publish(exchange, routing_key, mandatory, False), properties)
        envelope = self._envelopes.get(key)
        if envelope is None:
            if len(self._envelopes) >= 64:
                self._envelopes.clear()
            envelope = Envelope(number, build_publish(key[1]), properties, self.frame_max - OVERHEAD)
            self._envelopes[key] = envelope
        self._out.append(envelope.build(bodies))
        if channel.confirming:
            channel.tag += len(bodies)
        return channel.tag

    @override
    def _read(self) -> None:
        reader = self._reader
        if self.state is State.AWAITING_START and reader.buffer[reader.at : reader.at + 4] == b"AMQP":
            self._end(ConnectionClosed(ReplyCode.NOT_IMPLEMENTED, "the broker speaks another AMQP", True))
            return
        while self.state is not State.CLOSED:
            frame = reader.next()
            if frame is None:
                return
            self._dispatch(*frame)

    @override
    def _on_method(self, channel: int, payload: bytes) -> None:
        if not channel:
            self._on_connection_method(parse_method(payload))
            return
        known = self._channels.get(channel)
        if self.state is not State.OPEN or known is None:
            raise ConnectionFault(ReplyCode.CHANNEL_ERROR, f"channel {channel} is not open")
        if known.content is not None:
            raise ConnectionFault(ReplyCode.UNEXPECTED_FRAME, "method inside a message")
        confirm = parse_confirm(payload)
        if confirm is None:
            self._on_channel_method(known, parse_method(payload), payload)
            return
        method, tag, multiple = confirm
        self._events.append((Confirmed if method == ACK_METHOD else Nacked)(channel, tag, multiple))

    def _on_channel_method(self, channel: Channel, method: Frame, payload: bytes) -> None:
        match method:
            case commands.Channel.OpenOk():
                channel.opened = True
                self._events.append(ChannelOpened(channel.number))
            case commands.Confirm.SelectOk():
                self._events.append(ConfirmsSelected(channel.number))
            case commands.Basic.Return():
                channel.content = Content(method, payload)
            case commands.Channel.Close():
                del self._channels[channel.number]
                self._send(commands.Channel.CloseOk(), channel.number)
                self._events.append(ChannelClosed(channel.number, method.reply_code or 0, method.reply_text, True))
            case commands.Channel.Flow():
                self._send(commands.Channel.FlowOk(method.active), channel.number)
            case _:
                raise ConnectionFault(ReplyCode.COMMAND_INVALID, method.name, method.index)

    @override
    def _on_content(self, channel: Channel) -> None:
        content = channel.content
        if content is not None and isinstance(content.announced, commands.Basic.Return):
            told = content.announced
            exchange, key = told.exchange or "", told.routing_key or ""
            returned = Returned(channel.number, told.reply_code or 0, told.reply_text, exchange, key, content.body)
            self._events.append(returned)

    def _on_connection_method(self, method: Frame) -> None:
        match method:
            case commands.Connection.Close():
                self._on_close(method)
            case commands.Connection.Start():
                self._step(Step.START, method.index)
                if "PLAIN" not in method.mechanisms.split():
                    raise ConnectionFault(ReplyCode.NOT_IMPLEMENTED, f"mechanisms {method.mechanisms}", method.index)
                self._send(commands.Connection.StartOk(_PROPERTIES, "PLAIN", self._credentials))
            case commands.Connection.Tune():
                self._step(Step.TUNE, method.index)
                self._on_tune(method)
            case commands.Connection.OpenOk():
                self._step(Step.OPEN_OK, method.index)
                self._events.append(ConnectionOpened(self.heartbeat_s))
            case commands.Connection.Blocked():
                self._events.append(Blocked(method.reason))
            case commands.Connection.Unblocked():
                self._events.append(Unblocked())
            case _:
                raise ConnectionFault(ReplyCode.COMMAND_INVALID, method.name, method.index)

    def _on_tune(self, method: commands.Connection.Tune) -> None:
        frame_max = min(method.frame_max or self.frame_max, self.frame_max)
        self._reader.frame_max = max(frame_max, FRAME_MIN)
        self.channel_max = min(method.channel_max or self.channel_max, self.channel_max)
        ours, theirs = self._wanted_heartbeat_s, method.heartbeat
        self.heartbeat_s = min(ours, theirs) if ours and theirs else max(ours, theirs)
        self._send(commands.Connection.TuneOk(self.channel_max, self.frame_max, self.heartbeat_s))
        self._send(commands.Connection.Open(self._virtual_host))
