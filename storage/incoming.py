"""Uploads on their way: files under temporary names, and the folders that loggers made before they put anything there.

They lie in `incoming/<account>/` at the path the logger chose, so a restart between upload and rename loses nothing.

Invariant: a temporary file is on the disk before its upload is acknowledged; paths come here normalised.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from protocols.errors import NoSuchPath, PathRefused
from protocols.uploads import Entry
from storage.folders import Folders
from storage.names import safe_name


@dataclass(frozen=True, slots=True)
class Leftover:
    """A temporary file that was never renamed. `account` is as it is written on the disk."""

    account: str
    path: str
    size: int
    modified_s: int


class Incoming:
    """Every account's temporary files and empty folders."""

    def __init__(self, folders: Folders, top: str) -> None:
        self._folders = folders
        self._top = top

    def put(self, account: str, path: str, data: bytes) -> None:
        """Write a temporary file durably, in the place of one of the same name."""
        *folder, name = self._place(account, path)
        self._folders.replace(folder, name, data)

    def read(self, account: str, path: str) -> bytes:
        """Read a temporary file."""
        return self._folders.read(self._place(account, path))

    def rename(self, account: str, source: str, target: str) -> None:
        """Give a temporary file another temporary name."""
        self._folders.move(self._place(account, source), self._place(account, target))

    def remove(self, account: str, path: str) -> None:
        """Remove a temporary file: given up by its sender, or stored under its final name."""
        self._folders.remove(self._place(account, path))

    def make_folder(self, account: str, path: str) -> None:
        """Remember a folder; PathRefused where it is there already."""
        self._folders.make_folder(self._place(account, path))

    def remove_folder(self, account: str, path: str) -> None:
        """Forget an empty folder."""
        self._folders.remove_folder(self._place(account, path))

    def entry(self, account: str, path: str) -> Entry:
        """State a temporary file or a remembered folder."""
        return self._folders.entry(self._place(account, path))

    def entries(self, account: str, path: str) -> list[Entry]:
        """List a folder; NoSuchPath where the account has nothing there."""
        return self._folders.entries(self._place(account, path))

    def leftovers(self, before_s: float) -> list[Leftover]:
        """Every temporary file last written before an instant."""
        try:
            accounts = self._folders.entries((self._top,))
        except NoSuchPath:
            return []
        return [
            Leftover(account.name, "/" + "/".join(path), entry.size, entry.modified_s)
            for account in accounts
            for path, entry in self._files((self._top, account.name), ())
            if entry.modified_s < before_s
        ]

    def _files(self, folder: Sequence[str], path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Entry]]:
        found: list[tuple[tuple[str, ...], Entry]] = []
        for entry in self._folders.entries((*folder, *path)):
            here = (*path, entry.name)
            found.extend(self._files(folder, here) if entry.is_folder else [(here, entry)])
        return found

    def _place(self, account: str, path: str) -> list[str]:
        parts = [part for part in path.split("/") if part]
        if any(part in (".", "..") or "\0" in part for part in parts):
            raise PathRefused("not a normalised path")
        return [self._top, safe_name(account), *parts]
