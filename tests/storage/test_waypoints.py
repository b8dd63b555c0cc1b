"""The waypoint journal on both engines: forward for forwarders, backward along one vehicle's track."""

import pytest

from protocols.times import DAY_S
from storage.database import Database
from storage.waypoints import WaypointJournal
from storage.writer import Unit, Writer
from tests.storage.stores import opened

T0 = 20_000 * DAY_S
"""The beginning of a UTC day."""


async def fill(database: Database, writer: Writer, *points: tuple[int, int]) -> tuple[WaypointJournal, dict[int, int]]:
    """Store (vehicle, seconds after T0), each received when it was made; gives the journal and the newest rows."""
    heads: dict[int, int] = {}
    rows = []
    for number, (vehicle, after_s) in enumerate(points, 1):
        time_s = T0 + after_s
        rows.append((number, heads.get(vehicle, 0), vehicle, time_s, time_s * 1000, 1, b"%d" % number))
        heads[vehicle] = number
    await writer.store(Unit(rows={"waypoints": list(rows)}))
    return WaypointJournal(database), heads


@pytest.mark.asyncio
async def test_rows_are_read_forward_within_their_bounds(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        journal, _ = await fill(database, writer, *((1, step) for step in range(10)))
        assert [row.id for row in await journal.after(2, 8, limit=4)] == [3, 4, 5, 6]
        assert [row.id for row in await journal.after(2, 8)] == [3, 4, 5, 6, 7, 8]
        assert await journal.newest() == 10


@pytest.mark.asyncio
async def test_an_empty_journal_has_no_newest_row(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        assert await WaypointJournal(database).newest() == 0
        assert await WaypointJournal(database).track(0) == []


@pytest.mark.asyncio
async def test_a_track_is_one_vehicles_rows_oldest_first(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        journal, heads = await fill(database, writer, (1, 0), (2, 0), (1, 10), (2, 10), (1, 20))
        track = await journal.track(heads[1])
        assert [row.id for row in track] == [1, 3, 5]
        assert track[0].body == b"1"
        assert [row.id for row in await journal.track(heads[1], after_id=1)] == [3, 5]
        assert await journal.track(heads[1], after_id=5) == []


@pytest.mark.asyncio
async def test_instants_of_a_day_are_those_of_that_vehicle_and_that_day(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        points = [(1, -1), (1, 0), (2, 5), (1, 10), (1, DAY_S - 1), (1, DAY_S), (2, DAY_S)]
        journal, heads = await fill(database, writer, *points)
        day = T0 // DAY_S
        assert sorted(await journal.instants(heads[1], day, early=False)) == [T0, T0 + 10, T0 + DAY_S - 1]
        assert sorted(await journal.instants(heads[1], day)) == [T0, T0 + 10, T0 + DAY_S - 1]
        assert await journal.instants(heads[1], day + 1) == [T0 + DAY_S]
        assert await journal.instants(0, day) == []


@pytest.mark.asyncio
async def test_instants_of_the_future_are_found_too(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        far_s = T0 + 400 * DAY_S
        rows = [(1, 0, 1, far_s, T0 * 1000, 1, b""), (2, 1, 1, T0, (T0 + DAY_S) * 1000, 1, b"")]
        await writer.store(Unit(rows={"waypoints": list(rows)}))
        assert await WaypointJournal(database).instants(2, far_s // DAY_S) == [far_s]
