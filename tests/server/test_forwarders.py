"""All ways out: whoever asks how destinations stand is told of each, whatever an import is doing to it."""

import asyncio
from pathlib import Path

import pytest

from actors.latency import Latency
from protocols.vocabulary import DeliveryState
from server.forwarders import Forwarders
from storage.models import DestinationRow
from storage.writer import Unit
from tests.actors.yard import Yard, open_yard, reopened

NAMES = ["bo", "csgt"]


def forwarders_of(yard: Yard) -> Forwarders:
    return Forwarders(
        yard.now, yard.bridge.host, yard.writer, yard.ids, yard.world, yard.waypoints, lambda: 0, yard.counters.get
    )


@pytest.mark.asyncio
async def test_a_destination_is_never_missing_while_an_import_changes_it(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        forwarders = forwarders_of(yard)

        async def states(**enabled: bool) -> list[DeliveryState]:
            """Import, look at every turn of the loop, and give how they stand in the end."""
            async with yard.database.writing():
                for name, kind in zip(NAMES, ("files", "waypoints"), strict=True):
                    row = {"kind": kind, "url": "amqp://u:p@127.0.0.1:1/x", "enabled": enabled[name]}
                    await DestinationRow.update_or_create(row, name=name)
            await yard.world.refresh()
            forwarders.let_go()
            made = asyncio.create_task(forwarders.make_missing())
            while not made.done():
                assert sorted(forwarders.views()) == NAMES
                await asyncio.sleep(0)
            await made
            return [forwarders.views()[name]().state for name in NAMES]

        current, off = DeliveryState.CURRENT, DeliveryState.DISABLED
        assert await states(bo=True, csgt=False) == [current, off]
        assert await states(bo=False, csgt=True) == [off, current]
        assert await states(bo=True, csgt=True) == [current, current]


@pytest.mark.asyncio
async def test_a_restart_shows_how_long_today_s_deliveries_took(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        async with yard.database.writing():
            await DestinationRow.create(name="csgt", kind="waypoints", url="amqp://u:p@127.0.0.1:1/x")
        told_s = []
        for name in NAMES:
            latency, unit = Latency(600.0, name), Unit()
            latency.add(7.0, 9, yard.now())
            latency.keep(unit, yard.now())
            await yard.writer.store(unit)
            told_s.append(latency.percentile(0.5, yard.now()))
    async with reopened(tmp_path) as yard:
        forwarders = forwarders_of(yard)
        await forwarders.make_missing()
        views = [forwarders.views()[name]() for name in NAMES]
        assert [view.p50_s for view in views] == [view.p99_s for view in views] == told_s != [None, None]


@pytest.mark.asyncio
async def test_an_import_gives_a_running_forwarder_its_new_deadline(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        forwarders = forwarders_of(yard)

        async def deadline_s(imported: int) -> float | None:
            async with yard.database.writing():
                row = {"kind": "waypoints", "url": "amqp://u:p@127.0.0.1:1/x", "deadline_s": imported}
                await DestinationRow.update_or_create(row, name="csgt")
            await yard.world.refresh()
            assert forwarders.let_go() == []
            await forwarders.make_missing()
            return forwarders.views()["csgt"]().deadline_s

        assert [await deadline_s(120), await deadline_s(30)] == [120, 30]
