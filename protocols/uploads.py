"""The boundary between the upload listeners (FTP, SFTP) and whoever keeps the files.

The listeners speak the wire and know nothing of stations; the area behind them resolves paths, keeps bytes and says
what became of them. Every coroutine here runs on the asyncio side.

Invariant: `UploadArea.store` and a `rename` to a final name return only after the bytes are fsynced and the journal
row is committed; the listener sends 226 (FTP) or the close status (SFTP) only then.
"""

from dataclasses import dataclass
from typing import Protocol

from protocols.vocabulary import Fate
from protocols.vocabulary import Protocol as Wire


@dataclass(frozen=True, slots=True)
class Grant:
    """A successful login: who, from where, and which stations are theirs."""

    username: str
    address: str
    protocol: Wire
    stations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a folder listing."""

    name: str
    is_folder: bool
    size: int
    modified_s: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an upload; `text` is one line for the reply."""

    fate: Fate
    file_id: int
    text: str


class Authenticator(Protocol):
    """Who may log in; answers None for any refusal (the reason goes to the log, never to the wire)."""

    async def by_password(self, username: str, password: str, address: str, protocol: Wire) -> Grant | None: ...

    async def by_key(self, username: str, address: str, protocol: Wire, public_key: str) -> Grant | None:
        """`public_key` is the OpenSSH one-line form `type base64`, without a comment."""
        ...

    def address_allowed(self, address: str) -> bool:
        """Whether this address may try at all now (throttling of failed logins)."""
        ...


class UploadArea(Protocol):
    """An account's view: `/<station>/yyyy/MM/dd/<file>`; paths are absolute, `/`-separated, already normalised.

    Raises (all of them): NoSuchPath, PathRefused, TooLarge, StorageFull, UploadRefused of protocols/errors.py.
    """

    async def list(self, grant: Grant, path: str) -> list[Entry]: ...

    async def stat(self, grant: Grant, path: str) -> Entry: ...

    async def read(self, grant: Grant, path: str) -> bytes: ...

    async def make_folder(self, grant: Grant, path: str) -> None:
        """Remember an empty folder; PathRefused where it exists already."""
        ...

    async def remove_folder(self, grant: Grant, path: str) -> None: ...

    async def store(self, grant: Grant, path: str, data: bytes) -> Receipt:
        """Keep a whole upload. Under a temporary name (`.tmp`, `.part`, `.filepart`, leading dot ...) the bytes are
        kept durably but not yet parsed; `rename` to a final name does that."""
        ...

    async def keep_broken(self, grant: Grant, path: str, data: bytes) -> None:
        """Keep apart an upload that broke off in the middle; it is never parsed as a whole file."""
        ...

    async def rename(self, grant: Grant, source: str, target: str) -> Receipt: ...

    async def remove(self, grant: Grant, path: str) -> None:
        """Take away a temporary file; a kept file is never deleted (PathRefused)."""
        ...
