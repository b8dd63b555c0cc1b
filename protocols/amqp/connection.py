"""A connection without a socket: what both roles share.

Bytes in (`receive_data`), events out; bytes to send gather until `data_to_send`. The roles are `server.py`
and `client.py`; the life cycle is the table in `lifecycle.py`.

Invariant: any bytes give events, at most one ConnectionClosed among them and that one last; never an exception.
"""

from abc import ABC, abstractmethod

from pamqp import commands
from pamqp.base import Frame

from protocols.amqp.channels import Channel
from protocols.amqp.codes import ChannelFault, ConnectionFault, ReplyCode, reply_text
from protocols.amqp.events import ChannelClosed, ConnectionClosed, Event
from protocols.amqp.framing import BODY, HEADER, HEARTBEAT, HEARTBEAT_FRAME, METHOD, FrameReader
from protocols.amqp.lifecycle import State, Step, advance
from protocols.amqp.methods import build_method, parse_method


class Connection(ABC):
    """One end of an AMQP 0-9-1 connection."""

    def __init__(self, state: State, frame_max: int, channel_max: int) -> None:
        self.state = state
        self.channel_max = channel_max
        self.heartbeat_s = 0
        self._reader = FrameReader(frame_max)
        self._out: list[bytes] = []
        self._events: list[Event] = []
        self._channels: dict[int, Channel] = {}
        self._closing_with: ConnectionClosed | None = None

    @property
    def frame_max(self) -> int:
        """The largest frame, in bytes, that both sides take."""
        return self._reader.frame_max

    def receive_data(self, data: bytes) -> list[Event]:
        """Take bytes from the peer; empty `data` means that it hung up."""
        events: list[Event] = []
        self._events = events
        if self.state is State.CLOSED:
            return events
        if not data:
            self._end(self._closing_with or ConnectionClosed(0, "the peer hung up", True))
            return events
        try:
            if self._reader.feed(data):
                self._read()
        except ConnectionFault as fault:
            self._fail(fault)
        return events

    def data_to_send(self) -> bytes:
        """Take what is to be sent now."""
        data = b"".join(self._out)
        self._out.clear()
        return data

    def heartbeat(self) -> None:
        """Say that we live, once there is something agreed on to say it with."""
        if self.state in (State.OPEN, State.AWAITING_OPEN, State.AWAITING_OPEN_OK):
            self._out.append(HEARTBEAT_FRAME)

    def close(self, code: int = ReplyCode.SUCCESS, text: str = "") -> None:
        """Ask to end the connection; the peer's close-ok gives ConnectionClosed."""
        if self.state in (State.CLOSING, State.CLOSED):
            return
        self._closing_with = ConnectionClosed(code, text, False)
        self._send(commands.Connection.Close(code, reply_text(text), 0, 0))
        self.state = State.CLOSING

    @abstractmethod
    def _read(self) -> None:
        """Read the buffer as far as it goes."""

    @abstractmethod
    def _on_method(self, channel: int, payload: bytes) -> None:
        """Take a method frame of an open connection's channel, or of the handshake."""

    @abstractmethod
    def _on_content(self, channel: Channel) -> None:
        """Take a whole message, or one whose header has just come."""

    def _dispatch(self, kind: int, number: int, payload: bytes) -> None:
        if kind == METHOD:
            if self.state is State.CLOSING:
                self._while_closing(payload)
            else:
                self._on_method(number, payload)
        elif kind == HEARTBEAT:
            if number or payload:
                raise ConnectionFault(ReplyCode.FRAME_ERROR, "heartbeat with a channel or a payload")
        elif kind not in (HEADER, BODY):
            raise ConnectionFault(ReplyCode.FRAME_ERROR, f"frame of type {kind}")
        elif self.state is State.OPEN:
            self._on_content_frame(kind, number, payload)
        elif self.state is not State.CLOSING:
            raise ConnectionFault(ReplyCode.UNEXPECTED_FRAME, f"content while {self.state.name}")

    def _on_content_frame(self, kind: int, number: int, payload: bytes) -> None:
        channel = self._channels.get(number)
        if channel is None:
            raise ConnectionFault(ReplyCode.CHANNEL_ERROR, f"content on channel {number}, which is not open")
        if channel.closing:
            return
        if channel.content is None:
            raise ConnectionFault(ReplyCode.UNEXPECTED_FRAME, "content that no method announced")
        if channel.content.take(kind, payload):
            self._on_content(channel)
            channel.content = None
        elif kind == HEADER:
            self._check_size(channel)

    def _check_size(self, channel: Channel) -> None:
        """Judge the size that a content header announces."""

    def _while_closing(self, payload: bytes) -> None:
        """Wait for close-ok; the peer's own close crosses ours, the rest is too late."""
        method = parse_method(payload)
        if isinstance(method, commands.Connection.CloseOk):
            self._end(self._closing_with or ConnectionClosed(0, "", False))
        elif isinstance(method, commands.Connection.Close):
            self._send(commands.Connection.CloseOk())

    def _on_close(self, method: commands.Connection.Close) -> None:
        self._send(commands.Connection.CloseOk())
        self._end(ConnectionClosed(method.reply_code or 0, method.reply_text, True))

    def _close_channel(self, channel: Channel, fault: ChannelFault) -> None:
        self._send(
            commands.Channel.Close(fault.code, fault.text, fault.method >> 16, fault.method & 0xFFFF), channel.number
        )
        channel.closing, channel.content = True, None
        self._events.append(ChannelClosed(channel.number, fault.code, fault.text, False))

    def _send(self, method: Frame, channel: int = 0) -> None:
        self._out.append(build_method(method, channel))

    def _step(self, step: Step, method: int = 0) -> None:
        self.state = advance(self.state, step, method)

    def _fail(self, fault: ConnectionFault) -> None:
        """Tell the peer what it did wrong, and wait for nothing but its close-ok."""
        if self.state is State.CLOSING:
            self._end(self._closing_with or ConnectionClosed(fault.code, fault.text, False))
            return
        self._send(commands.Connection.Close(fault.code, fault.text, fault.method >> 16, fault.method & 0xFFFF))
        self._end(ConnectionClosed(fault.code, fault.text, False))

    def _end(self, closed: ConnectionClosed) -> None:
        self.state = State.CLOSED
        self._channels.clear()
        self._events.append(closed)
