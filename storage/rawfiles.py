"""The files on the disk that people can open: each station's folder by day, big files, broken uploads.

`<station>/yyyy/mm/dd/<name>` is written behind the journal and can be rebuilt from it. Big files are on the disk before
their journal row. What is still on its way lives in `incoming` (see storage/incoming.py).

Invariant: a file, once here, is never altered or deleted; another version of a name stands beside it as `name.~2`.
"""

import secrets
from datetime import datetime
from pathlib import Path

from protocols.errors import PathRefused
from protocols.times import ICT
from protocols.uploads import Entry
from storage.folders import Folders
from storage.incoming import Incoming
from storage.names import safe_name

BIG = "big"
BROKEN = "broken"
INCOMING = "incoming"


class RawFiles:
    """The tree below the data directory. Every method blocks for a moment: call it in a thread.

    Paths that are given back and taken are relative to the root and `/`-separated.
    """

    def __init__(self, root: Path) -> None:
        self._folders = Folders(root)
        self.incoming = Incoming(self._folders, INCOMING)

    def close(self) -> None:
        """Give the directory handles back."""
        self._folders.close()

    def write(self, station: str, day: tuple[int, int, int], name: str, data: bytes) -> str:
        """Write a station's file of a day, not waiting for the disk; returns its path.

        Writing the same bytes under the same name again gives the path they have.
        """
        folder = _day_folder(station, day)
        return "/".join((*folder, self._folders.add(folder, safe_name(name), data, durable=False)))

    def keep_big(self, data: bytes) -> str:
        """Write a big file durably, ahead of its journal row; returns its path."""
        name = secrets.token_hex(16)
        folder = (BIG, name[:2])
        return "/".join((*folder, self._folders.add(folder, name, data, durable=True)))

    def show_big(self, kept: str, station: str, day: tuple[int, int, int], name: str) -> str:
        """Show a big file in its station's folder as well, without a second copy; returns that path."""
        folder = _day_folder(station, day)
        return "/".join((*folder, self._folders.link(_parts(kept), folder, safe_name(name))))

    def keep_broken(self, account: str, path: str, data: bytes, received_s: float) -> str:
        """Keep apart an upload that broke off: `broken/yyyy/mm/dd/HHMMSS_<account>_<name>`; returns its path."""
        moment = datetime.fromtimestamp(received_s, ICT)
        folder = (BROKEN, *moment.strftime("%Y/%m/%d").split("/"))
        name = safe_name(f"{moment:%H%M%S}_{account}_{path.rpartition('/')[2]}")
        return "/".join((*folder, self._folders.add(folder, name, data, durable=True)))

    def read(self, path: str) -> bytes:
        """Read a file by its path.

        Raises:
            NoSuchPath: it is not there.
            PathRefused: a link, a folder, or no path of ours.
        """
        return self._folders.read(_parts(path))

    def list_station(self, station: str, *below: str) -> list[Entry]:
        """List a station's folder, or one below it (`"2026", "03", "10"`).

        Raises:
            NoSuchPath: nothing has been written there.
        """
        return self._folders.entries((safe_name(station), *map(safe_name, below)))


def _day_folder(station: str, day: tuple[int, int, int]) -> tuple[str, ...]:
    year, month, date = day
    folder = safe_name(station)
    if folder in (BIG, BROKEN, INCOMING):
        folder = f"%{folder}"
    return folder, f"{year:04}", f"{month:02}", f"{date:02}"


def _parts(path: str) -> list[str]:
    parts = path.split("/")
    if any(part in ("", ".", "..") or "\0" in part for part in parts):
        raise PathRefused("no path of ours")
    return parts
