"""What goes on at the SFTP listener: who is in, what is being received, and the running totals.

Invariant: `quiet` is set exactly while no upload is open and none is being stored, so a drain may close the rest.
"""

import asyncio
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SftpSession:
    """A logged-in connection, as the console shows it."""

    username: str
    address: str
    age_s: float


@dataclass(slots=True)
class Traffic:
    """Running totals of one listener."""

    logins: int = 0
    refused_logins: int = 0
    turned_away: int = 0
    files: int = 0
    bytes: int = 0
    broken: int = 0
    receiving: int = 0
    quiet: asyncio.Event = field(default_factory=asyncio.Event)
    running: set["asyncio.Task[None]"] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.quiet.set()

    def begin(self) -> None:
        """Note that an upload was opened."""
        self.receiving += 1
        self.quiet.clear()

    def end(self) -> None:
        """Note that an upload has its fate."""
        self.receiving -= 1
        if not self.receiving:
            self.quiet.set()

    def follow(self, task: "asyncio.Task[None]") -> None:
        """Keep a session's task in sight until it is done."""
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    def statistics(self) -> dict[str, int]:
        """Totals since start, and how many uploads are open now."""
        return {
            "logins": self.logins,
            "refused_logins": self.refused_logins,
            "turned_away": self.turned_away,
            "files": self.files,
            "bytes": self.bytes,
            "broken": self.broken,
            "receiving": self.receiving,
        }
