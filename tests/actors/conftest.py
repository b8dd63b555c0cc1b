"""Fixtures of the actors' tests."""

import asyncio
from pathlib import Path

import pytest

from tests.storage.blank import open_blank
from tests.storage.stores import postgres_server, store_url

__all__ = ["postgres_server", "sqlite_url", "store_url"]


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An empty embedded store of the current layout; both engines are proved in tests/storage."""

    async def copy() -> None:
        await (await open_blank(tmp_path)).close()

    asyncio.run(copy())
    return f"sqlite://{tmp_path}/trambox.db"
