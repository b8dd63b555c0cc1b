"""One SSH connection up to its login: who may come in, how often one may try, and when an idle one is shown out.

Passwords and keys are judged by the `Authenticator`; here is only the wire.

Invariant: `grant` is set by the same check that lets the client in, and a session starts only under that name.
"""

import asyncio

from asyncssh import SSHKey, SSHServer, SSHServerChannel, SSHServerConnection
from asyncssh.constants import DISC_NO_MORE_AUTH_METHODS_AVAILABLE
from typing_extensions import override

from protocols.sftp.session import UploadSession
from protocols.sftp.traffic import SftpSession
from protocols.sftp.upload import Desk
from protocols.uploads import Authenticator, Grant
from protocols.vocabulary import Protocol as Wire

MAX_PASSWORD_TRIES = 6
MAX_KEY_TRIES = 20


class Lobby:
    """The connections of one listener, bounded in all and per address."""

    def __init__(self, max_sessions: int, max_sessions_per_address: int) -> None:
        self.doors: set[Door] = set()
        self._max_sessions = max_sessions
        self._max_sessions_per_address = max_sessions_per_address

    def has_room(self, address: str) -> bool:
        """Whether one more connection from this address may stay."""
        if len(self.doors) >= self._max_sessions:
            return False
        return sum(door.address == address for door in self.doors) < self._max_sessions_per_address


class Door(SSHServer):
    """Judge one connection."""

    def __init__(self, authenticator: Authenticator, desk: Desk, lobby: Lobby, idle_s: float) -> None:
        self.address = ""
        self.grant: Grant | None = None
        self._conn: SSHServerConnection | None = None
        self._authenticator = authenticator
        self._desk = desk
        self._lobby = lobby
        self._idle_s = idle_s
        self._loop = asyncio.get_running_loop()
        self._since = self._last_heard = self._loop.time()
        self._idle_timer: asyncio.TimerHandle | None = None
        self._password_tries = 0
        self._key_tries = 0
        self._logged_in = False

    @override
    def connection_made(self, conn: SSHServerConnection) -> None:
        self._conn = conn
        self.address = str((conn.get_extra_info("peername") or ("",))[0])
        if self._lobby.has_room(self.address) and self._authenticator.address_allowed(self.address):
            self._lobby.doors.add(self)
            return
        self._desk.traffic.turned_away += 1
        conn.abort()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._lobby.doors.discard(self)
        if self._idle_timer is not None:
            self._idle_timer.cancel()

    @override
    def begin_auth(self, username: str) -> bool:
        return True

    @override
    def password_auth_supported(self) -> bool:
        return True

    @override
    def public_key_auth_supported(self) -> bool:
        return True

    @override
    async def validate_password(self, username: str, password: str) -> bool:
        self._password_tries += 1
        grant = await self._authenticator.by_password(username, password, self.address, Wire.SFTP)
        return self._judged(grant, self._password_tries >= MAX_PASSWORD_TRIES)

    @override
    async def validate_public_key(self, username: str, key: SSHKey) -> bool:
        self._key_tries += 1
        line = " ".join(key.export_public_key("openssh").decode().split()[:2])
        grant = await self._authenticator.by_key(username, self.address, Wire.SFTP, line)
        return self._judged(grant, self._key_tries >= MAX_KEY_TRIES)

    @override
    def auth_completed(self) -> None:
        assert self._conn is not None
        if self.grant is None or self.grant.username != self._conn.get_extra_info("username"):
            self._conn.abort()
            return
        self._logged_in = True
        self._desk.traffic.logins += 1
        self._heard()
        self._watch_idle()

    @override
    def session_requested(self) -> "tuple[SSHServerChannel[bytes], UploadSession] | bool":
        if self._conn is None or self.grant is None or not self._logged_in:
            return False
        channel: SSHServerChannel[bytes] = self._conn.create_server_channel(encoding=None)
        return channel, UploadSession(self.grant, self._desk, self._heard)

    def seen(self) -> SftpSession | None:
        """State this connection for the console; None before its login."""
        if self.grant is None or not self._logged_in:
            return None
        return SftpSession(self.grant.username, self.address, self._loop.time() - self._since)

    def show_out(self) -> None:
        """End the connection politely."""
        if self._conn is not None:
            self._conn.close()

    def cut(self) -> None:
        """End the connection at once."""
        if self._conn is not None:
            self._conn.abort()

    def _judged(self, grant: Grant | None, last_try: bool) -> bool:
        self.grant = grant
        if grant is not None:
            return True
        self._desk.traffic.refused_logins += 1
        if last_try and self._conn is not None:
            self._conn.disconnect(DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "too many tries")
        return False

    def _heard(self) -> None:
        self._last_heard = self._loop.time()

    def _watch_idle(self) -> None:
        left_s = self._last_heard + self._idle_s - self._loop.time()
        if left_s <= 0:
            self.cut()
            return
        self._idle_timer = self._loop.call_later(left_s, self._watch_idle)
