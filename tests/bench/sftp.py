"""Station files over SFTP: a session for each file (key exchange, login, put, close), and sessions that are kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncssh

from tests.bench.report import Report
from tests.bench.uploads import Put, UploadOptions, Uploads, station_world
from tests.bench.world import STATION_ACCOUNT

NAME = "sftp"


@asynccontextmanager
async def _session(port: int, password: str) -> AsyncIterator[Put]:
    async with (
        asyncssh.connect(
            "127.0.0.1",
            port,
            username=STATION_ACCOUNT,
            password=password,
            known_hosts=None,
            config=None,
            agent_path=None,
            client_keys=None,
        ) as connection,
        connection.start_sftp_client() as client,
    ):

        async def put(name: str, content: bytes) -> None:
            async with client.open(name, "wb") as file:
                await file.write(content)

        yield put


async def bench(report: Report, options: UploadOptions) -> None:
    """Measure on a new world."""
    async with station_world(options) as world:
        uploads = Uploads(NAME, report, options, world)
        await uploads.phase("session per file", lambda: _session(world.ports["sftp"], world.password), kept=False)
        await uploads.phase("session kept", lambda: _session(world.ports["sftp"], world.password), kept=True)
        await uploads.audit()
