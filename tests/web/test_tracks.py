"""A vehicle's track over HTTP: whole or thinned, from the table and the archive alike, within the scope of who asks."""

from pathlib import Path

import pytest

from protocols.times import DAY_S, iso
from storage.archiving import Archiver
from storage.ids import load_ids
from storage.models import CounterRow, ProviderRow, UserRow
from storage.sqlite_engine import SqliteEngine
from storage.writer import Writer
from tests.web.drive import MIDNIGHT_S, keep_day
from tests.web.house import PASSWORDS, House
from tests.web.stored import keep_waypoint

DAY = {"from": iso(MIDNIGHT_S), "to": iso(MIDNIGHT_S + DAY_S - 1)}
TRACK = "/api/v1/vehicles/29B00001/track"


@pytest.mark.asyncio
async def test_a_day_of_2880_positions_is_told_whole_with_limits_and_defects(house: House) -> None:
    house.heads[1] = await keep_day()
    async with house.client() as client:
        told = (await client.get(TRACK, params=DAY)).json()
    assert told["count"] == len(told["offset_s"]) == 2880 and told["bucket_s"] is None and told["unplaced"] == 5
    assert told["offset_s"][:2] == [0, 30] and told["drivers"] == ["790012345678"]
    assert told["faults"][0] == [499, ["swapped_axes"]]
    assert set(told["limit_kmh"]) == {50.0, None}


@pytest.mark.asyncio
async def test_a_longer_period_keeps_its_peak_and_its_defects(house: House) -> None:
    house.heads[1] = await keep_day()
    async with house.client() as client:
        told = (await client.get(TRACK, params={**DAY, "points": "200"})).json()
        far = await client.get(TRACK, params={"from": iso(MIDNIGHT_S - 100 * DAY_S), "to": iso(MIDNIGHT_S)})
    assert told["count"] == 2880 and len(told["offset_s"]) < 320 and told["bucket_s"] > 0
    assert max(told["speed_kmh"]) == pytest.approx(78.1) and len(told["faults"]) == 5
    assert far.status_code == 400 and "93 days" in far.json()["detail"]


@pytest.mark.asyncio
async def test_a_track_reads_the_same_from_the_table_and_from_the_archive(house: House, tmp_path: Path) -> None:
    house.heads[1] = await keep_day(600)
    await CounterRow.create(name="seen", value=600)
    raw = "/api/v1/vehicles/29B00001/waypoints"
    async with house.client() as client:
        before = [(await client.get(path, params=DAY)).json() for path in (TRACK, raw)]
        writer = Writer(SqliteEngine(tmp_path / "trambox.db"), house.database.pen)
        await writer.open()
        try:
            archiver = Archiver(house.database, house.archive, writer, await load_ids(house.database), "seen")
            assert await archiver.move((MIDNIGHT_S + 300 * 30 + 2) * 1000, MIDNIGHT_S * 1000) == 300
        finally:
            await writer.close()
        assert [(await client.get(path, params=DAY)).json() for path in (TRACK, raw)] == before
        # what cannot be read is said, never left out
        house.archive.file(house.archive.parts[0]).write_bytes(b"PAR1")
        broken = await client.get(TRACK, params=DAY)
        assert broken.status_code == 503 and "day=2025-11-19" in broken.json()["detail"]


@pytest.mark.asyncio
async def test_messages_come_by_page_and_those_with_defects_alone(house: House) -> None:
    house.heads[1] = await keep_day(1200)
    path = "/api/v1/vehicles/29B00001/waypoints"
    async with house.client() as client:
        page = await client.get(path, params={**DAY, "limit": "100", "offset": "1150"})
        faulty = await client.get(path, params={**DAY, "faulty": "true"})
        whole = await client.get(path, params=DAY)
    assert len(page.json()) == 50 and page.headers["X-Total-Count"] == "1200" and len(whole.json()) == 1200
    assert [row["faults"] for row in faulty.json()] == [["swapped_axes"]] * 2 and faulty.headers["X-Total-Count"] == "2"


@pytest.mark.asyncio
async def test_a_company_and_a_provider_see_only_their_own_track(house: House) -> None:
    await ProviderRow.create(id=1, username="gps1", password_hash="")
    await ProviderRow.create(id=2, username="gps2", password_hash="")
    for name, kind, whose in (
        ("song", "company", "Vận tải Sông Hồng"), ("khac", "company", "Hãng khác"), ("gps1", "provider", "gps1"),
    ):  # fmt: skip
        PASSWORDS.setdefault(name, f"{name}-word")
        await UserRow.create(
            name=name,
            role="viewer",
            password_hash=f"plain:{name}-word",
            created_ms=1,
            scope_kind=kind,
            scope_name=whose,
        )
    await keep_waypoint(1, 0, MIDNIGHT_S + 10, MIDNIGHT_S + 12)
    house.heads[1] = 1
    for name, expected in (("song", 200), ("gps1", 200), ("khac", 404)):
        async with house.client(name) as client:
            for path in ("track", "waypoints", "violations"):
                answer = await client.get(f"/api/v1/vehicles/29B00001/{path}", params=DAY)
                assert answer.status_code == expected, (name, path)
            assert (await client.get("/vehicles/29B00001")).status_code == expected
    async with house.client("gps1") as client:
        assert (await client.get(TRACK, params=DAY)).json()["count"] == 1
