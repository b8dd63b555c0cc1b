"""Files below one folder, reached part by part through directory handles.

No symbolic link is ever followed, so nothing that is put into the tree, by whomever and whenever, leads out of it. A
file is written aside and then linked or renamed into its place.

Invariant: under its name a file is whole or absent; with `durable`, its bytes and its name are on the disk on return.
"""

import errno
import os
import secrets
import stat
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from protocols.errors import NoSuchPath, PathRefused, StorageFull, UploadError
from protocols.uploads import Entry

ASIDE = ".unfinished"
FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FULL = (errno.ENOSPC, errno.EDQUOT)
NOT_SO = (errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ENAMETOOLONG, errno.EILSEQ)


class Folders:
    """A tree of folders below `root`, which is made where it is missing. Safe to use from several threads."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._aside = _enter(self._root, ASIDE, make=True, durable=False)
        with os.scandir(self._aside) as unfinished:
            for item in unfinished:
                os.unlink(item.name, dir_fd=self._aside)

    def close(self) -> None:
        """Give the directory handles back."""
        os.close(self._aside)
        os.close(self._root)

    def add(self, folder: Sequence[str], name: str, data: bytes, *, durable: bool) -> str:
        """Write a new file; returns its name, with `.~2`, `.~3` ... where other bytes have the name already."""
        with as_upload_errors(), self._open(folder, make=True, durable=durable) as handle:
            with self._written(data, durable=durable) as aside:
                placed = _link_new(self._aside, aside, handle, name)
            if durable:
                os.fsync(handle)
            return placed

    def replace(self, folder: Sequence[str], name: str, data: bytes) -> None:
        """Write a file durably in the place of whatever file has the name."""
        with as_upload_errors(), self._open(folder, make=True, durable=True) as handle:
            with self._written(data, durable=True) as aside:
                os.rename(aside, name, src_dir_fd=self._aside, dst_dir_fd=handle)
            os.fsync(handle)

    def link(self, source: Sequence[str], folder: Sequence[str], name: str) -> str:
        """Show a file in a second folder too; returns its name there, chosen as `add` does."""
        with (
            as_upload_errors(),
            self._open(source[:-1]) as behind,
            self._open(folder, make=True) as ahead,
        ):
            return _link_new(behind, source[-1], ahead, name)

    def move(self, source: Sequence[str], target: Sequence[str]) -> None:
        """Rename a file durably, making the target's folders."""
        with (
            as_upload_errors(),
            self._open(source[:-1]) as behind,
            self._open(target[:-1], make=True, durable=True) as ahead,
        ):
            os.rename(source[-1], target[-1], src_dir_fd=behind, dst_dir_fd=ahead)
            os.fsync(ahead)
            os.fsync(behind)

    def read(self, parts: Sequence[str]) -> bytes:
        """Read a whole file."""
        with as_upload_errors(), self._open(parts[:-1]) as handle:
            return _read(handle, parts[-1])

    def remove(self, parts: Sequence[str]) -> None:
        """Remove a file durably."""
        with as_upload_errors(), self._open(parts[:-1]) as handle:
            os.unlink(parts[-1], dir_fd=handle)
            os.fsync(handle)

    def make_folder(self, parts: Sequence[str]) -> None:
        """Make a folder and those above it; PathRefused where it is there already."""
        with as_upload_errors(), self._open(parts[:-1], make=True, durable=True) as handle:
            os.mkdir(parts[-1], 0o750, dir_fd=handle)
            os.fsync(handle)

    def remove_folder(self, parts: Sequence[str]) -> None:
        """Remove an empty folder."""
        with as_upload_errors(), self._open(parts[:-1]) as handle:
            os.rmdir(parts[-1], dir_fd=handle)
            os.fsync(handle)

    def entries(self, parts: Sequence[str]) -> list[Entry]:
        """List a folder by name: files and folders, nothing else."""
        with as_upload_errors(), self._open(parts) as handle, os.scandir(handle) as found:
            known = [_entry_of(item) for item in found if item.name != ASIDE]
        return sorted((entry for entry in known if entry is not None), key=lambda entry: entry.name)

    def entry(self, parts: Sequence[str]) -> Entry:
        """State one file or folder."""
        with as_upload_errors(), self._open(parts[:-1]) as handle:
            entry = _entry(parts[-1], os.stat(parts[-1], dir_fd=handle, follow_symlinks=False))
        if entry is None:
            raise PathRefused("not a file")
        return entry

    @contextmanager
    def _open(self, parts: Sequence[str], *, make: bool = False, durable: bool = False) -> Generator[int]:
        handle = os.dup(self._root)
        try:
            for part in parts:
                below = _enter(handle, part, make=make, durable=durable)
                os.close(handle)
                handle = below
            yield handle
        finally:
            os.close(handle)

    @contextmanager
    def _written(self, data: bytes, *, durable: bool) -> Generator[str]:
        name = secrets.token_hex(16)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(name, flags, 0o640, dir_fd=self._aside), "wb", buffering=0) as file:
                view = memoryview(data)
                while view:
                    view = view[file.write(view) :]
                if durable:
                    os.fsync(file.fileno())
            yield name
        finally:
            try:
                os.unlink(name, dir_fd=self._aside)
            except FileNotFoundError:
                pass


@contextmanager
def as_upload_errors() -> Generator[None]:
    """Tell an expected trouble of the file system in the upload area's words; a sick disk stays an OSError."""
    try:
        yield
    except FileNotFoundError as error:
        raise NoSuchPath("no such file or folder") from error
    except OSError as error:
        raise _named(error) from error


def _named(error: OSError) -> UploadError | OSError:
    if error.errno in FULL:
        return StorageFull("disk short, try again later")
    if error.errno in NOT_SO:
        return PathRefused((error.strerror or "refused").lower())
    return error


def _enter(handle: int, part: str, *, make: bool, durable: bool) -> int:
    if make:
        try:
            os.mkdir(part, 0o750, dir_fd=handle)
            if durable:
                os.fsync(handle)
        except FileExistsError:
            pass
    return os.open(part, FOLDER_FLAGS, dir_fd=handle)


def _link_new(source: int, source_name: str, target: int, name: str) -> str:
    version = 1
    while True:
        candidate = name if version == 1 else f"{name}.~{version}"
        try:
            os.link(source_name, candidate, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
        except FileExistsError:
            if _is_same(source, source_name, target, candidate):
                return candidate
            version += 1
        else:
            return candidate


def _is_same(source: int, source_name: str, target: int, name: str) -> bool:
    ours = os.stat(source_name, dir_fd=source, follow_symlinks=False)
    theirs = os.stat(name, dir_fd=target, follow_symlinks=False)
    if os.path.samestat(ours, theirs):
        return True
    if not stat.S_ISREG(theirs.st_mode) or ours.st_size != theirs.st_size:
        return False
    return _read(source, source_name) == _read(target, name)


def _read(handle: int, name: str) -> bytes:
    file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=handle)
    with os.fdopen(file, "rb") as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise PathRefused("not a file")
        return opened.read()


def _entry_of(item: os.DirEntry[str]) -> Entry | None:
    try:
        return _entry(item.name, item.stat(follow_symlinks=False))
    except FileNotFoundError:  # it was renamed or removed while we listed
        return None


def _entry(name: str, found: os.stat_result) -> Entry | None:
    is_folder = stat.S_ISDIR(found.st_mode)
    if not is_folder and not stat.S_ISREG(found.st_mode):
        return None
    return Entry(name, is_folder, 0 if is_folder else found.st_size, int(found.st_mtime))
