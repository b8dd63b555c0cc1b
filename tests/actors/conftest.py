"""Fixtures of the actors' tests."""

import asyncio
from pathlib import Path

import pytest

from tests.storage.blank import open_blank


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An empty embedded store of the current layout; both engines are proved in tests/storage."""

    async def copy() -> None:
        await (await open_blank(tmp_path)).close()

    asyncio.run(copy())
    return f"sqlite://{tmp_path}/trambox.db"
