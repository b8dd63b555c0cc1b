"""Complete days leave the table for the archive: nothing lost, nothing doubled, on both engines, wherever it is cut."""

import json
from pathlib import Path

import duckdb
import pytest

from protocols.times import DAY_S
from storage import archiving, parquet_parts
from storage.archive import Archive
from storage.archiving import Held
from storage.audit import read_running, recount
from storage.models import DestinationRow, SpanRow, VehicleRow, WaypointRow
from storage.parquet_parts import DamagedPart
from storage.queries import Queries
from storage.writer import StoreError, Unit
from tests.storage.archive_box import T0, ArchiveBox, archive_box

TWO_DAYS = [(vehicle, day * DAY_S + step * 30) for day in (0, 1) for step in range(20) for vehicle in (1, 2, 3)]


async def balanced(box: ArchiveBox) -> dict[str, int]:
    sums = await recount(box.folder)
    assert sums == await read_running() and sums.balanced
    return sums.waypoints


@pytest.mark.asyncio
async def test_a_complete_day_moves_and_every_read_goes_on_over_it(store_url: str, tmp_path: Path) -> None:
    async with archive_box(store_url, tmp_path) as box:
        await box.store(*TWO_DAYS)
        queries = Queries(box.database, lambda vehicle: box.heads[vehicle], archive=box.archive)
        track = await box.journal.track(box.heads[2])
        before = [track, await queries.waypoints(2, T0, T0 + 2 * DAY_S)]
        assert await box.move(1) == 60
        assert await WaypointRow.all().count() == 60
        assert [await box.journal.track(box.heads[2]), await queries.waypoints(2, T0, T0 + 2 * DAY_S)] == before
        assert (await box.journal.track(box.heads[2], after_id=29))[0].id == 32
        assert await box.journal.instants(box.heads[2], T0 // DAY_S, 2) == [T0 + step * 30 for step in range(20)]
        row = await queries.waypoint(2, 2)
        assert row is not None and (row.time_s, row.body) == (T0, track[0].body)
        assert await queries.waypoint(1, 2) is None and await queries.waypoint(2, 119) is not None
        assert (await balanced(box))["stored"] == 120
        assert await box.move(1) == 0


@pytest.mark.asyncio
async def test_a_table_that_is_empty_goes_on_counting_where_it_was(store_url: str, tmp_path: Path) -> None:
    async with archive_box(store_url, tmp_path) as box:
        await box.store(*TWO_DAYS)
        assert await box.move(2) == 120
        assert await box.journal.newest() == 120
        await box.begin()
        assert box.ids.take("waypoints") == 121
        assert len(await box.journal.track(box.heads[1], vehicle_id=1)) == 40
        assert await box.journal.instants(box.heads[1], T0 // DAY_S + 1, 1) != []


@pytest.mark.asyncio
async def test_a_backlog_for_an_archived_day_becomes_a_further_file_of_it(store_url: str, tmp_path: Path) -> None:
    async with archive_box(store_url, tmp_path) as box:
        await box.store(*TWO_DAYS)
        await box.move(2)
        await box.store((1, 15), (1, 45), late_s=3 * DAY_S)
        assert sorted(await box.journal.instants(box.heads[1], T0 // DAY_S, 1))[:4] == [T0, T0 + 15, T0 + 30, T0 + 45]
        assert await box.move(3) == 0
        assert await box.move(4) == 2
        assert len(list(box.archive.folder.glob("day=2024-10-04/*.parquet"))) == 2
        queries = Queries(box.database, lambda vehicle: box.heads[vehicle], archive=box.archive)
        times = [point.waypoint.time_s - T0 for point in await queries.waypoints(1, T0, T0 + 60)]
        assert times == [0, 15, 30, 45, 60]
        assert (await balanced(box))["stored"] == 122


@pytest.mark.asyncio
async def test_anybody_reads_the_files_with_duckdb(store_url: str, tmp_path: Path) -> None:
    async with archive_box(store_url, tmp_path) as box:
        async with box.database.writing():
            await VehicleRow.create(id=2, plate="29A00002")
        await box.store(*TWO_DAYS)
        await box.move(2)
    answer = (
        duckdb.connect()
        .execute(
            f"SELECT day, count(*), min(epoch(time)), any_value(plate), max(speed_kmh), sum(octet_length(body)) > 0 "
            f"FROM read_parquet('{tmp_path}/archive/waypoints/day=*/*.parquet', hive_partitioning = true) "
            "WHERE vehicle_id = 2 GROUP BY day ORDER BY day"
        )
        .fetchall()
    )
    assert [row[1:] for row in answer] == [
        (20, T0, "29A00002", 40.5, True), (20, T0 + DAY_S, "29A00002", 40.5, True)
    ]  # fmt: skip
    assert str(answer[0][0]) == "2024-10-04"


@pytest.mark.asyncio
async def test_nothing_moves_that_is_owed_or_not_in_a_snapshot(store_url: str, tmp_path: Path) -> None:
    async with archive_box(store_url, tmp_path) as box:
        await box.store(*TWO_DAYS)
        async with box.database.writing():
            await DestinationRow.create(id=7, name="csgt", kind="waypoints", url="")
            await SpanRow.create(id=1, destination_id=7, after_id=10, cursor=50, up_to_id=None)
        unit = Unit(counters={"destination.csgt.due": 110, "destination.csgt.forwarded": 40})
        unit.count("destination.csgt.waiting", 70)
        await box.writer.store(unit)
        assert await box.move(2) == 50
        await balanced(box)
        forward = Unit(updates=[("UPDATE spans SET cursor = ? WHERE id = ?", (120, 1))])
        forward.count("destination.csgt.forwarded", 70)
        forward.count("destination.csgt.waiting", -70)
        forward.mark("snapshot.waypoints", 80)
        await box.writer.store(forward)
        assert await box.move(2) == 30
        await balanced(box)


@pytest.mark.asyncio
@pytest.mark.parametrize("cut", ["file", "second file", "commit", "first delete"])
async def test_cut_at_any_step_nothing_is_lost_and_nothing_doubled(
    store_url: str, tmp_path: Path, cut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    async with archive_box(store_url, tmp_path) as box:
        await box.store(*TWO_DAYS)
        monkeypatch.setattr(archiving, "BATCH", 7)
        steps = {"n": 0}

        def dies(*_: object) -> object:
            raise Killed

        async def dies_later(*_: object) -> None:
            raise Killed

        real = parquet_parts.write
        if cut == "file":
            monkeypatch.setattr(archiving, "write", dies)
        elif cut == "second file":

            def second(*arguments: object) -> object:
                steps["n"] += 1
                return dies() if steps["n"] == 2 else real(*arguments)  # type: ignore[arg-type]

            monkeypatch.setattr(archiving, "write", second)
        elif cut == "commit":
            monkeypatch.setattr(box.writer, "settle", dies_later)
        else:
            settle = box.writer.settle

            async def once(unit: Unit) -> None:
                steps["n"] += bool(unit.updates)
                if steps["n"] == 2:
                    raise Killed
                await settle(unit)

            monkeypatch.setattr(box.writer, "settle", once)
        with pytest.raises(Killed):
            await box.move(2)
        monkeypatch.undo()
        await box.begin()
        assert (await balanced(box))["stored"] == 120
        assert len(await box.journal.track(box.heads[1], vehicle_id=1)) == 40
        await box.move(2)
        assert (await balanced(box))["stored"] == 120
        assert await WaypointRow.all().count() == 0
        held = (
            duckdb.connect()
            .execute(f"SELECT count(*), count(DISTINCT id) FROM '{box.archive.folder}/*/*.parquet'")
            .fetchall()
        )
        assert held == [(120, 120)]


@pytest.mark.asyncio
async def test_a_file_that_reads_back_otherwise_stops_the_pass_and_keeps_the_rows(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with archive_box(store_url, tmp_path) as box:
        await box.store(*TWO_DAYS)
        monkeypatch.setattr(archiving, "checksum", lambda pieces: "another")
        assert await box.move(2) == 0
        assert await WaypointRow.all().count() == 120 and box.archive.parts == []
        monkeypatch.undo()
        assert await box.move(2) == 120


@pytest.mark.asyncio
async def test_a_damaged_file_is_trouble_of_the_store_and_fails_the_recount(store_url: str, tmp_path: Path) -> None:
    async with archive_box(store_url, tmp_path) as box:
        await box.store(*TWO_DAYS)
        await box.move(2)
        box.archive.file(box.archive.parts[0]).write_bytes(b"PAR1 no more")
        with pytest.raises(StoreError):
            await box.journal.track(box.heads[1], vehicle_id=1)
        with pytest.raises(DamagedPart):
            await recount(box.folder)


@pytest.mark.asyncio
@pytest.mark.parametrize("damage", ["torn", "gone"])
async def test_a_damaged_file_holds_back_nobody_who_brings_late_data_and_is_known_until_it_is_mended(
    store_url: str, tmp_path: Path, damage: str
) -> None:
    async with archive_box(store_url, tmp_path) as box:
        await box.store(*TWO_DAYS)
        await box.move(2)
        first = box.archive.parts[0]
        file = box.archive.file(first)
        whole = file.read_bytes()
        if damage == "torn":
            file.write_bytes(whole[:100])
        else:
            file.unlink()
        day = T0 // DAY_S
        assert await box.journal.instants(box.heads[1], day, 1) == []
        assert len(await box.journal.instants(box.heads[1], day + 1, 1)) == 20
        assert list(box.archive.damaged) == [first]
        with pytest.raises(DamagedPart, match="day=2024-10-04"):
            await box.archive.between(1, T0, T0 + 60)
        file.write_bytes(whole)
        assert len(await box.journal.instants(box.heads[1], day, 1)) == 20
        assert box.archive.damaged == {}


@pytest.mark.asyncio
async def test_a_destination_that_keeps_old_rows_back_is_named_also_when_it_is_turned_off(
    store_url: str, tmp_path: Path
) -> None:
    async with archive_box(store_url, tmp_path) as box:
        await box.store(*TWO_DAYS)
        async with box.database.writing():
            await DestinationRow.create(id=7, name="csgt", kind="waypoints", url="", enabled=False)
            await SpanRow.create(id=1, destination_id=7, after_id=0, cursor=30, up_to_id=50)
        assert await box.move(2) == 30
        assert box.archiver.held == [Held("csgt", False, (T0 + 300) * 1000)]
        async with box.database.writing():
            await SpanRow.filter(id=1).update(cursor=50)
        assert await box.move(2) == 90 and box.archiver.held == []


@pytest.mark.asyncio
async def test_a_big_day_becomes_several_files(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archiving, "CHUNK_ROWS", 25)
    monkeypatch.setattr(archiving, "BATCH", 10)
    async with archive_box(store_url, tmp_path) as box:
        await box.store(*TWO_DAYS)
        assert await box.move(2) == 120
        assert [part.rows for part in box.archive.parts] == [30, 30, 30, 30]
        again = Archive(tmp_path)
        await again.load()
        assert again.parts == box.archive.parts
        assert json.dumps(await balanced(box))
