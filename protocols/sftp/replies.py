"""How the area's errors sound in SFTP.

Version 3 knows few codes and no "disk full": it is sent as a failure whose text says that a later try will do.
"""

from collections.abc import Generator
from contextlib import contextmanager

from asyncssh import SFTPError, SFTPFailure, SFTPNoSuchFile, SFTPPermissionDenied

from protocols.errors import NoSuchPath, PathRefused, StorageFull, UploadError, UploadRefused


def sftp_error(error: UploadError) -> SFTPError:
    """Choose the status that a client understands; the reason travels as its text."""
    match error:
        case NoSuchPath():
            return SFTPNoSuchFile(error.reason)
        case PathRefused() | UploadRefused():
            return SFTPPermissionDenied(error.reason)
        case StorageFull():
            return SFTPFailure(f"disk short, try again later: {error.reason}")
        case _:
            return SFTPFailure(error.reason)


@contextmanager
def as_sftp_errors() -> Generator[None]:
    """Turn the area's errors into SFTP statuses."""
    try:
        yield
    except UploadError as error:
        raise sftp_error(error) from error
