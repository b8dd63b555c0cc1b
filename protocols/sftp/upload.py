"""One upload while its bytes come in, common to SFTP and to the old `scp`.

Invariant: an upload ends once, in `store` (the sender said it is whole) or in `abandon` (it broke off); what broke off
is kept apart and never stored as if it were whole.
"""

from contextlib import suppress
from dataclasses import dataclass

from protocols.errors import TooLarge, UploadError
from protocols.sftp.traffic import Traffic
from protocols.uploads import Grant, Receipt, UploadArea


@dataclass(frozen=True, slots=True)
class Desk:
    """What every session of a listener works with."""

    area: UploadArea
    max_upload_bytes: int
    traffic: Traffic


class Upload:
    """Bytes on their way to a path; `data` is what the file holds so far."""

    def __init__(self, desk: Desk, grant: Grant, path: str, *, kept: bytes | None = None, append: bool = False) -> None:
        """Begin an upload.

        Args:
            kept: what the file held before and goes on from; None for a new or an emptied file.
            append: every piece goes to the end, whatever its offset says.
        """
        self.path = path
        self.data = bytearray(kept or b"")
        self._changed = kept is None
        self._append = append
        self._desk = desk
        self._grant = grant
        self._over = False
        self._ended = False
        desk.traffic.begin()

    def write(self, offset: int, piece: bytes) -> None:
        """Put a piece at an offset; a hole before it is filled with zero bytes, as a file would.

        Raises:
            TooLarge: the file would outgrow the limit; the upload can then only fail.
        """
        if self._append:
            offset = len(self.data)
        end = offset + len(piece)
        if end > self._desk.max_upload_bytes:
            self._over = True
            raise self._too_large()
        self._changed = True
        if offset > len(self.data):
            self.data.extend(bytes(offset - len(self.data)))
        self.data[offset:end] = piece

    def resize(self, size: int) -> None:
        """Cut the file to a size, or fill it up with zero bytes."""
        if size > self._desk.max_upload_bytes:
            raise self._too_large()
        self._changed = True
        del self.data[size:]
        self.data.extend(bytes(size - len(self.data)))

    async def store(self) -> Receipt | None:
        """Keep the whole file; None where it was opened and left as it is.

        Raises:
            UploadError: the area's reason for not taking it.
        """
        try:
            if self._over:
                raise self._too_large()
            if not self._changed:
                return None
            receipt = await self._desk.area.store(self._grant, self.path, bytes(self.data))
            self._desk.traffic.files += 1
            self._desk.traffic.bytes += len(self.data)
            return receipt
        finally:
            self._end()

    async def abandon(self) -> None:
        """Keep apart what came before the break; where the disk is short even for that, nobody is left to be told."""
        if self._ended:
            return
        try:
            if self._changed and self.data:
                self._desk.traffic.broken += 1
                with suppress(UploadError):
                    await self._desk.area.keep_broken(self._grant, self.path, bytes(self.data))
        finally:
            self._end()

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._desk.traffic.end()

    def _too_large(self) -> TooLarge:
        return TooLarge(f"over the limit of {self._desk.max_upload_bytes} bytes for one file")
