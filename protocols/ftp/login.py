"""A login at somebody else's FTP server, explicit FTPS included: what sender and fetcher have in common.

Invariant: every failure is a `DeliveryError` that says whether trying again can help.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aioftp

from protocols.errors import DeliveryError
from protocols.ftp.protection import ProtectedClient

GOODBYE_S = 2.0
PERMANENT_CODES = ("530", "532", "534", "553")


@dataclass(frozen=True, slots=True)
class FtpTarget:
    """A peer's folder. `tls` is explicit (AUTH TLS, PROT P); `verify_tls` checks the peer's certificate and name."""

    host: str
    port: int
    username: str
    password: str
    folder: str
    tls: bool
    verify_tls: bool


class FtpLogin:
    """A login that is kept open for many files; after a failure, close it and open a new one."""

    def __init__(self, target: FtpTarget, *, timeout_s: float) -> None:
        self._target = target
        self._timeout_s = timeout_s
        self._client: aioftp.Client | None = None
        self._broken = False

    async def open(self) -> None:
        """Connect and log in; raises DeliveryError."""
        target = self._target
        client = self._client = ProtectedClient()
        self._broken = False
        async with self._judged():
            await client.connect(target.host, target.port)
            if target.tls:
                await client.upgrade_to_tls(client_context(verify=target.verify_tls))
            await client.login(target.username, target.password)
            await self._arrived(client)

    async def _arrived(self, client: aioftp.Client) -> None:
        """What is done first behind the door."""

    @property
    def connected(self) -> aioftp.Client:
        """The client behind the door; raises DeliveryError where it was never opened, or is closed."""
        if self._client is None:
            raise DeliveryError("not connected")
        return self._client

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
            raise DeliveryError(_answer(error), permanent=code_of(error) in PERMANENT_CODES) from error
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


def code_of(error: aioftp.StatusCodeError) -> str:
    return str(error.received_codes[-1]) if error.received_codes else ""


def _answer(error: aioftp.StatusCodeError) -> str:
    lines = [error.info] if isinstance(error.info, str) else error.info
    return f"{code_of(error)} {' '.join(line.strip(' -') for line in lines)}".strip()
