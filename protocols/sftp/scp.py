"""The old `scp` protocol (`scp -O` and loggers' own copies of it), over the upload area.

The sender says the size first and confirms the end with a zero byte. Only after that byte is the file stored, and only
after the storing is it answered.

Invariant: a copy that ends before its zero byte is kept apart as broken.
"""

import posixpath
import shlex
from dataclasses import dataclass

import asyncssh
from asyncssh import SSHReader, SSHWriter

from protocols.errors import NoSuchPath, PathRefused, TooLarge, UploadError
from protocols.paths import normalise
from protocols.sftp.replies import sftp_error
from protocols.sftp.upload import Desk, Upload
from protocols.uploads import Grant

BLOCK_BYTES = 1 << 18
OK = b"\0"


@dataclass(frozen=True, slots=True)
class ScpCommand:
    """What an `scp -t` or `scp -f` command line asks for."""

    path: str
    sends: bool
    """True for `-f`: the client fetches."""
    into_folder: bool
    times: bool


def parse_command(command: str) -> ScpCommand | None:
    """Read the command line that an `scp` client runs here; None where it is anything else."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    if len(words) < 3 or words[0] != "scp":
        return None
    flags = "".join(word[1:] for word in words[1:-1] if word.startswith("-") and word != "--")
    others = [word for word in words[1:-1] if not word.startswith("-")]
    if others or not set(flags) <= set("tfdprvq") or ("t" in flags) == ("f" in flags):
        return None
    return ScpCommand(words[-1], sends="f" in flags, into_folder="d" in flags, times="p" in flags)


class Scp:
    """One `scp` run on its channel."""

    def __init__(self, reader: SSHReader[bytes], writer: SSHWriter[bytes], desk: Desk, grant: Grant) -> None:
        self._reader = reader
        self._writer = writer
        self._grant = grant
        self._desk = desk
        self._area = desk.area

    async def run(self, command: ScpCommand) -> int:
        """Serve the run to its end; returns the exit status."""
        try:
            path = normalise(command.path)
            if command.sends:
                await self._send(path, command)
                return 0
            return await self._receive(path, command)
        except UploadError as error:
            self._complain(error)
            return 1
        except (asyncssh.Error, OSError, EOFError, ValueError):
            return 1

    async def _receive(self, target: str, command: ScpCommand) -> int:
        folders = [target]
        inside = command.into_folder or await self._is_folder(target)
        status = 0
        self._writer.write(OK)
        while line := await self._reader.readline():
            kind, rest = line[:1], line[1:].rstrip(b"\n")
            if kind == b"C":
                size, name = _size_and_name(rest)
                path = normalise(name, folders[-1]) if inside or len(folders) > 1 else target
                if not await self._receive_file(path, size):
                    status = 1
            elif kind == b"D":
                _, name = _size_and_name(rest)
                folders.append(normalise(name, folders[-1]))
                if not await self._is_folder(folders[-1]):
                    await self._area.make_folder(self._grant, folders[-1])
                self._writer.write(OK)
            elif kind == b"E" and len(folders) > 1:
                folders.pop()
                self._writer.write(OK)
            elif kind == b"T":
                self._writer.write(OK)
            elif kind in b"\1\2":
                status = 1
            else:
                raise PathRefused("not an scp message")
        return status

    async def _receive_file(self, path: str, size: int) -> bool:
        if size > self._desk.max_upload_bytes:
            raise TooLarge(f"over the limit of {self._desk.max_upload_bytes} bytes for one file")
        upload = Upload(self._desk, self._grant, path)
        try:
            self._writer.write(OK)
            while (missing := size - len(upload.data)) > 0:
                piece = await self._reader.read(min(missing, BLOCK_BYTES))
                if not piece:
                    raise EOFError
                upload.write(len(upload.data), piece)
            if await self._reader.readexactly(1) != OK:
                await self._reader.readline()
                return False
            await upload.store()
        except UploadError as error:
            self._complain(error)
            return False
        finally:
            await upload.abandon()
        self._writer.write(OK)
        return True

    async def _send(self, path: str, command: ScpCommand) -> None:
        await self._answered()
        entry = await self._area.stat(self._grant, path)
        if entry.is_folder:
            raise PathRefused("not a regular file")
        data = await self._area.read(self._grant, path)
        if command.times:
            self._writer.write(b"T%d 0 %d 0\n" % (entry.modified_s, entry.modified_s))
            await self._answered()
        self._writer.write(b"C0640 %d %s\n" % (len(data), posixpath.basename(path).encode()))
        await self._answered()
        self._writer.write(data + OK)
        await self._writer.drain()
        await self._answered()

    async def _answered(self) -> None:
        if await self._reader.readexactly(1) != OK:
            raise EOFError

    async def _is_folder(self, path: str) -> bool:
        try:
            return (await self._area.stat(self._grant, path)).is_folder
        except NoSuchPath:
            return False

    def _complain(self, error: UploadError) -> None:
        self._writer.write(b"\1scp: " + sftp_error(error).reason.encode() + b"\n")


def _size_and_name(rest: bytes) -> tuple[int, str]:
    _, size, name = rest.split(b" ", 2)
    if b"/" in name or name in (b".", b".."):
        raise PathRefused("not a plain name")
    return int(size), name.decode()
