"""The same box on PostgreSQL: the whole way of a file and a waypoint, and the server stopped and started under load."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.simulator.files import StationFile
from tests.end_to_end.box import Box
from tests.end_to_end.outage import (
    CODE,
    ConsoleView,
    publish,
    running,
    send_hours,
    settled,
    station_file,
    until,
    uplink,
    waypoints,
)
from tests.end_to_end.receiver import Receiver, receiver
from tests.end_to_end.scripted_peer import ScriptedPeer, scripted_peer
from tests.end_to_end.steady_load import SteadyLoad, steady_load
from tests.rabbitmq import missing
from tests.storage.postgres_cluster import Cluster, binaries, running_cluster
from tests.storage.stores import new_database

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(180)]

RECOVERED_S = 12.0


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of the test's own."""
    programs = binaries()
    if programs is None:
        missing("postgresql")
    with running_cluster(programs) as running:
        yield running


@pytest.fixture
def empty_url(postgres_server: str) -> str:
    """A database without tables."""
    return new_database(postgres_server)


@asynccontextmanager
async def between_peers(folder: Path, url: str) -> AsyncGenerator[tuple[Box, Receiver, ScriptedPeer]]:
    """A box over a database, a ministry and an authority."""
    async with (
        receiver(folder / "peer") as ministry,
        scripted_peer() as authority,
        running(
            folder / "box", ministry.destination, authority.destination, environ={"TRAMBOX_STORAGE_URL": url}
        ) as box,
    ):
        yield box, ministry, authority


async def stored_names(box: Box, view: ConsoleView, file: StationFile) -> list[str]:
    """The names kept on the day of a file, duplicates included."""
    day = f"{file.name[-18:-14]}-{file.name[-14:-12]}-{file.name[-12:-10]}"
    return [row["name"] for row in await view.get(f"/api/v1/stations/{CODE}/files?day={day}")]


async def test_a_file_and_a_waypoint_go_the_whole_way_and_are_known_after_a_restart(
    tmp_path: Path, empty_url: str
) -> None:
    async with between_peers(tmp_path, empty_url) as (box, ministry, authority):
        view = ConsoleView(box)
        bodies = waypoints(range(20), vehicles=1)
        names = await send_hours(box, [5])
        await publish(box, bodies)
        readings = await view.get(f"/api/v1/stations/{CODE}/readings")
        assert [reading["value"] for reading in readings] == [45.0]
        assert len(await view.get("/api/v1/vehicles/89C00000/waypoints")) == 20
        await until(lambda: ministry.area.names == names and len(authority.taken) == 20)
        await settled(box, bo=1, csgt=20)

        assert await box.stop() == 0
        await box.start()
        await uplink(box).send(station_file(5))
        await publish(box, bodies + waypoints(range(20, 25), vehicles=1))
        sums = await box.audit(recount=True)
        assert sums["files"] == {"received": 2, "stored": 1, "duplicate": 1, "refused": 0}
        assert sums["waypoints"] == {"received": 45, "stored": 25, "duplicate": 20, "refused": 0}
        await settled(box, bo=1, csgt=25)
        assert (ministry.area.names, sorted(authority.taken)) == (names, sorted(waypoints(range(25), vehicles=1)))


async def test_a_store_that_goes_away_under_load_closes_the_doors_and_costs_nothing_when_it_is_back(
    tmp_path: Path, cluster: Cluster
) -> None:
    async with between_peers(tmp_path, cluster.url) as (box, _, authority), steady_load(box) as load:
        view = ConsoleView(box)
        for _ in range(2):
            await until(lambda: authority.taken)
            await _moves_on(load)
            cluster.stop()
            reasons = await view.ready_until(503)
            assert "PostgreSQL" in reasons[0] or "not readable" in reasons[0]
            await until(lambda: load.refused["ftp"] and load.refused["sftp"])
            assert all(reply.startswith("452") for reply in load.refused["ftp"])
            await until(lambda: load.heard[-1].startswith("blocked"))
            cluster.start()
            await view.ready_until(200, RECOVERED_S)
            await until(lambda: load.heard[-1] == "unblocked", RECOVERED_S)
            await _moves_on(load)
        load.stopping = True
        counted = await box.audit()
        await settled(box, csgt=counted["waypoints"]["stored"])
        assert load.bodies <= set(authority.taken)
        assert counted["waypoints"]["stored"] == len(set(authority.taken))
        listed = {entry.name for entry in (box.data_dir / CODE).rglob("*.txt")}
        assert set(load.files) <= listed
        assert box.alive
        moves = [event for event in box.events("service_moved") if event["now"] in ("backing_off", "quarantined")]
        assert moves == []


async def _moves_on(load: SteadyLoad) -> None:
    files, bodies = len(load.files), len(load.bodies)
    await until(lambda: len(load.files) > files + 6 and len(load.bodies) > bodies + 300)
