"""The sender of hourly files over FTP and explicit FTPS.

A file goes up under a temporary name, is renamed, and its size is read back: only then is it delivered. Sending the
same name again replaces it.
"""

from pathlib import PurePosixPath

import aioftp
from typing_extensions import override

from protocols.errors import DeliveryError
from protocols.ftp.login import FtpLogin, FtpTarget, client_context, code_of

__all__ = ["FtpSender", "FtpTarget", "client_context", "deliver"]

TEMPORARY_SUFFIX = ".tmp"
OCCUPIED_CODES = ("550", "553")
NOT_IMPLEMENTED_CODES = ("500", "502", "504")


async def deliver(target: FtpTarget, name: str, body: bytes, *, timeout_s: float) -> int:
    """Send one file over a login of its own.

    Returns:
        The size that the peer reports, equal to that of `body`.
    Raises:
        DeliveryError: not delivered.
    """
    sender = FtpSender(target, timeout_s=timeout_s)
    try:
        await sender.open()
        return await sender.deliver(name, body)
    finally:
        await sender.close()


class FtpSender(FtpLogin):
    """A login into the receiver's folder, which is made where it is missing."""

    @override
    async def _arrived(self, client: aioftp.Client) -> None:
        await _enter(client, self._target.folder)

    async def deliver(self, name: str, body: bytes) -> int:
        """Send one file; returns the size that the peer reports, raises DeliveryError."""
        client, temporary = self.connected, name + TEMPORARY_SUFFIX
        async with self._judged():
            async with client.upload_stream(temporary) as stream:
                await stream.write(body)
            await _replace(client, temporary, name)
            size = await _size(client, name)
        if size != len(body):
            raise DeliveryError(f"{name}: {len(body)} bytes went, {size} are there")
        return size


async def _enter(client: aioftp.Client, folder: str) -> None:
    """Go to a folder part by part, making what is missing."""
    if not folder.strip("/"):
        return
    code, _ = await client.command(f"CWD {folder}", ("2xx", "550"))
    if code.matches("2xx"):
        return
    if folder.startswith("/"):
        await client.command("CWD /", "2xx")
    for part in PurePosixPath(folder.strip("/")).parts:
        code, _ = await client.command(f"CWD {part}", ("2xx", "550"))
        if not code.matches("2xx"):
            await client.command(f"MKD {part}", ("2xx", "521", "550"))
            await client.command(f"CWD {part}", "2xx")


async def _replace(client: aioftp.Client, source: str, target: str) -> None:
    """Rename; where the peer does not overwrite, take the old file away first."""
    try:
        await client.rename(source, target)
    except aioftp.StatusCodeError as error:
        if code_of(error) not in OCCUPIED_CODES or not await _exists(client, target):
            raise
        await client.remove_file(target)
        await client.rename(source, target)


async def _exists(client: aioftp.Client, name: str) -> bool:
    try:
        await _size(client, name)
    except aioftp.StatusCodeError:
        return False
    return True


async def _size(client: aioftp.Client, name: str) -> int:
    """Ask for a file's size, where there is no SIZE by MLST, and only then by a listing of the whole folder."""
    code, lines = await client.command(f"SIZE {name}", ("213", *NOT_IMPLEMENTED_CODES))
    if code == "213":
        return int(lines[-1])
    code, lines = await client.command(f"MLST {name}", ("250", *NOT_IMPLEMENTED_CODES))
    if code == "250":
        _, told = client.parse_mlsx_line(lines[1].lstrip())
        if "size" in told:
            return int(told["size"])
    for path, facts in await client.list("", raw_command="LIST"):
        if path.name == name:
            return int(facts["size"])
    raise aioftp.StatusCodeError(aioftp.Code("213"), aioftp.Code("550"), f"{name} is not listed")
