"""Simulated stations against real intakes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from protocols.formats import tt10_2021
from protocols.paths import time_in_name
from server.simulator.files import StationFile
from server.simulator.inventory import Peer, WorldOptions, make_inventory
from server.simulator.parts import StationPart, Transport
from server.simulator.stations import SimulatedStation, Tally, cast_stations, run_stations, slots
from server.simulator.uplinks import UPLINKS, FtpUplink, Login, Refused, Unreachable
from tests.protocols.memory_area import MemoryArea
from tests.server.simulator.box import Box, box, running, until

START_S = 1_772_427_605.0
NOWHERE = Peer(1, "nobody", "nothing")
INVENTORY = make_inventory(WorldOptions(stations=12, vehicles=0, speed=30), NOWHERE, NOWHERE)
CODE = INVENTORY.stations[0].code
NAME = f"{CODE}_20260302120000.txt"


class HurryingClock:
    """Each look at it finds ten seconds gone: nobody ever has to wait."""

    def __init__(self) -> None:
        self._time_s = START_S

    def __call__(self) -> float:
        self._time_s += 10.0
        return self._time_s


@asynccontextmanager
async def stations(folder: Path) -> AsyncGenerator[tuple[Box, list[SimulatedStation], Tally], None]:
    tally = Tally()
    async with box(INVENTORY, folder) as there:
        yield there, cast_stations(INVENTORY, there.intakes.ftp, there.intakes.sftp, tally), tally


def times_kept(area: MemoryArea, code: str) -> list[int]:
    times = (time_in_name(place) for place in area.files if f"/{code}_" in place)
    return sorted(time_s for time_s in times if time_s is not None)


@pytest.mark.asyncio
async def test_all_stations_send_their_first_file_at_once(tmp_path: Path) -> None:
    async with stations(tmp_path) as (there, cast, tally):
        async with running(run_stations(cast, lambda: START_S)):
            speaking = {station.logger.code for station in cast if station.logger.part is not StationPart.LATE}
            await until(lambda: set(tally.sent) | set(tally.refused) == speaking)
        final = [place for place in there.area.files if not place.endswith(".tmp")]
        assert {place.split("/")[1] for place in final} == speaking
        assert not tally.refused


@pytest.mark.asyncio
async def test_what_arrives_is_whole_and_has_its_final_name(tmp_path: Path) -> None:
    async with stations(tmp_path) as (there, cast, tally):
        renaming = next(station for station in cast if getattr(station.uplink, "renames", False))
        async with running(renaming.run(HurryingClock())):
            await until(lambda: tally.sent.total() >= 3)
        kept = [(place, body) for place, body in there.area.files.items() if not place.endswith(".tmp")]
        assert len(kept) >= 3
        assert all(tt10_2021.parse(body).faults == () for _, body in kept)


@pytest.mark.asyncio
async def test_a_silent_station_sends_three_files_and_stops(tmp_path: Path) -> None:
    async with stations(tmp_path) as (there, cast, tally):
        silent = next(station for station in cast if station.logger.part is StationPart.SILENT)
        await asyncio.wait_for(silent.run(HurryingClock()), 10)
        assert tally.sent == {silent.logger.code: 3}
        assert len(times_kept(there.area, silent.logger.code)) == 3


@pytest.mark.asyncio
async def test_a_late_station_sends_several_files_together_and_loses_none(tmp_path: Path) -> None:
    async with stations(tmp_path) as (there, cast, tally):
        late = next(station for station in cast if station.logger.part is StationPart.LATE)
        async with running(late.run(HurryingClock())):
            await until(lambda: tally.sent.total() >= 10)
        times = times_kept(there.area, late.logger.code)
        assert {after - before for before, after in pairwise(times)} == {late.cadence_s}


@pytest.mark.asyncio
async def test_an_air_station_brings_its_last_hours_before_its_first_file(tmp_path: Path) -> None:
    async with stations(tmp_path) as (there, cast, tally):
        station = next(each for each in cast if each.remembered_hours)
        async with running(station.run(lambda: START_S)):
            await until(lambda: tally.sent.total() >= 5)
        hour_s = int(START_S - 10) // 3600 * 3600
        hours = [hour_s - 3 * 3600, hour_s - 2 * 3600, hour_s - 3600, hour_s]
        assert times_kept(there.area, station.logger.code) == [*hours, int(START_S) // 10 * 10]
        for place, body in there.area.files.items():
            records = tt10_2021.parse(body).records
            if time_in_name(place) in hours:
                assert len({record.time_s for record in records}) == 360


@pytest.mark.asyncio
async def test_files_wait_while_the_server_is_away_and_come_in_order(tmp_path: Path) -> None:
    async with stations(tmp_path) as (there, cast, tally):
        station = cast[0]
        up, down = station.uplink, FtpUplink(NOWHERE.port, Login("nobody", "nothing"), renames=False)
        station.uplink = down
        async with running(station.run(HurryingClock())):
            await until(lambda: tally.unreachable >= 3)
            station.uplink = up
            await until(lambda: tally.sent.total() >= 6)
        times = times_kept(there.area, CODE)
        assert {after - before for before, after in pairwise(times)} == {station.cadence_s}


@pytest.mark.asyncio
@pytest.mark.parametrize("transport", Transport)
@pytest.mark.parametrize("renames", [False, True])
async def test_a_refused_file_is_told_from_a_line_that_is_down(
    transport: Transport, renames: bool, tmp_path: Path
) -> None:
    async with box(INVENTORY, tmp_path) as there:
        account = INVENTORY.accounts[0]
        port = there.intakes.ftp if transport is Transport.FTP else there.intakes.sftp
        right = UPLINKS[transport](port, Login(account.username, account.password), renames)
        wrong = UPLINKS[transport](port, Login(account.username, "guess"), renames)
        with pytest.raises(Refused):
            await right.send(StationFile(NAME, b"unreadable"))
        with pytest.raises(Unreachable):
            await wrong.send(StationFile(NAME, b"x"))
        with pytest.raises(Unreachable):
            await UPLINKS[transport](NOWHERE.port, right.login, renames).send(StationFile(NAME, b"x"))
        await right.send(StationFile(NAME, b"x"))
        assert there.area.files[f"/{CODE}/2026/03/02/{NAME}"] == b"x"


@pytest.mark.asyncio
async def test_slots_are_the_full_multiples_of_the_cadence_without_a_hole() -> None:
    given = []
    async for slot_s in slots(10, 2.0, HurryingClock()):
        given.append(slot_s)
        if len(given) == 4:
            break
    first_s = int(START_S + 10) // 10 * 10
    assert given == [first_s, first_s + 10, first_s + 20, first_s + 30]
