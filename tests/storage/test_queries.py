"""The walk along a vehicle's track, on a real database."""

from pathlib import Path

import pytest
from tortoise import Tortoise

from protocols.formats.ufms import build_waypoint
from protocols.waypoint import Waypoint
from storage.database import Database
from storage.models import FileRow, WaypointRow
from storage.queries import Queries
from storage.writer import Unit
from tests.storage.blank import open_blank
from tests.storage.stores import opened

T0 = 1_763_600_000


@pytest.mark.asyncio
async def test_a_track_of_ten_thousand_rows_between_other_vehicles_is_told_whole(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite://{tmp_path / 'x.db'}")
    try:
        await Tortoise.generate_schemas()
        rows = [
            WaypointRow(
                id=number, prev=max(0, number - 2), vehicle_id=number % 2, time_s=T0 + number, provider_id=1,
                received_ms=(T0 + number) * 1000,
                body=build_waypoint(Waypoint("29B1", "", 1.0, T0 + number, 105.0, 21.0, None, None, None, None)),
            )
            for number in range(1, 20_001)
        ]  # fmt: skip
        await WaypointRow.bulk_create(rows, batch_size=500)
        queries = Queries(database, lambda vehicle_id: 20_000 - vehicle_id)
        track = await queries.waypoints(1, T0, T0 + 30_000)
        assert [point.id for point in track] == list(range(1, 20_001, 2))
        assert [point.id for point in await queries.waypoints(1, T0 + 19_990, T0 + 19_995)] == [19_991, 19_993, 19_995]
    finally:
        await database.close()


@pytest.mark.asyncio
async def test_a_list_of_files_does_not_read_their_bytes(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite://{tmp_path / 'x.db'}")
    try:
        await Tortoise.generate_schemas()
        await FileRow.create(
            id=1, station_id=1, account="a", protocol="ftp", address="::1", name="x", received_ms=T0 * 1000, size=1,
            sha256="0" * 64, fate="stored", body=b"x",
        )  # fmt: skip
        queries = Queries(database, lambda vehicle_id: 0)
        (listed,) = await queries.files(1, T0 - 100)
        with pytest.raises(AttributeError):
            _ = listed.body
        whole = await queries.file(1, 1)
        assert whole is not None and whole.body == b"x"
    finally:
        await database.close()


@pytest.mark.asyncio
async def test_a_track_whose_newest_row_is_still_on_its_way_waits_for_it(tmp_path: Path) -> None:
    await (await open_blank(tmp_path)).close()
    async with opened(f"sqlite://{tmp_path}/trambox.db") as (database, writer):
        body = build_waypoint(Waypoint("29B1", "", 1.0, T0, 105.0, 21.0, None, None, None, None))
        queries = Queries(database, lambda vehicle_id: 2, writer.flush)
        for number in (1, 2):
            writer.add(Unit(rows={"waypoints": [(number, number - 1, 1, T0 + number, T0 * 1000, 1, body)]}))
        assert [point.id for point in await queries.waypoints(1, T0, T0 + 9)] == [1, 2]
