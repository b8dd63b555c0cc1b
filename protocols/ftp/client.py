"""The sender of hourly files over FTP and explicit FTPS.

A file goes up under a temporary name, is renamed, and its size is read back: only then is it delivered. Sending the
same name again replaces it.

Invariant: every failure is a `DeliveryError` that says whether trying again can help.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

import aioftp

from protocols.errors import DeliveryError
from protocols.ftp.protection import ProtectedClient

TEMPORARY_SUFFIX = ".tmp"
GOODBYE_S = 2.0
PERMANENT_CODES = ("530", "532", "534", "553")
OCCUPIED_CODES = ("550", "553")
NOT_IMPLEMENTED_CODES = ("500", "502", "504")


@dataclass(frozen=True, slots=True)
class FtpTarget:
    """Where files go. `tls` is explicit (AUTH TLS, PROT P); `verify_tls` checks the peer's certificate and name."""

    host: str
    port: int
    username: str
    password: str
    folder: str
    tls: bool
    verify_tls: bool


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


class FtpSender:
    """A login that is kept open so that many files go over it; after a failure, close it and open a new one."""

    def __init__(self, target: FtpTarget, *, timeout_s: float) -> None:
        self._target = target
        self._timeout_s = timeout_s
        self._client: aioftp.Client | None = None
        self._broken = False

    async def open(self) -> None:
        """Connect, log in, and enter the folder, making it where it is missing."""
        target = self._target
        client = self._client = ProtectedClient()
        self._broken = False
        async with self._judged():
            await client.connect(target.host, target.port)
            if target.tls:
                await client.upgrade_to_tls(client_context(verify=target.verify_tls))
            await client.login(target.username, target.password)
            await _enter(client, target.folder)

    async def deliver(self, name: str, body: bytes) -> int:
        """Send one file; returns the size that the peer reports, raises DeliveryError."""
        if self._client is None:
            raise DeliveryError("not connected")
        temporary = name + TEMPORARY_SUFFIX
        async with self._judged():
            async with self._client.upload_stream(temporary) as stream:
                await stream.write(body)
            await _replace(self._client, temporary, name)
            size = await _size(self._client, name)
        if size != len(body):
            raise DeliveryError(f"{name}: {len(body)} bytes went, {size} are there")
        return size

    async def close(self) -> None:
        """Log out if the peer still listens; close in any case."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            if not self._broken:
                async with asyncio.timeout(min(self._timeout_s, GOODBYE_S)):
                    await client.quit()
        except (OSError, ValueError, aioftp.AIOFTPException):
            pass
        finally:
            client.close()

    @asynccontextmanager
    async def _judged(self) -> AsyncGenerator[None, None]:
        """Give the block its time and turn what goes wrong in it into DeliveryError."""
        self._broken = True
        try:
            async with asyncio.timeout(self._timeout_s):
                yield
            self._broken = False
        except aioftp.StatusCodeError as error:
            self._broken = False
            raise DeliveryError(_answer(error), permanent=_code(error) in PERMANENT_CODES) from error
        except aioftp.errors.InvalidCommand as error:
            raise DeliveryError("name or folder holds a line end", permanent=True) from error
        except ssl.SSLCertVerificationError as error:
            raise DeliveryError(f"certificate: {error.verify_message}", permanent=True) from error
        except TimeoutError as error:
            raise DeliveryError(f"no answer within {self._timeout_s:g} s") from error
        except (OSError, EOFError) as error:
            raise DeliveryError(f"network: {str(error) or type(error).__name__}") from error
        except (ValueError, IndexError, aioftp.AIOFTPException) as error:
            raise DeliveryError(f"unintelligible answer: {error}") from error


def client_context(*, verify: bool) -> ssl.SSLContext:
    """Make the TLS context of a sender; without `verify` any certificate will do."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


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
        if _code(error) not in OCCUPIED_CODES or not await _exists(client, target):
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


def _code(error: aioftp.StatusCodeError) -> str:
    return str(error.received_codes[-1]) if error.received_codes else ""


def _answer(error: aioftp.StatusCodeError) -> str:
    lines = [error.info] if isinstance(error.info, str) else error.info
    return f"{_code(error)} {' '.join(line.strip(' -') for line in lines)}".strip()
