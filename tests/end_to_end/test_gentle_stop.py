"""SIGTERM under load: the box ends what it has begun, keeps what it acknowledged, and has nothing to read again."""

import asyncio
import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import aioftp
import pytest

from protocols.amqp.publisher import AmqpPublisher, PublisherOptions
from tests.end_to_end.box import HOST, POLL_S, Box
from tests.end_to_end.crash_rounds import clients_of, load
from tests.end_to_end.load import Logger, Provider, Pulse
from tests.end_to_end.province import Province, province

LOAD_S = 1.5
DRAINED_S = 20.0
"""Each intake lets what is under way end for at most five seconds."""


@dataclass
class Stopped:
    """A box that was stopped under load and started once more."""

    box: Box
    loggers: list[Logger]
    pulse: Pulse
    providers: list[Provider]
    exit_code: int
    took_s: float
    sums: dict[str, object]
    recounted: dict[str, object]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Stopped:
    """Stop a box in the middle of its work, and start it again."""
    return asyncio.run(_stop_under_load(tmp_path_factory.mktemp("stop")))


async def _stop_under_load(folder: Path) -> Stopped:
    async with province() as around:
        box = Box(folder / "box")
        loggers, pulse, providers = clients_of(around)
        try:
            await box.import_inventory(around.inventory)
            await box.start()
            async with load(box, loggers, pulse, providers):
                await asyncio.sleep(LOAD_S)
                began = monotonic()
                exit_code = await box.stop()
                took_s = monotonic() - began
            sums, recounted = await box.audit(), await box.audit(recount=True)
            await box.start()
            return Stopped(box, loggers, pulse, providers, exit_code, took_s, sums, recounted)
        finally:
            await box.close()


def test_it_ends_with_0_within_its_deadline(stopped: Stopped) -> None:
    assert stopped.exit_code == 0
    assert stopped.took_s < DRAINED_S


def test_it_says_nothing_but_events(stopped: Stopped) -> None:
    assert stopped.box.unstructured_lines() == []
    assert stopped.box.events("actor_crashed", "store_trouble", "store_gave_up", "message_set_aside") == []


def test_every_acknowledged_file_is_stored(stopped: Stopped) -> None:
    kept = dict(stopped.box.rows("SELECT name, body FROM files WHERE fate = 'stored'"))
    acknowledged = [*(logger.acknowledged for logger in stopped.loggers), stopped.pulse.acknowledged]
    assert all(acknowledged)
    assert [name for files in acknowledged for name, body in files.items() if kept.get(name) != body] == []


def test_every_acknowledged_waypoint_is_stored(stopped: Stopped) -> None:
    stored = {body for (body,) in stopped.box.rows("SELECT body FROM waypoints")}
    for provider in stopped.providers:
        assert provider.acknowledged
        assert provider.acknowledged - stored == set()


def test_the_sums_balance_and_the_rows_say_the_same(stopped: Stopped) -> None:
    assert stopped.sums["balanced"] is True
    assert stopped.recounted == stopped.sums


def test_the_next_start_reads_nothing_again(stopped: Stopped) -> None:
    assert [event["messages"] for event in stopped.box.events("journal_replayed")] == [0, 0]


@pytest.mark.asyncio
async def test_nobody_is_sent_to_its_ports_afterwards(tmp_path: Path) -> None:
    box = Box(tmp_path)
    await box.start()
    assert await box.stop() == 0
    assert not (box.data_dir / "ports.json").exists()


@pytest.mark.asyncio
async def test_clients_that_only_stay_connected_do_not_hold_it_up(tmp_path: Path) -> None:
    async with province() as around, AsyncExitStack() as clients:
        box = Box(tmp_path / "box")
        clients.push_async_callback(box.close)
        await box.import_inventory(around.inventory)
        await box.start()
        await _stay_connected(box, around, clients)
        began = monotonic()
        assert await box.stop() == 0
        assert monotonic() - began < DRAINED_S


async def _stay_connected(box: Box, around: Province, clients: AsyncExitStack) -> None:
    account, provider = around.inventory.accounts[0], around.inventory.providers[0]
    ftp = aioftp.Client()
    await ftp.connect(HOST, box.ports["ftp"])
    clients.callback(ftp.close)
    await ftp.login(account.username, account.password)
    publisher = AmqpPublisher(PublisherOptions(HOST, box.ports["amqp"], provider.username, provider.password))
    await publisher.open()
    clients.push_async_callback(publisher.close)
    _, console = await asyncio.open_connection(HOST, box.ports["web"])
    clients.callback(console.close)


@pytest.mark.asyncio
async def test_sigterm_while_it_starts_is_a_gentle_stop_too(tmp_path: Path) -> None:
    box = Box(tmp_path)
    try:
        await box.launch()
        while box.alive and not (box.log.exists() and box.events("journal_replayed")):
            await asyncio.sleep(POLL_S)
        assert await box.stop() == 0
    finally:
        await box.close()


@pytest.mark.asyncio
async def test_a_second_signal_changes_nothing(tmp_path: Path) -> None:
    box = Box(tmp_path)
    await box.start()
    first = asyncio.create_task(box.stop())
    await asyncio.sleep(0)
    box.signal(signal.SIGINT)
    assert await first == 0
