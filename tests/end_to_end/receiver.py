"""A ministry that takes hourly files over FTP, FTPS or SFTP, writes down every delivery, and can be slow or refuse."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

from typing_extensions import override

from protocols.errors import UploadRefused
from protocols.ftp.listener import FtpListener, FtpOptions
from protocols.paths import is_temporary, name_of
from protocols.sftp.listener import SftpListener, SftpOptions
from protocols.uploads import Grant, Receipt
from storage.entries import DestinationEntry
from tests.end_to_end.box import HOST
from tests.end_to_end.line import Line
from tests.end_to_end.outage import CODE
from tests.protocols.memory_area import MemoryArea, MemoryAuthenticator

NAME, USERNAME, PASSWORD = "bo", "tinh", "song-luoc"


class RecordingArea(MemoryArea):
    """Remembers what was written under which name, and each rename to a final name."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []
        self.delivered: list[tuple[float, str]] = []
        self.slow_s = 0.0
        self.refusals = 0
        """So many uploads are refused for good."""

    @override
    async def store(self, grant: Grant, path: str, data: bytes) -> Receipt:
        await asyncio.sleep(self.slow_s)
        if self.refusals:
            self.refusals -= 1
            raise UploadRefused("not this one")
        self.written.append(name_of(path))
        return await super().store(grant, path, data)

    @override
    async def rename(self, grant: Grant, source: str, target: str) -> Receipt:
        receipt = await super().rename(grant, source, target)
        if not is_temporary(name_of(target)):
            self.delivered.append((monotonic(), name_of(target)))
        return receipt

    @property
    def names(self) -> list[str]:
        """Final names in the order of delivery, as often as they were delivered."""
        return [name for _, name in self.delivered]


class Receiver:
    """The listener behind a line; the line's port is what the box knows."""

    def __init__(self, scheme: str, line: Line, area: RecordingArea, accounts: MemoryAuthenticator) -> None:
        self.scheme = scheme
        self.line = line
        self.area = area
        self.accounts = accounts

    @property
    def destination(self) -> DestinationEntry:
        """How the box knows it."""
        query = "?verify=no" if self.scheme == "ftps" else ""
        url = f"{self.scheme}://{USERNAME}:{PASSWORD}@{HOST}:{self.line.port}/tudong/{{medium}}{query}"
        return DestinationEntry(NAME, "files", url, min_completeness=0.0)

    def refuse(self) -> None:
        """Forget the account."""
        self.accounts.passwords.clear()

    def accept(self) -> None:
        """Know the account again."""
        self.accounts.passwords[USERNAME] = PASSWORD


@asynccontextmanager
async def receiver(
    folder: Path, scheme: str = "ftp", certificate: Path | None = None
) -> AsyncGenerator[Receiver, None]:
    """Run one for a test; its line is up."""
    area, accounts = RecordingArea(), MemoryAuthenticator({USERNAME: PASSWORD}, {USERNAME: (CODE,)})
    await asyncio.to_thread(folder.mkdir, parents=True)
    listener: FtpListener | SftpListener
    if scheme == "sftp":
        listener = SftpListener(SftpOptions(HOST, 0, folder / "host_key"), accounts, area)
    else:
        options = FtpOptions(port=0, passive_ports=(0, 0), tls_certificate=str(certificate) if certificate else "")
        listener = FtpListener(options, accounts, area)
    line = Line()
    line.target = await listener.start()
    await line.up()
    try:
        yield Receiver(scheme, line, area, accounts)
    finally:
        await line.down()
        await listener.close(0.5)
