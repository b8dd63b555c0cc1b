"""The past of single actors, read from the real store."""

import asyncio
from pathlib import Path

import pytest

from actors.recovery import ActorJournal
from protocols.formats.ufms import build_waypoint
from protocols.waypoint import Waypoint
from storage.writer import Unit
from tests.actors.station_kit import NOON_S
from tests.actors.yard import PLATES, Yard, open_yard

pytestmark = pytest.mark.asyncio


def journal(yard: Yard) -> ActorJournal:
    return ActorJournal(yard.bridge.host, yard.files, yard.waypoints, yard.world.tracks, yard.writer.flush)


async def test_a_track_whose_newest_row_is_on_its_way_to_the_disk_is_read_whole(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        for second in range(3):
            await yard.drive(PLATES[0], NOON_S + second, 50.0)
        track = yard.world.tracks.by_id[1]
        unit, seq = Unit(), yard.ids.take("waypoints")
        body = build_waypoint(Waypoint(PLATES[0], "", 50.0, NOON_S + 3, 105.8, 21.0, None, None, None, None))
        unit.add("waypoints", (seq, track.head, 1, NOON_S + 3, NOON_S * 1000, 1, body))
        track.head = seq
        async with yard.database.pen:
            yard.writer.add(unit)
            reading = asyncio.create_task(journal(yard)._batch(yard.world.vehicles[1], 0))
            await asyncio.sleep(0.05)
            assert not reading.done()
        assert [message.seq for message in await reading] == [1, 2, 3, 4]


async def test_an_actor_that_was_never_saved_has_no_snapshot(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:

        async def ask() -> None:
            for actor in yard.registry:
                assert await journal(yard).snapshot(actor) == (0, None)

        await yard.in_trio(ask)


async def test_a_stations_own_files_are_read_in_their_order_and_nobody_elses(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        for slot in range(3):
            await yard.upload("TB_A", NOON_S + 300 * slot, 5.0)
            await yard.upload("TB_B", NOON_S + 300 * slot, 5.0)
        messages = await journal(yard)._batch(yard.world.stations["TB_B"], 2)
        assert [message.seq for message in messages] == [4, 6]
