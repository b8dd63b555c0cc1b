"""The SFTP requests of one session, answered from the upload area; nothing here touches a file system.

Invariants: the status of a close is sent only after the area has stored the bytes; every request of
`asyncssh.SFTPServer` that would reach the local disk is overridden.
"""

import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass

from asyncssh import (
    SFTPAttrs,
    SFTPBadMessage,
    SFTPFailure,
    SFTPFileAlreadyExists,
    SFTPName,
    SFTPOpUnsupported,
    SFTPServer,
    SFTPVFSAttrs,
    SSHServerChannel,
)
from asyncssh.constants import FXF_APPEND, FXF_CREAT, FXF_EXCL, FXF_TRUNC, FXF_WRITE
from typing_extensions import override

from protocols.errors import NoSuchPath
from protocols.paths import normalise
from protocols.sftp.replies import as_sftp_errors
from protocols.sftp.upload import Desk, Upload
from protocols.uploads import Entry, Grant


@dataclass(slots=True)
class Reading:
    """A kept file opened for reading."""

    path: str
    data: bytes


class UploadFiles(SFTPServer):
    """One session's view of the area. `ended`: the session broke off, so a close is no longer the sender's word."""

    def __init__(self, channel: "SSHServerChannel[bytes]", desk: Desk, grant: Grant) -> None:
        super().__init__(channel)
        self.ended = False
        self._grant = grant
        self._desk = desk
        self._area = desk.area
        self._uploads: set[Upload] = set()

    async def abandon(self) -> None:
        """Keep apart every upload that was still open when the session ended."""
        self.ended = True
        for upload in list(self._uploads):
            self._uploads.discard(upload)
            await upload.abandon()

    @override
    async def open(self, path: bytes, pflags: int, attrs: SFTPAttrs) -> Upload | Reading:
        with as_sftp_errors():
            name = _path(path)
            if not pflags & FXF_WRITE:
                return Reading(name, await self._area.read(self._grant, name))
            kept: bytes | None = None
            if pflags & FXF_EXCL or not (pflags & FXF_TRUNC and pflags & FXF_CREAT):
                entry = await self._entry(name)
                if entry is None and not pflags & FXF_CREAT:
                    raise NoSuchPath("no such file")
                if entry is not None and pflags & FXF_EXCL:
                    raise SFTPFileAlreadyExists("a file of this name is already here")
                if entry is not None and entry.is_folder:
                    raise SFTPFailure("this is a folder")
                if entry is not None and not pflags & FXF_TRUNC:
                    kept = await self._area.read(self._grant, name)
            upload = Upload(self._desk, self._grant, name, kept=kept, append=bool(pflags & FXF_APPEND))
            self._uploads.add(upload)
            return upload

    @override
    async def open56(self, path: bytes, desired_access: int, flags: int, attrs: SFTPAttrs) -> object:
        raise SFTPOpUnsupported("this server speaks SFTP version 3")

    @override
    async def close(self, file_obj: object) -> None:
        if not isinstance(file_obj, Upload):
            return
        self._uploads.discard(file_obj)
        if self.ended:
            await file_obj.abandon()
            return
        with as_sftp_errors():
            await file_obj.store()

    @override
    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        assert isinstance(file_obj, Upload | Reading)
        return bytes(file_obj.data[offset : offset + size])

    @override
    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        if not isinstance(file_obj, Upload):
            raise SFTPFailure("not opened for writing")
        with as_sftp_errors():
            file_obj.write(offset, data)
        return len(data)

    @override
    async def stat(self, path: bytes) -> SFTPAttrs:
        with as_sftp_errors():
            return _attrs(await self._area.stat(self._grant, _path(path)))

    @override
    async def lstat(self, path: bytes) -> SFTPAttrs:
        return await self.stat(path)

    @override
    def fstat(self, file_obj: object) -> SFTPAttrs:
        assert isinstance(file_obj, Upload | Reading)
        return SFTPAttrs(size=len(file_obj.data), uid=0, gid=0, permissions=stat.S_IFREG | 0o640)

    @override
    def setstat(self, path: bytes, attrs: SFTPAttrs) -> None:
        """Accept and ignore: the times a client sets are not when the bytes came."""

    @override
    def lsetstat(self, path: bytes, attrs: SFTPAttrs) -> None:
        """Accept and ignore, as `setstat`."""

    @override
    def fsetstat(self, file_obj: object, attrs: SFTPAttrs) -> None:
        """Honour a size; accept and ignore the rest."""
        if attrs.size is not None and isinstance(file_obj, Upload):
            with as_sftp_errors():
                file_obj.resize(attrs.size)

    @override
    async def scandir(self, path: bytes) -> AsyncIterator[SFTPName]:
        with as_sftp_errors():
            entries = await self._area.list(self._grant, _path(path))
        for name in (b".", b".."):
            yield SFTPName(name, attrs=_attrs(Entry("", is_folder=True, size=0, modified_s=0)))
        for entry in entries:
            yield SFTPName(entry.name.encode(), attrs=_attrs(entry))

    @override
    async def remove(self, path: bytes) -> None:
        with as_sftp_errors():
            await self._area.remove(self._grant, _path(path))

    @override
    async def mkdir(self, path: bytes, attrs: SFTPAttrs) -> None:
        with as_sftp_errors():
            await self._area.make_folder(self._grant, _path(path))

    @override
    async def rmdir(self, path: bytes) -> None:
        with as_sftp_errors():
            await self._area.remove_folder(self._grant, _path(path))

    @override
    def realpath(self, path: bytes) -> bytes:
        with as_sftp_errors():
            name = _path(path)
        return name.encode()

    @override
    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        with as_sftp_errors():
            await self._area.rename(self._grant, _path(oldpath), _path(newpath))

    @override
    async def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        await self.rename(oldpath, newpath)

    @override
    def fsync(self, file_obj: object) -> None:
        """Accept: the bytes are made durable by the close."""

    @override
    def readlink(self, path: bytes) -> bytes:
        raise SFTPOpUnsupported("there are no links here")

    @override
    def symlink(self, oldpath: bytes, newpath: bytes) -> None:
        raise SFTPOpUnsupported("there are no links here")

    @override
    def link(self, oldpath: bytes, newpath: bytes) -> None:
        raise SFTPOpUnsupported("there are no links here")

    @override
    def statvfs(self, path: bytes) -> SFTPVFSAttrs:
        raise SFTPOpUnsupported("the disk is not shown")

    @override
    def fstatvfs(self, file_obj: object) -> SFTPVFSAttrs:
        raise SFTPOpUnsupported("the disk is not shown")

    @override
    def exit(self) -> None:
        """Send an exit status: OpenSSH's `scp` takes a session without one for a failure."""
        self.channel.exit(0)

    @override
    def format_user(self, uid: int | None) -> str:
        return "trambox"

    @override
    def format_group(self, gid: int | None) -> str:
        return "trambox"

    async def _entry(self, path: str) -> Entry | None:
        try:
            return await self._area.stat(self._grant, path)
        except NoSuchPath:
            return None


def _path(path: bytes) -> str:
    try:
        return normalise(path.decode())
    except UnicodeDecodeError:
        raise SFTPBadMessage("names here are UTF-8") from None


def _attrs(entry: Entry) -> SFTPAttrs:
    mode = stat.S_IFDIR | 0o750 if entry.is_folder else stat.S_IFREG | 0o640
    return SFTPAttrs(
        size=entry.size, uid=0, gid=0, permissions=mode, atime=entry.modified_s, mtime=entry.modified_s, nlink=1
    )
