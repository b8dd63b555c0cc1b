"""How a simulated logger gets a file to the server: one login per file, as loggers do.

Two outcomes that are no success, never mixed: the server refused the file (`Refused`: sending again is no use), and it
could not be asked, a refused login included (`Unreachable`: the file waits).
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

import aioftp
import asyncssh

from server.simulator.files import StationFile
from server.simulator.parts import Transport

HOST = "127.0.0.1"
TEMPORARY_SUFFIX = ".tmp"
NOT_LOGGED_IN = "530"


class UplinkError(Exception):
    """A file was not taken."""


class Refused(UplinkError):
    """The server answered that it will not take this file."""


class Unreachable(UplinkError):
    """No answer, or none that lasted."""


@dataclass(frozen=True, slots=True)
class Login:
    """An account at the server's intakes."""

    username: str
    password: str = field(repr=False)


class Uplink(Protocol):
    """A way to the server."""

    async def send(self, file: StationFile) -> None:
        """Log in, upload, log out.

        Raises:
            Refused, Unreachable.
        """
        ...


@dataclass(frozen=True, slots=True)
class FtpUplink:
    """A logger with an FTP client."""

    port: int
    login: Login
    renames: bool
    timeout_s: float = 30.0

    async def send(self, file: StationFile) -> None:
        """Log in, upload, log out."""
        async with _reaching(self.timeout_s), self._session() as client:
            name = file.name + TEMPORARY_SUFFIX if self.renames else file.name
            await _store(client, f"/{name}", file.body)
            if self.renames:
                await client.rename(f"/{name}", f"/{file.name}")

    @asynccontextmanager
    async def _session(self) -> AsyncGenerator[aioftp.Client, None]:
        client = aioftp.Client()  # without timeouts of its own: under Python 3.11 those may swallow a cancellation
        try:
            await client.connect(HOST, self.port)
            await client.login(self.login.username, self.login.password)
            yield client
            await client.quit()
        finally:
            client.close()


@dataclass(frozen=True, slots=True)
class SftpUplink:
    """A logger with an SFTP client; it trusts whatever host key it meets on loopback."""

    port: int
    login: Login
    renames: bool
    timeout_s: float = 30.0

    async def send(self, file: StationFile) -> None:
        """Log in, upload, log out."""
        async with (
            _reaching(self.timeout_s),
            asyncssh.connect(
                HOST,
                self.port,
                username=self.login.username,
                password=self.login.password,
                known_hosts=None,
                client_keys=None,
                agent_path=None,
                config=None,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            name = file.name + TEMPORARY_SUFFIX if self.renames else file.name
            async with sftp.open(f"/{name}", "wb") as remote:
                await remote.write(file.body)
            if self.renames:
                await sftp.rename(f"/{name}", f"/{file.name}")


async def _store(client: aioftp.Client, path: str, body: bytes) -> None:
    """Upload; aioftp's own stream leaves the data connection open where the server refuses or the task is cancelled."""
    _, writer = await client.get_passive_connection()
    try:
        await client.command(f"STOR {path}", "1xx")
        writer.write(body)
        await writer.drain()
    finally:
        writer.close()
    await client.command(None, "2xx", "1xx")


UPLINKS: dict[Transport, type[FtpUplink] | type[SftpUplink]] = {Transport.FTP: FtpUplink, Transport.SFTP: SftpUplink}


@asynccontextmanager
async def _reaching(timeout_s: float) -> AsyncGenerator[None, None]:
    """Sort what the client libraries raise into the two outcomes."""
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except asyncssh.SFTPPermissionDenied as error:
        raise Refused(error.reason) from error
    except aioftp.StatusCodeError as error:
        is_final = all(code.matches("5xx") and code != NOT_LOGGED_IN for code in error.received_codes)
        raise (Refused if is_final else Unreachable)(" ".join(error.info).strip()) from error
    except (OSError, EOFError, TimeoutError, aioftp.AIOFTPException, asyncssh.Error) as error:
        raise Unreachable(str(error) or type(error).__name__) from error
