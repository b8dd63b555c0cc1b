"""One channel of a logged-in connection: the `sftp` subsystem or an `scp` command, and nothing else.

Shells, other commands, terminals and forwarding are refused.

Invariant: when the channel ends, however it ends, uploads that the sender had not closed are kept apart as broken.
"""

from collections.abc import Callable

from asyncssh import SFTPFailure, SSHReader, SSHServerChannel, SSHWriter
from asyncssh.sftp import SFTPServerHandler
from asyncssh.stream import SSHServerStreamSession
from typing_extensions import override

from protocols.sftp.files import UploadFiles
from protocols.sftp.scp import Scp, parse_command
from protocols.sftp.upload import Desk
from protocols.uploads import Grant

SFTP_VERSION = 3
MAX_OPEN_HANDLES = 16
EXTENSIONS = (
    b"posix-rename@openssh.com",
    b"fsync@openssh.com",
    b"lsetstat@openssh.com",
    b"limits@openssh.com",
)


class UploadSession(SSHServerStreamSession[bytes]):
    """Serve one channel. `heard` is called whenever the client sends something."""

    def __init__(self, grant: Grant, desk: Desk, heard: Callable[[], None]) -> None:
        super().__init__(None)
        self._grant = grant
        self._desk = desk
        self._heard = heard

    @override
    def shell_requested(self) -> bool:
        return False

    @override
    def exec_requested(self, command: str) -> bool:
        return parse_command(command) is not None

    @override
    def subsystem_requested(self, subsystem: str) -> bool:
        return subsystem == "sftp"

    @override
    def data_received(self, data: bytes, datatype: int | None) -> None:
        self._heard()
        super().data_received(data, datatype)

    @override
    def session_started(self) -> None:
        channel = self._chan
        assert isinstance(channel, SSHServerChannel)
        reader, writer = SSHReader[bytes](self, channel), SSHWriter[bytes](self, channel)
        command = channel.get_command()
        if command is None:
            work = self._serve_sftp(channel, reader, writer)
        else:
            work = self._serve_scp(command, reader, writer)
        self._desk.traffic.follow(channel.get_connection().create_task(work))

    async def _serve_sftp(
        self, channel: "SSHServerChannel[bytes]", reader: SSHReader[bytes], writer: SSHWriter[bytes]
    ) -> None:
        files = UploadFiles(channel, self._desk, self._grant)
        try:
            await Requests(files, reader, writer).run()
        finally:
            await files.abandon()

    async def _serve_scp(self, command: str, reader: SSHReader[bytes], writer: SSHWriter[bytes]) -> None:
        request = parse_command(command)
        assert request is not None
        scp = Scp(reader, writer, self._desk, self._grant)
        status = await scp.run(request)
        channel = writer.channel
        assert isinstance(channel, SSHServerChannel)
        channel.exit(status)


class Requests(SFTPServerHandler):
    """asyncssh's SFTP requests, with only the extensions we mean, a bound on open handles, and an honest end."""

    def __init__(self, files: UploadFiles, reader: SSHReader[bytes], writer: SSHWriter[bytes]) -> None:
        super().__init__(files, reader, writer, SFTP_VERSION)
        self._extensions = [(name, b"1") for name in EXTENSIONS]
        self._files = files

    @override
    def _get_next_handle(self) -> bytes:
        if len(self._file_handles) + len(self._dir_handles) >= MAX_OPEN_HANDLES:
            raise SFTPFailure("too many open handles")
        return super()._get_next_handle()

    @override
    async def _cleanup(self, exc: Exception | None) -> None:
        self._files.ended = True
        await super()._cleanup(exc)
