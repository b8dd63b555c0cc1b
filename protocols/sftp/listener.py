"""The SFTP intake: listens, lets stations in, and closes without losing what is on its way.

`door` judges a connection, `session` serves a channel, `files` and `scp` speak to the upload area.

Invariant: a close status is sent only after the area has stored the file.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh

from protocols.sftp.door import Door, Lobby
from protocols.sftp.hostkey import fingerprint_of, load_host_keys
from protocols.sftp.traffic import SftpSession, Traffic
from protocols.sftp.upload import Desk
from protocols.uploads import Authenticator, UploadArea

FAREWELL_S = 2.0
LEGACY_ALGORITHMS = {
    "kex_algs": "+diffie-hellman-group-exchange-sha1,diffie-hellman-group1-sha1",
    "encryption_algs": "+aes256-cbc,aes192-cbc,aes128-cbc,3des-cbc",
    "mac_algs": "+hmac-md5,hmac-sha1-96",
}


@dataclass(frozen=True, slots=True)
class SftpOptions:
    """How the SFTP intake listens. Port 0 picks a free one; the RSA key lies beside `host_key_path` as `.rsa`."""

    host: str
    port: int
    host_key_path: Path
    max_upload_bytes: int = 16 << 20
    login_s: float = 15
    idle_s: float = 300
    max_sessions: int = 1000
    max_sessions_per_address: int = 100
    legacy_algorithms: bool = False
    """Also offer SHA-1 group 1, CBC and 3DES, for loggers that know nothing better."""


class SftpListener:
    """Serve uploads over SFTP and scp."""

    def __init__(self, options: SftpOptions, authenticator: Authenticator, area: UploadArea) -> None:
        self.fingerprint = ""
        self._options = options
        self._authenticator = authenticator
        self._traffic = Traffic()
        self._desk = Desk(area, options.max_upload_bytes, self._traffic)
        self._lobby = Lobby(options.max_sessions, options.max_sessions_per_address)
        self._acceptor: asyncssh.SSHAcceptor | None = None

    async def start(self) -> int:
        """Listen; returns the port."""
        keys = await asyncio.to_thread(load_host_keys, self._options.host_key_path)
        self.fingerprint = fingerprint_of(keys[0])
        more: dict[str, Any] = LEGACY_ALGORITHMS if self._options.legacy_algorithms else {}
        self._acceptor = await asyncssh.listen(
            self._options.host,
            self._options.port,
            server_factory=self._open_door,
            server_host_keys=keys,
            server_version="Trambox",
            login_timeout=self._options.login_s,
            config=None,
            allow_pty=False,
            line_editor=False,
            agent_forwarding=False,
            x11_forwarding=False,
            gss_host=None,
            compression_algs=None,
            **more,
        )
        return self._acceptor.get_port()

    async def close(self, drain_s: float) -> None:
        """Stop listening, give open uploads `drain_s` to end, then end every connection."""
        if self._acceptor is not None:
            self._acceptor.close()
        try:
            await asyncio.wait_for(self._traffic.quiet.wait(), drain_s)
        except TimeoutError:
            pass
        for door in list(self._lobby.doors):
            door.show_out()
        if self._traffic.running:
            await asyncio.wait(set(self._traffic.running), timeout=FAREWELL_S)
        for door in list(self._lobby.doors):
            door.cut()
        if self._acceptor is not None:
            await self._acceptor.wait_closed()

    def statistics(self) -> dict[str, int]:
        """Running totals, and how many connections and uploads are open."""
        return {"connections": len(self._lobby.doors), **self._traffic.statistics()}

    def sessions(self) -> list[SftpSession]:
        """Who is logged in."""
        return [seen for door in self._lobby.doors if (seen := door.seen()) is not None]

    def _open_door(self) -> Door:
        return Door(self._authenticator, self._desk, self._lobby, self._options.idle_s)
