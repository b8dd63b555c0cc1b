"""Errors of the wire, one small tree.

ProtocolError
├── FormatError          bytes that can never become a record (permanent)
├── UploadError          an upload or a path is not accepted; carries the reply's hint
│   ├── NoSuchPath       nothing stands at that path
│   ├── PathRefused      the path may not be used this way
│   ├── UploadRefused    kept, but refused: the reason is for the sender
│   ├── TooLarge         over the size limit
│   └── StorageFull      not accepted now: the disk is short; try again later
└── DeliveryError        a peer did not take what we sent; `permanent` says whether to try again
"""


class ProtocolError(Exception):
    """Root of this folder's errors."""


class FormatError(ProtocolError):
    """Bytes are broken for good at `offset`."""

    def __init__(self, reason: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class UploadError(ProtocolError):
    """An upload or a path was not accepted; `reason` is written for the sender."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoSuchPath(UploadError):
    """Nothing stands at that path."""


class PathRefused(UploadError):
    """The path may not be used this way."""


class UploadRefused(UploadError):
    """The bytes are kept, but refused."""


class TooLarge(UploadError):
    """The upload is over the size limit."""


class StorageFull(UploadError):
    """The disk is short: not accepted now, try again later."""


class DeliveryError(ProtocolError):
    """A peer did not take what we sent; `permanent` means that a human is needed."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
