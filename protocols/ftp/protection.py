"""aioftp's client with data connections as RFC 4217 has them: plain until the server says 150, then TLS.

Most servers ask that the control connection's TLS session is used again, as a sign that both have the same owner.
"""

import asyncio
import ssl

import aioftp
from aioftp.client import ConnType, DataConnectionThrottleStreamIO
from aioftp.common import SSLSessionBoundContext, async_enterable
from typing_extensions import override


class ProtectedClient(aioftp.Client):
    """A client for explicit TLS; without `upgrade_to_tls` it is aioftp's own."""

    @override
    async def _open_connection(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(host, port)

    @override
    @async_enterable
    async def get_stream(
        self,
        command: str | None = None,
        expected_codes: str | tuple[str, ...] = (),
        wait_codes: str | tuple[str, ...] = (),
        censor_after: int | None = None,
        conn_type: ConnType = "I",
        offset: int = 0,
    ) -> DataConnectionThrottleStreamIO:
        stream = await super().get_stream(command, expected_codes, wait_codes, censor_after, conn_type, offset)
        control: ssl.SSLObject | None = self.stream.writer.get_extra_info("ssl_object")
        if control is not None:
            await stream.start_tls(_same_session(control), self.server_host)
        return stream


def _same_session(control: ssl.SSLObject) -> ssl.SSLContext:
    if control.session is None:
        return control.context
    return SSLSessionBoundContext(ssl.PROTOCOL_TLS_CLIENT, context=control.context, session=control.session)
