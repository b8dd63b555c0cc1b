"""The server's end: a broker's face for publishers, and nothing behind it but `Published` events.

Invariant: a message becomes part of an event only after its exchange was checked against the login's grant, and in the
order of its channel's frames; confirm tags count every such message from 1.
"""

from pamqp import commands
from pamqp.base import Frame
from pamqp.common import FieldTable
from typing_extensions import override

from protocols.amqp.channels import Channel, Content
from protocols.amqp.codes import ChannelFault, ConnectionFault, ReplyCode, reply_text
from protocols.amqp.connection import Connection
from protocols.amqp.credentials import MECHANISMS, as_octets, parse_credentials
from protocols.amqp.declarations import Declarations
from protocols.amqp.envelope import Envelope
from protocols.amqp.events import ChannelClosed, ConnectionClosed, ConnectionOpened, LoginAttempted, Published
from protocols.amqp.framing import FRAME_MIN, OVERHEAD, PROTOCOL_HEADER
from protocols.amqp.lifecycle import State, Step
from protocols.amqp.methods import PUBLISH, Publish, build_confirm, parse_method, parse_publish

_CAPABILITIES: FieldTable = {
    "publisher_confirms": True,
    "basic.nack": True,
    "connection.blocked": True,
    "authentication_failure_close": True,
    "exchange_exchange_bindings": False,
}


class ServerConnection(Connection):
    """Speak to one client; the shell answers LoginAttempted with `accept_login` or `refuse_login`."""

    def __init__(
        self,
        *,
        heartbeat_s: int = 60,
        frame_max: int = 131072,
        channel_max: int = 255,
        max_message_bytes: int = 1 << 20,
    ) -> None:
        super().__init__(State.AWAITING_HEADER, frame_max, channel_max)
        self.capabilities: dict[str, object] = {}
        self._offered_heartbeat_s = heartbeat_s
        self._max_message_bytes = max_message_bytes
        self._declarations = Declarations(())
        self._envelope: Envelope | None = None
        self._repeated: Publish | None = None
        self._last: tuple[int, bytes, bytes] | None = None
        self._known: dict[bytes, Publish] = {}

    # ------------------------------------------------------------------------------------------ for the shell

    def accept_login(self, exchanges: tuple[str, ...]) -> None:
        """Let the client in; `exchanges` are what it may publish to."""
        if self.state is State.AUTHENTICATING:
            self._step(Step.LOGIN_ACCEPTED)
            self._declarations = Declarations(exchanges)
            self._send(commands.Connection.Tune(self.channel_max, self.frame_max, self._offered_heartbeat_s))

    def refuse_login(self) -> None:
        """Turn the client away: with 403 where it understands that, by hanging up otherwise."""
        if self.state is State.AUTHENTICATING:
            text = "ACCESS_REFUSED - Login was refused"
            if self.capabilities.get("authentication_failure_close") is True:
                self._send(commands.Connection.Close(ReplyCode.ACCESS_REFUSED, text, 10, 11))
            self.state = State.CLOSED

    def acknowledge(self, channel: int, tag: int) -> None:
        """Confirm every message of a channel up to `tag`; silent where the channel is gone."""
        known = self._channels.get(channel)
        if self.state is State.OPEN and known is not None and known.confirming and not known.closing:
            self._out.append(build_confirm(channel, tag, multiple=True))

    def block(self, reason: str) -> None:
        """Tell a client that understands it to stop publishing."""
        if self._hears_blocked():
            self._send(commands.Connection.Blocked(reply_text(reason)))

    def unblock(self) -> None:
        """Tell it to go on."""
        if self._hears_blocked():
            self._send(commands.Connection.Unblocked())

    def _hears_blocked(self) -> bool:
        return self.state is State.OPEN and self.capabilities.get("connection.blocked") is True

    # ------------------------------------------------------------------------------------------ reading

    @override
    def _read(self) -> None:
        reader = self._reader
        if self.state is State.AWAITING_HEADER:
            ours = reader.read_protocol_header()
            if ours is None:
                return
            if not ours:
                self._out.append(PROTOCOL_HEADER)
                self._end(ConnectionClosed(ReplyCode.FRAME_ERROR, "not AMQP 0-9-1", False))
                return
            self._step(Step.HEADER)
            self._send(
                commands.Connection.Start(0, 9, {"product": "Trambox", "capabilities": _CAPABILITIES}, MECHANISMS)
            )
        while self.state is not State.CLOSED:
            if self._envelope is not None:
                self._take_repeated(self._envelope)
            frame = reader.next()
            if frame is None:
                return
            self._dispatch(*frame)

    def _take_repeated(self, envelope: Envelope) -> None:
        """Read the run of messages that begin like the last one did."""
        channel = self._channels[envelope.channel]
        if channel.content is None and self._repeated is not None and self.state is State.OPEN:
            reader = self._reader
            reader.at, bodies = envelope.take(reader.buffer, reader.at, self._max_message_bytes)
            if bodies:
                self._publish(channel, self._repeated, bodies)

    def _publish(self, channel: Channel, publish: Publish, bodies: list[bytes]) -> None:
        if channel.confirming:
            channel.tag += len(bodies)
        last = self._events[-1] if self._events else None
        if (
            isinstance(last, Published)
            and last.channel == channel.number
            and (last.exchange, last.routing_key, last.mandatory) == publish[:3]
            and bool(last.last_tag) == channel.confirming
        ):
            last.bodies += bodies
            last.last_tag = channel.tag
        else:
            self._events.append(
                Published(channel.number, publish.exchange, publish.routing_key, publish.mandatory, bodies, channel.tag)
            )

    @override
    def _on_content(self, channel: Channel) -> None:
        content = channel.content
        if content is None or not isinstance(content.announced, Publish):
            return
        alike = (channel.number, content.method, content.properties)
        if alike != self._last:
            self._last, self._envelope = alike, None
        elif self._envelope is None:
            self._envelope = Envelope(*alike, self.frame_max - OVERHEAD)
            self._repeated = content.announced
        self._publish(channel, content.announced, [content.body])

    @override
    def _check_size(self, channel: Channel) -> None:
        if channel.content is not None and channel.content.size > self._max_message_bytes:
            text = f"message of {channel.content.size} bytes, at most {self._max_message_bytes}"
            self._close_channel(channel, ChannelFault(ReplyCode.CONTENT_TOO_LARGE, text, 0x3C0028))
            self._forget_envelope(channel)

    # ------------------------------------------------------------------------------------------ methods

    @override
    def _on_method(self, channel: int, payload: bytes) -> None:
        if self.state is not State.OPEN or not channel:
            self._on_connection_method(channel, parse_method(payload))
            return
        known = self._channels.get(channel)
        try:
            if payload.startswith(PUBLISH) and known is not None and not known.closing:
                self._on_publish(known, payload)
            else:
                self._on_channel_method(channel, parse_method(payload))
        except ChannelFault as fault:
            if known is None:
                raise ConnectionFault(ReplyCode.CHANNEL_ERROR, fault.text, fault.method) from fault
            self._close_channel(known, fault)
            self._forget_envelope(known)

    def _on_publish(self, channel: Channel, payload: bytes) -> None:
        if channel.content is not None:
            raise ConnectionFault(ReplyCode.UNEXPECTED_FRAME, "method inside a message", 0x3C0028)
        publish = self._known.get(payload)
        if publish is None:
            publish = parse_publish(payload)
            if publish.immediate:
                raise ConnectionFault(ReplyCode.NOT_IMPLEMENTED, "immediate=true", 0x3C0028)
            self._declarations.check_publish(publish.exchange)
            if len(self._known) >= 1024:
                self._known.clear()
            self._known[payload] = publish
        channel.content = Content(publish, payload)

    def _on_channel_method(self, number: int, method: Frame) -> None:
        channel = self._channels.get(number)
        if channel is None:
            if not isinstance(method, commands.Channel.Open):
                raise ConnectionFault(ReplyCode.CHANNEL_ERROR, f"channel {number} is not open", method.index)
            if number > self.channel_max:
                raise ConnectionFault(
                    ReplyCode.CHANNEL_ERROR, f"channel {number} over {self.channel_max}", method.index
                )
            self._channels[number] = Channel(number, opened=True)
            self._send(commands.Channel.OpenOk(), number)
            return
        if channel.closing:
            self._while_channel_closing(channel, method)
            return
        if channel.content is not None and not isinstance(method, commands.Channel.Close):
            raise ConnectionFault(ReplyCode.UNEXPECTED_FRAME, "method inside a message", method.index)
        answer = self._answer(channel, method)
        if answer is not None:
            self._send(answer, number)

    def _answer(self, channel: Channel, method: Frame) -> Frame | None:
        match method:
            case commands.Channel.Close():
                self._drop_channel(channel)
                self._events.append(ChannelClosed(channel.number, method.reply_code or 0, method.reply_text, True))
                return commands.Channel.CloseOk()
            case commands.Channel.Open():
                raise ConnectionFault(ReplyCode.CHANNEL_ERROR, "second channel.open", method.index)
            case commands.Channel.Flow():
                return commands.Channel.FlowOk(method.active)
            case commands.Channel.FlowOk():
                return None
            case commands.Confirm.Select():
                channel.confirming = True
                return None if method.nowait else commands.Confirm.SelectOk()
            case commands.Basic.Qos():
                return commands.Basic.QosOk()
            case commands.Basic.Consume() | commands.Basic.Get():
                text = f"queue '{method.queue}' in vhost '/': this server takes messages and gives none"
                raise ChannelFault(ReplyCode.ACCESS_REFUSED, text, method.index)
            case commands.Basic.Ack() | commands.Basic.Nack() | commands.Basic.Reject():
                raise ChannelFault(ReplyCode.PRECONDITION_FAILED, "unknown delivery tag", method.index)
            case commands.Connection.Close() | commands.Connection.CloseOk():
                raise ConnectionFault(ReplyCode.COMMAND_INVALID, f"{method.name} on a channel", method.index)
            case _:
                return self._declarations.answer(method)

    def _while_channel_closing(self, channel: Channel, method: Frame) -> None:
        if isinstance(method, commands.Channel.CloseOk):
            self._drop_channel(channel)
        elif isinstance(method, commands.Channel.Close):
            self._send(commands.Channel.CloseOk(), channel.number)

    def _drop_channel(self, channel: Channel) -> None:
        self._forget_envelope(channel)
        del self._channels[channel.number]

    def _forget_envelope(self, channel: Channel) -> None:
        if self._envelope is not None and self._envelope.channel == channel.number:
            self._envelope = None

    def _on_connection_method(self, channel: int, method: Frame) -> None:
        if channel:
            raise ConnectionFault(ReplyCode.CHANNEL_ERROR, f"channel {channel} during the handshake", method.index)
        match method:
            case commands.Connection.Close():
                self._on_close(method)
            case commands.Connection.StartOk():
                self._on_start_ok(method)
            case commands.Connection.TuneOk():
                self._step(Step.TUNE_OK, method.index)
                self._on_tune_ok(method)
            case commands.Connection.Open():
                self._step(Step.OPEN, method.index)
                if method.virtual_host != "/":
                    text = f"no vhost '{method.virtual_host}'"
                    raise ConnectionFault(ReplyCode.NOT_ALLOWED, text, method.index)
                self._send(commands.Connection.OpenOk())
                self._events.append(ConnectionOpened(self.heartbeat_s))
            case _:
                raise ConnectionFault(ReplyCode.COMMAND_INVALID, f"{method.name} on channel 0", method.index)

    def _on_start_ok(self, method: commands.Connection.StartOk) -> None:
        self._step(Step.START_OK, method.index)
        properties = method.client_properties or {}
        capabilities = properties.get("capabilities")
        self.capabilities = dict(capabilities) if isinstance(capabilities, dict) else {}
        username, password = parse_credentials(method.mechanism, as_octets(method.response))
        product = " ".join(str(properties[key]) for key in ("product", "version") if key in properties)
        self._events.append(LoginAttempted(username, password, product[:100]))

    def _on_tune_ok(self, method: commands.Connection.TuneOk) -> None:
        frame_max = method.frame_max or self.frame_max
        if not FRAME_MIN <= frame_max <= self.frame_max:
            text = f"frame_max={method.frame_max}, {FRAME_MIN} to {self.frame_max} allowed"
            raise ConnectionFault(ReplyCode.NOT_ALLOWED, text, method.index)
        if method.channel_max > self.channel_max:
            text = f"channel_max={method.channel_max}, at most {self.channel_max} allowed"
            raise ConnectionFault(ReplyCode.NOT_ALLOWED, text, method.index)
        self._reader.frame_max = frame_max
        self.channel_max = method.channel_max or self.channel_max
        self.heartbeat_s = method.heartbeat
