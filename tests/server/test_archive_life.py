"""A living box over its archive: late doubles are recognised, tracks go on, the sums balance over restarts."""

import argparse
import sqlite3
import time
from pathlib import Path

import pytest

from actors.kernel.clock import system_now
from actors.retention import Done
from protocols.times import DAY_S
from server.retention import make_retention
from server.verbs import archive
from storage.archive import Archive, day_name
from storage.audit import read_running, recount
from storage.ids import load_ids
from storage.models import AuditRow, WaypointRow
from storage.waypoints import WaypointJournal
from tests.server.living_box import living_box, settings_for
from tests.server.test_house import Tracker, bring
from tests.storage.blank import open_blank
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_late_doubles_of_an_archived_day_are_recognised(store_url: str, tmp_path: Path) -> None:
    await bring(store_url, tmp_path)
    settings = settings_for(tmp_path, store_url)
    t0 = int(time.time()) // DAY_S * DAY_S - 2 * DAY_S
    async with living_box(settings) as ports:
        await Tracker(ports["amqp"]).send("29A12345", t0, t0 + 10, t0 + 9000)
    async with opened(store_url) as (database, writer):
        files = Archive(settings.server.data_dir)
        await files.load()
        ids = await load_ids(database)
        retention = make_retention(settings.retention, database, files, lambda: system_now() + DAY_S, writer, ids)
        assert await retention.run(t0 + 9 * DAY_S, False, "an") == Done(3, 0, 0)
        assert await WaypointRow.all().count() == 0
    for _ in range(2):
        async with living_box(settings) as ports:
            await Tracker(ports["amqp"]).send("29A12345", t0, t0 + 10, t0 + 20, t0 + 9000)
    async with opened(store_url) as (database, _):
        sums = await read_running()
        assert sums == await recount(settings.server.data_dir) and sums.balanced
        assert sums.waypoints == {"received": 11, "stored": 4, "duplicate": 7, "refused": 0}
        files = Archive(settings.server.data_dir)
        await files.load()
        row = await WaypointRow.get()
        assert row.id == 4 and row.prev == 3
        track = await WaypointJournal(database, files).track(4)
        assert [point.time_s - t0 for point in track] == [0, 10, 9000, 20]


@pytest.mark.asyncio
async def test_a_running_server_archives_when_it_is_asked(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/var/trambox.db"
    (tmp_path / "var").mkdir()
    await (await open_blank(tmp_path / "var")).close()
    await bring(url, tmp_path)
    settings = settings_for(tmp_path, url)
    t0 = int(time.time()) // DAY_S * DAY_S - 2 * DAY_S
    async with living_box(settings) as ports:
        await Tracker(ports["amqp"]).send("29A12345", t0, t0 + 10)
    with sqlite3.connect(tmp_path / "var" / "trambox.db") as old:
        old.execute("UPDATE waypoints SET received_ms = received_ms - 86400000")
    async with living_box(settings):
        by_api = await archive.run(settings, argparse.Namespace(until=None, expire=True))
        assert by_api == 0
        again = await archive.run(settings, argparse.Namespace(until=day_name(t0 + DAY_S), expire=False))
        assert again == 0
    async with opened(url):
        assert await WaypointRow.all().count() == 0
        assert (await recount(settings.server.data_dir)) == await read_running()
        assert (await AuditRow.filter(action="archive").count()) == 2
