"""What the server knows of one client: who it is, where it stands, how its next transfer will go.

A session is plain state with a few words on it; the verbs change it, `conversation.py` runs it.
"""

import asyncio
import ssl
from dataclasses import dataclass, field

from protocols.ftp.control import Control
from protocols.ftp.options import FtpOptions
from protocols.ftp.passive import PassiveDoor, PassivePorts
from protocols.ftp.replies import build_long_reply, build_reply
from protocols.paths import normalise
from protocols.uploads import Authenticator, Grant, UploadArea


@dataclass(slots=True)
class Tally:
    """Running totals of one listener."""

    sessions: int = 0
    turned_away: int = 0
    logins: int = 0
    refused_logins: int = 0
    files: int = 0
    bytes: int = 0
    refused: int = 0
    broken: int = 0
    timeouts: int = 0
    strangers: int = 0


@dataclass(frozen=True, slots=True)
class House:
    """What all sessions of a listener share."""

    options: FtpOptions
    authenticator: Authenticator
    area: UploadArea
    ports: PassivePorts
    tls: ssl.SSLContext | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session, as the console shows it."""

    username: str
    address: str
    secure: bool
    activity: str
    age_s: float
    files: int


@dataclass(slots=True, eq=False)
class Session:
    """One client. `passive` and `active` say how the next data connection is made; never both."""

    house: House
    loop: asyncio.AbstractEventLoop
    control: Control
    peer: str
    local: str
    username: str = ""
    grant: Grant | None = None
    folder: str = "/"
    restart_at: int = 0
    rename_from: str | None = None
    protected: bool = False
    epsv_only: bool = False
    passive: PassiveDoor | None = None
    active: tuple[str, int] | None = None
    failures: int = 0
    files: int = 0
    activity: str = "connected"
    busy: bool = False
    ending: bool = False
    began_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.began_s = self.loop.time()

    @property
    def granted(self) -> Grant:
        """The login; only verbs that need one may ask."""
        assert self.grant is not None
        return self.grant

    def reply(self, code: int, text: str) -> None:
        """Answer in one line."""
        self.control.send(build_reply(code, text))

    def reply_lines(self, code: int, head: str, lines: list[str], tail: str) -> None:
        """Answer in several lines."""
        self.control.send(build_long_reply(code, head, lines, tail))

    def path_of(self, argument: str) -> str:
        """Resolve what the client typed against its current folder; raises PathRefused."""
        return normalise(argument, self.folder)

    def forget_login(self) -> None:
        """Start anew, as before USER."""
        self.username, self.grant, self.folder = "", None, "/"
        self.rename_from, self.restart_at = None, 0

    def close_data(self) -> None:
        """Forget how the next data connection would have been made."""
        if self.passive is not None:
            self.house.tally.strangers += self.passive.strangers
            self.passive.close()
        self.passive = self.active = None

    def view(self) -> SessionView:
        """Show what this session is doing."""
        age_s = self.loop.time() - self.began_s
        name = self.grant.username if self.grant is not None else ""
        return SessionView(name, self.peer, self.control.secure, self.activity, age_s, self.files)
