"""The conservation sums, from the counters and from the rows."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.audit import Sums, read_running, recount, running
from storage.database import Database
from storage.models import AsideRow, CounterRow, DestinationRow, FileRow, OutFileRow, SpanRow, WaypointRow
from storage.writer import Unit
from tests.storage.stores import opened


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite://{tmp_path}/trambox.db")
    await opened.migrate()
    yield opened
    await opened.close()


async def fill() -> None:
    """Three files and five waypoints with two asides; one destination of each kind."""
    for number, fate in enumerate(("stored", "stored", "refused"), start=1):
        await FileRow.create(
            id=number, account="a", protocol="ftp", address="", name="n", received_ms=0, size=0, sha256="", fate=fate
        )
    for number in range(1, 6):
        await WaypointRow.create(id=number, prev=0, vehicle_id=1, time_s=0, received_ms=0, provider_id=1, body=b"")
    for number, fate in enumerate(("duplicate", "refused"), start=6):
        await AsideRow.create(id=number, provider_id=1, received_ms=0, fate=fate, body=b"")
    await DestinationRow.create(id=1, name="bo", kind="files", url="")
    await DestinationRow.create(id=2, name="csgt", kind="waypoints", url="")
    for number, state in enumerate(("forwarded", "waiting", "waiting"), start=1):
        await OutFileRow.create(
            id=number, destination_id=1, station_id=1, hour_s=0, version=1, name="n", body=b"", made_ms=0, state=state
        )
    await SpanRow.create(id=1, destination_id=2, after_id=1, cursor=2, up_to_id=3)
    await SpanRow.create(id=2, destination_id=2, after_id=3, cursor=3, up_to_id=None)


@pytest.mark.asyncio
async def test_the_rows_are_counted_by_fate_and_state(database: Database) -> None:
    async with database.writing():
        await fill()
    sums = await recount()
    assert sums.files == {"received": 3, "stored": 2, "duplicate": 0, "refused": 1}
    assert sums.waypoints == {"received": 7, "stored": 5, "duplicate": 1, "refused": 1}
    assert sums.destinations == {
        "bo": {"due": 3, "forwarded": 1, "waiting": 2, "refused": 0},
        "csgt": {"due": 4, "forwarded": 1, "waiting": 3, "refused": 0},
    }
    assert sums.balanced


@pytest.mark.asyncio
async def test_after_a_unit_that_no_store_takes_the_rows_and_the_counters_tell_the_same(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        for _ in range(2):  # the second one meets the row of the first
            unit = Unit(rows={"waypoints": [(1, 0, 1, 0, 0, 1, b"")]})
            unit.count("waypoints.received")
            unit.count("waypoints.stored")
            writer.add(unit)
        await writer.flush()
        sums = await recount()
        assert sums == await read_running()
        assert sums.waypoints == {"received": 2, "stored": 1, "duplicate": 0, "refused": 1}


@pytest.mark.asyncio
async def test_the_counters_of_the_database_are_read_by_name(database: Database) -> None:
    async with database.writing():
        await DestinationRow.create(name="bo", kind="files", url="")
        for name, value in (("files.received", 2), ("files.stored", 2), ("destination.bo.due", 1)):
            await CounterRow.create(name=name, value=value)
    sums = await read_running()
    assert sums.files == {"received": 2, "stored": 2, "duplicate": 0, "refused": 0}
    assert sums.destinations == {"bo": {"due": 1, "forwarded": 0, "waiting": 0, "refused": 0}}
    assert not sums.balanced


def test_without_counters_everything_is_zero_and_balanced() -> None:
    sums = running({}, ["bo"])
    assert sums.balanced
    assert sums.as_json()["destinations"] == {"bo": {"due": 0, "forwarded": 0, "waiting": 0, "refused": 0}}


@pytest.mark.parametrize("name", ["files.received", "waypoints.refused", "destination.bo.waiting"])
def test_one_item_without_a_fate_is_out_of_balance(name: str) -> None:
    assert not running({name: 1}, ["bo"]).balanced


def test_sums_are_compared_as_values() -> None:
    assert running({}, []) == Sums(
        files=dict.fromkeys(("received", "stored", "duplicate", "refused"), 0),
        waypoints=dict.fromkeys(("received", "stored", "duplicate", "refused"), 0),
        destinations={},
    )
