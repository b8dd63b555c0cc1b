"""The whole server inside the test's own process, on free ports: `serve` itself, started and stopped by events."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from tortoise.backends.base.executor import EXECUTOR_CACHE

from conf.settings import (
    Address,
    AmqpSettings,
    FtpSettings,
    PortRange,
    ServerSettings,
    Settings,
    SftpSettings,
    StorageSettings,
    WebSettings,
)
from server import app

ANY = Address("127.0.0.1", 0)
START_S = 30


def settings_for(folder: Path, url: str = "") -> Settings:
    """Settings of a box whose data lie in a folder."""
    return Settings(
        server=ServerSettings(data_dir=folder / "var"),
        storage=StorageSettings(url=url or f"sqlite://{folder}/var/trambox.db", reserve_mb=0),
        web=WebSettings(bind=ANY),
        ftp=replace(FtpSettings(), bind=ANY, passive_ports=PortRange(0, 0)),
        sftp=SftpSettings(bind=ANY),
        amqp=AmqpSettings(bind=ANY),
    )


@asynccontextmanager
async def living_box(settings: Settings) -> AsyncIterator[dict[str, int]]:
    """Run the server; gives its ports, and asserts a clean end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "configure_logs", lambda: None)  # loggers would keep that set-up, and its stream, for good
        async with _life(settings) as ports:
            yield ports


@asynccontextmanager
async def _life(settings: Settings) -> AsyncIterator[dict[str, int]]:
    EXECUTOR_CACHE.clear()  # Tortoise keeps statements per process; the last box may have had the other engine
    pace, rarely = sys.getswitchinterval(), gc.get_threshold()
    started, stop = asyncio.Event(), asyncio.Event()
    life = asyncio.create_task(app.serve(settings, started=started, stop=stop))
    try:
        waiting = asyncio.create_task(started.wait())
        done, _ = await asyncio.wait({life, waiting}, timeout=START_S, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if life in done:
            await life
        assert started.is_set(), "not started in time"
        yield orjson.loads((settings.server.data_dir / "ports.json").read_bytes())
    finally:
        stop.set()
        try:
            assert await asyncio.wait_for(life, START_S) == 0
        finally:
            sys.setswitchinterval(pace)
            gc.set_threshold(*rarely)
            gc.unfreeze()
            EXECUTOR_CACHE.clear()
