"""A living box over its archive: late doubles are recognised, tracks go on, the sums balance over restarts."""

import time
from pathlib import Path

import pytest

from actors.kernel.clock import system_now
from actors.retention import Done
from protocols.times import DAY_S
from server.retention import make_retention
from storage.archive import Archive
from storage.audit import read_running, recount
from storage.ids import load_ids
from storage.models import WaypointRow
from storage.waypoints import WaypointJournal
from tests.server.living_box import living_box, settings_for
from tests.server.test_house import Tracker, bring
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_late_doubles_of_an_archived_day_are_recognised(store_url: str, tmp_path: Path) -> None:
    await bring(store_url, tmp_path)
    settings = settings_for(tmp_path, store_url)
    t0 = int(time.time()) // DAY_S * DAY_S - 2 * DAY_S
    async with living_box(settings) as ports:
        await Tracker(ports["amqp"]).send("29A12345", t0, t0 + 10, t0 + 9000)
    async with opened(store_url) as (database, writer):
        archive = Archive(settings.server.data_dir)
        await archive.load()
        ids = await load_ids(database)
        retention = make_retention(settings.retention, database, archive, lambda: system_now() + DAY_S, writer, ids)
        assert await retention.run(t0 + 9 * DAY_S, False, "an") == Done(3, 0, 0)
        assert await WaypointRow.all().count() == 0
    for _ in range(2):
        async with living_box(settings) as ports:
            await Tracker(ports["amqp"]).send("29A12345", t0, t0 + 10, t0 + 20, t0 + 9000)
    async with opened(store_url) as (database, _):
        sums = await read_running()
        assert sums == await recount(settings.server.data_dir) and sums.balanced
        assert sums.waypoints == {"received": 11, "stored": 4, "duplicate": 7, "refused": 0}
        archive = Archive(settings.server.data_dir)
        await archive.load()
        row = await WaypointRow.get()
        assert row.id == 4 and row.prev == 3
        track = await WaypointJournal(database, archive).track(4)
        assert [point.time_s - t0 for point in track] == [0, 10, 9000, 20]
