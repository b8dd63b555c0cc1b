"""The FTP intake: accepts connections within its limits and closes them in order.

aioftp's server does the accepting; the conversation behind it is ours, because files here live in an `UploadArea` and
not in a file system, and because one task for a session is cheaper than one for each command.

Invariant: at most `max_sessions` at once, and `max_sessions_per_address` from one address.
"""

import asyncio
import socket
from collections import Counter
from dataclasses import asdict
from typing import cast

import aioftp
from typing_extensions import override

from protocols.ftp.addresses import plain_address
from protocols.ftp.control import Control
from protocols.ftp.conversation import converse
from protocols.ftp.options import FtpOptions
from protocols.ftp.passive import PassivePorts
from protocols.ftp.replies import build_reply
from protocols.ftp.session import House, Session, SessionView, Tally
from protocols.ftp.tls import server_context
from protocols.uploads import Authenticator, UploadArea

__all__ = ("FtpListener", "FtpOptions")


class FtpListener:
    """One FTP port: `start`, then `close`."""

    def __init__(self, options: FtpOptions, authenticator: Authenticator, area: UploadArea) -> None:
        self._options = options
        self._authenticator = authenticator
        self._area = area
        self._tally = Tally()
        self._reception: Reception | None = None

    async def start(self) -> int:
        """Listen, and return the port; raises OSError where port or certificate cannot be had."""
        options = self._options
        tls = server_context(options.tls_certificate, options.tls_key) if options.tls_certificate else None
        if options.require_tls and tls is None:
            raise ValueError("require_tls needs a certificate")
        ports = PassivePorts(*options.passive_ports)
        reception = Reception(House(options, self._authenticator, self._area, ports, tls, self._tally))
        await reception.start(options.host, options.port)
        self._reception = reception
        return reception.server_port

    async def close(self, drain_s: float) -> None:
        """Stop listening, let running commands end within `drain_s`, then break the rest off."""
        if self._reception is not None:
            await self._reception.drain(drain_s)
            self._reception = None

    def statistics(self) -> dict[str, int]:
        """Totals since the start, and the sessions that are open now."""
        return {"open": len(self.sessions()), **asdict(self._tally)}

    def sessions(self) -> list[SessionView]:
        """What each open session is doing."""
        return [session.view() for session in self._reception.open] if self._reception is not None else []


class Reception(aioftp.Server):
    """aioftp's server with its own conversation in the place of the dispatcher."""

    def __init__(self, house: House) -> None:
        super().__init__(maximum_connections=house.options.max_sessions)
        self.open: dict[Session, asyncio.Task[None]] = {}
        self._house = house
        self._by_address: Counter[str] = Counter()

    @override
    async def dispatcher(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        transport = cast("asyncio.Transport", writer.transport)
        control = Control(loop, transport)
        transport.set_protocol(control)
        reader.feed_eof()
        early = await reader.read()
        peer = _address(transport, "peername")
        refusal = self._refusal(peer)
        if refusal:
            self._house.tally.turned_away += 1
            control.send(build_reply(421, refusal))
            control.close()
            return
        _receive_urgent_bytes_in_line(transport)
        local = _address(transport, "sockname")
        session = Session(self._house, loop, control, peer, local)
        await self._serve(session, early)

    async def drain(self, drain_s: float) -> None:
        """Close the port, wait for commands that are at work, and end every session."""
        self.server.close()
        for session in self.open:
            session.ending = True
            if not session.busy:
                session.reply(421, "closing, try again later")
                session.control.close()
        if self.open:
            await asyncio.wait(self.open.values(), timeout=drain_s)
        for session in self.open:
            session.control.abort()
        if self.open:
            await asyncio.wait(self.open.values(), timeout=drain_s)
        for task in self.open.values():
            task.cancel()
        await self.server.wait_closed()

    async def _serve(self, session: Session, early: bytes) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self.open[session] = task
        self._by_address[session.peer] += 1
        self._house.tally.sessions += 1
        try:
            if early:
                session.control.data_received(early)
            await converse(session)
        finally:
            del self.open[session]
            self._by_address[session.peer] -= 1
            if not self._by_address[session.peer]:
                del self._by_address[session.peer]

    def _refusal(self, peer: str) -> str:
        options = self._house.options
        if not peer or not self._house.authenticator.address_allowed(peer):
            return "not from your address now"
        if len(self.open) >= options.max_sessions or self._by_address[peer] >= options.max_sessions_per_address:
            return "too many sessions, try again later"
        return ""


def _address(transport: asyncio.Transport, end: str) -> str:
    """Tell the address of one end; empty where the connection is gone already."""
    named = transport.get_extra_info(end)
    return plain_address(named[0]) if named else ""


def _receive_urgent_bytes_in_line(transport: asyncio.Transport) -> None:
    """Clients send the last byte of ABOR as urgent data; without this it would never arrive."""
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
