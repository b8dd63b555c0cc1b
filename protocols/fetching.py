"""The boundary between the puller and the servers it fetches from: what stands there, and its bytes from an offset on.

Fetchers only read: nothing at the peer is made, renamed or taken away.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file at the peer. `modified_s` is what the peer says, 0 where it says nothing."""

    path: str
    size: int
    modified_s: int

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]


class Fetcher(Protocol):
    """The way to one peer; all raise DeliveryError."""

    async def open(self) -> None: ...

    async def listing(self, folder: str) -> list[RemoteFile] | None:
        """The files of a folder, by name; None where there is no such folder."""
        ...

    async def changed_s(self, file: RemoteFile) -> int:
        """When a listed file was written to last, to the second; 0 where the peer does not say."""
        ...

    def read(self, path: str, offset: int) -> AsyncIterator[bytes]:
        """The bytes of a file from an offset on."""
        ...

    async def close(self) -> None: ...
