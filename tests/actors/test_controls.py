"""What an operator's click does, over the bridge and the real store."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from actors.controls import ActorControls
from actors.kernel.actor import Intensity
from actors.kernel.services import Services
from protocols.vocabulary import ActorState
from storage.models import ActorRow, ReadingRow
from tests.actors.station_kit import NOON_S
from tests.actors.yard import Yard, open_yard, reopened

pytestmark = pytest.mark.asyncio


async def with_controls(yard: Yard, act: Callable[[ActorControls], Awaitable[None]]) -> None:
    """Call from the host loop, as the console does, while trio runs."""
    services = Services(yard.now, Intensity(), lambda service: None, lambda crash: None)
    controls = ActorControls(yard.now, yard.bridge.guest, yard.registry, yard.supervisor, services, yard.writer)

    async def main() -> None:
        async def on_host() -> None:
            await act(controls)

        await yard.bridge.host(on_host)

    await yard.in_trio(main)


async def test_a_stop_and_a_start_lose_and_double_nothing_of_what_came_meanwhile(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.upload("TB_A", NOON_S, 5.0)

        async def act(controls: ActorControls) -> None:
            stopped = await controls.stop("station:TB_A", "lan")
            assert stopped.state is ActorState.STOPPED
            await yard.upload("TB_A", NOON_S + 300, 6.0)
            await yard.upload("TB_A", NOON_S + 600, 7.0)
            started = await controls.start("station:TB_A", "lan")
            assert (started.state, started.reread, started.lost) == (ActorState.RUNNING, 3, 0)

        await with_controls(yard, act)
        await yard.writer.flush()
        assert [row.value for row in await ReadingRow.all().order_by("id")] == [5.0, 6.0, 7.0]


async def test_a_stop_is_durable_and_a_start_takes_it_back(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:

        async def stop(controls: ActorControls) -> None:
            await controls.stop("station:TB_A", "lan")

        await with_controls(yard, stop)
        assert (await ActorRow.get(id="station:TB_A")).stopped_by == "lan"
    async with reopened(tmp_path) as after:
        assert after.world.stations["TB_A"].state is ActorState.STOPPED

        async def start(controls: ActorControls) -> None:
            await controls.start("station:TB_A", "minh")

        await with_controls(after, start)
        assert (await ActorRow.get(id="station:TB_A")).stopped_by == ""


async def test_a_vehicles_restart_reads_its_track_again_and_ends_in_the_same_state(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        for second in range(0, 60, 5):
            await yard.drive("29A00001", NOON_S + second, 60.0)
        before = yard.world.vehicles[1].snapshot()

        async def act(controls: ActorControls) -> None:
            assert (await controls.restart("vehicle:29A00001", "lan")).reread == 12

        await with_controls(yard, act)
        assert yard.world.vehicles[1].snapshot() == before


async def test_an_unknown_actor_is_named_in_the_error(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:

        async def act(controls: ActorControls) -> None:
            with pytest.raises(KeyError, match="station:NOBODY"):
                await controls.stop("station:NOBODY", "lan")

        await with_controls(yard, act)
