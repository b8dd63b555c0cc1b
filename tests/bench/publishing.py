"""One confirmed AMQP connection of the load: frames made beforehand out, confirms in, a latency for every message.

Unpaced it keeps its window full. Paced it follows a schedule, and a latency counts from the instant a message was due:
a server that stalls does not get its waiting time forgiven.
"""

import asyncio
import struct
from collections import deque
from time import perf_counter
from typing import cast

import pamqp.frame
from pamqp import commands
from pamqp.base import Frame
from typing_extensions import override

from tests.bench.fleet import CHANNEL, FleetFrames
from tests.bench.latencies import Latencies

FRAME_HEAD = struct.Struct(">BHI")
CONFIRM = struct.Struct(">4xQB")
CHUNK = 250
TICK_S = 0.005


class Publishing(asyncio.Protocol):
    """A connection with its share of the fleet."""

    def __init__(self, frames: FleetFrames, window: int) -> None:
        self.frames = frames
        self.window = window
        self.latencies = Latencies()
        self.sent = self.confirmed = 0
        self.fault = ""
        self._loop = asyncio.get_running_loop()
        self._at = frames.count
        self._sent: deque[tuple[int, float]] = deque()
        self._buffer = bytearray()
        self._answers: asyncio.Queue[Frame] = asyncio.Queue()
        self._limit = 0
        self._full = False
        self._rate = 0.0
        self._paced_from_s, self._paced_from = 0.0, 0
        self._early: set[int] = set()
        self._settled = asyncio.Event()

    # ------------------------------------------------------------------------------------------ opening

    async def open(self, username: str, password: str) -> None:
        """Shake hands and ask for confirms."""
        self._transport.write(b"AMQP\x00\x00\x09\x01")
        await self._expect(commands.Connection.Start)
        response = f"\0{username}\0{password}"
        self._send(commands.Connection.StartOk({"capabilities": {"publisher_confirms": True}}, "PLAIN", response), 0)
        tune = await self._expect(commands.Connection.Tune)
        assert isinstance(tune, commands.Connection.Tune)
        self._send(commands.Connection.TuneOk(tune.channel_max, tune.frame_max, 0), 0)
        self._send(commands.Connection.Open("/"), 0)
        await self._expect(commands.Connection.OpenOk)
        self._send(commands.Channel.Open(), CHANNEL)
        await self._expect(commands.Channel.OpenOk)
        self._send(commands.Confirm.Select(), CHANNEL)
        await self._expect(commands.Confirm.SelectOk)

    def _send(self, frame: Frame, channel: int) -> None:
        self._transport.write(pamqp.frame.marshal(frame, channel))

    async def _expect(self, kind: type[Frame]) -> Frame:
        frame = await asyncio.wait_for(self._answers.get(), 30)
        if not isinstance(frame, kind):
            raise ConnectionError(f"{frame.name}: {getattr(frame, 'reply_text', '')}")
        return frame

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.fault = self.fault or f"connection lost {exc or ''}"
        self._settled.set()

    @override
    def pause_writing(self) -> None:
        self._full = True

    @override
    def resume_writing(self) -> None:
        self._full = False
        self._pump()

    # ------------------------------------------------------------------------------------------ publishing

    def start(self, messages: int, rate: float = 0.0) -> None:
        """Publish so many more messages; `rate` per second, 0 for as fast as they are confirmed."""
        self.latencies = Latencies()
        self._limit = self.sent + messages
        self._rate = rate
        self._settled.clear()
        self._paced_from_s, self._paced_from = perf_counter(), self.sent
        if rate:
            self._tick()
        else:
            self._pump()

    def stop(self) -> None:
        """Send nothing more."""
        self._limit = self.sent
        if self.sent == self.confirmed:
            self._settled.set()

    async def settle(self, timeout_s: float = 60) -> None:
        """Wait until everything sent is confirmed."""
        await asyncio.wait_for(self._settled.wait(), timeout_s)
        if self.fault:
            raise ConnectionError(self.fault)

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def _tick(self) -> None:
        if self.sent < self._limit and not self.fault:
            self._loop.call_later(TICK_S, self._tick)
            self._pump()

    def _pump(self) -> None:
        while not self._full:
            free = min(self.window - (self.sent - self.confirmed), self._limit - self.sent)
            now_s = perf_counter()
            if self._rate:
                due = int((now_s - self._paced_from_s) * self._rate) + 1 - (self.sent - self._paced_from)
                now_s = self._paced_from_s + (self.sent - self._paced_from) / self._rate
                free = min(free, due)
            if free < (1 if self._rate or self._limit - self.sent < CHUNK else CHUNK // 2):
                return
            self._write(min(free, CHUNK), now_s)

    def _write(self, messages: int, since_s: float) -> None:
        frames = self.frames
        if self._at == frames.count:
            frames.move()
            self._at = 0
        messages = min(messages, frames.count - self._at)
        self._transport.write(frames.take(self._at, messages))
        self._at += messages
        self.sent += messages
        self._sent.append((self.sent, since_s))

    # ------------------------------------------------------------------------------------------ confirms

    @override
    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        at, end = 0, len(buffer)
        confirmed = 0
        while end - at >= 8:
            kind, _, size = FRAME_HEAD.unpack_from(buffer, at)
            if end - at < size + 8:
                break
            if kind == 1 and size == 13 and buffer[at + 7 : at + 11] == b"\x00\x3c\x00\x50":
                tag, multiple = CONFIRM.unpack_from(buffer, at + 7)
                confirmed = self._confirmed_by(tag, multiple, confirmed)
            elif kind == 1:
                self._take(pamqp.frame.unmarshal(bytes(buffer[at : at + size + 8]))[2])
            at += size + 8
        del buffer[:at]
        if confirmed:
            self._confirm(confirmed)

    def _confirmed_by(self, tag: int, multiple: int, before: int) -> int:
        """How far everything is confirmed; a broker may confirm one by one, in order."""
        through = max(before, self.confirmed)
        if not multiple & 1 and tag != through + 1:
            self._early.add(tag)
            return before
        through = tag
        while self._early and through + 1 in self._early:
            through += 1
            self._early.discard(through)
        return through

    def _confirm(self, through: int) -> None:
        now_s = perf_counter()
        sent, add, confirmed = self._sent, self.latencies.add, self.confirmed
        while sent and confirmed < through:
            last, since_s = sent[0]
            upto = min(last, through)
            add(now_s - since_s, upto - confirmed)
            confirmed = upto
            if upto == last:
                sent.popleft()
        self.confirmed = confirmed
        if self.sent < self._limit:
            self._pump()
        elif self.confirmed == self.sent:
            self._settled.set()

    def _take(self, frame: object) -> None:
        if isinstance(frame, commands.Connection.Close | commands.Channel.Close | commands.Basic.Nack):
            self.fault = f"{frame.name} {getattr(frame, 'reply_text', '')}"
            self._settled.set()
        if isinstance(frame, Frame):
            self._answers.put_nowait(frame)
