"""The console with a fleet's January in its store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from protocols.times import day_begin
from storage.models import VehicleRow
from storage.sqlite_engine import SqliteEngine
from storage.writer import Writer
from tests.storage.fleet import DAY, register, store_month
from tests.web.house import House

JANUARY = {"from": "2026-01-01", "to": "2026-01-31"}


@pytest_asyncio.fixture
async def fleet(house: House) -> AsyncIterator[House]:
    """The console with a fleet's January in its store."""
    house.clock_s[0] = day_begin(DAY + 60)
    path = house.database.url.removeprefix("sqlite://")
    await VehicleRow.all().delete()
    engine = SqliteEngine(Path(path))
    writer = Writer(engine, house.database.pen)
    await writer.open()
    try:
        await register(house.database, writer)
        await store_month(writer)
        yield house
    finally:
        await writer.close()
