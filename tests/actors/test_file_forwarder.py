"""The file forwarder's patience, in virtual time, against the real store and a sender that obeys the protocol."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
import trio
from typing_extensions import override

from actors.counters import Counters
from actors.file_forwarder import FileForwarder
from protocols.errors import DeliveryError
from protocols.vocabulary import DeliveryState
from storage.database import Database, sqlite_path
from storage.models import OutFileRow
from storage.sqlite_engine import SqliteEngine
from storage.writer import StoreError, Transaction, Unit, Writer
from tests.actors.host_loop import HostLoop
from tests.storage.blank import open_blank

HOURS_S = (3600, 7200, 10800)


@dataclass
class Ministry:
    """Takes files, or refuses with `trouble`; remembers when it was asked."""

    trouble: DeliveryError | None = None
    asked_s: list[float] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    closed: int = 0
    unwanted: str = ""

    async def open(self) -> None:
        self.asked_s.append(trio.current_time())
        if self.trouble is not None:
            raise self.trouble

    async def deliver(self, name: str, body: bytes) -> int:
        if name == self.unwanted:
            raise DeliveryError("553 name not allowed", permanent=True)
        self.delivered.append(name)
        return len(body)

    async def close(self) -> None:
        self.closed += 1


class FullableEngine(SqliteEngine):
    """The real engine, on a disk that can be full."""

    failures = 0

    @override
    async def commit(self, transaction: Transaction) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreError("disk short", full=True)
        await super().commit(transaction)


@dataclass
class House:
    """What stands around the forwarder."""

    host: HostLoop
    database: Database
    engine: FullableEngine
    writer: Writer
    ministry: Ministry
    forwarder: FileForwarder

    def states(self) -> list[str]:
        """The stored state of each file."""
        rows: list[str] = self.host.run(_states)
        return rows


async def _states() -> list[str]:
    return [row.state for row in await OutFileRow.all().order_by("id")]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    host, ministry, counters = HostLoop(), Ministry(), Counters()
    database = host.run(lambda: open_blank(tmp_path))
    path = sqlite_path(database.url)
    assert path is not None
    engine = FullableEngine(path)
    writer = Writer(engine, database.pen)
    writer.on_stored = counters.stored
    host.run(writer.open)
    unit = Unit()
    for number, hour_s in enumerate(HOURS_S, 1):
        unit.add("outfiles", (number, 1, 1, hour_s, 1, f"{hour_s}.txt", b"x", 0, "waiting", 0, None, "", ""))
        unit.count("destination.bo.due")
        unit.count("destination.bo.waiting")
    host.run(lambda: writer.store(unit))
    forwarder = FileForwarder(
        "bo", 1, 600.0, lambda: 0.0, writer, lambda medium: ministry, lambda station: "nuoc", host, counters.get
    )
    yield House(host, database, engine, writer, ministry, forwarder)
    host.run(writer.close)
    host.run(database.close)
    host.close()


async def forward_for(house: House, seconds: float) -> None:
    """Let it run for so long."""
    with trio.move_on_after(seconds):
        await house.forwarder.run(lambda: None)


@pytest.mark.trio
async def test_the_first_retry_comes_after_a_second_and_the_delay_doubles_to_a_minute(
    house: House, autojump_clock: trio.testing.MockClock
) -> None:
    house.ministry.trouble = DeliveryError("down")
    await forward_for(house, 300)
    asked_s = house.ministry.asked_s
    gaps = [round(after - before) for before, after in pairwise(asked_s)]
    assert gaps[:8] == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.trio
async def test_after_a_day_of_outage_it_still_tries_each_minute_and_then_delivers_the_newest_hour_first(
    house: House, autojump_clock: trio.testing.MockClock
) -> None:
    house.ministry.trouble = DeliveryError("down")
    await forward_for(house, 86_400)
    assert len(house.ministry.asked_s) > 1400
    house.ministry.trouble = None
    await forward_for(house, 61)
    assert house.ministry.delivered == ["10800.txt", "7200.txt", "3600.txt"]
    assert house.states() == ["forwarded"] * 3


@pytest.mark.trio
async def test_a_refusal_for_good_calls_for_a_human_and_is_tried_on(
    house: House, autojump_clock: trio.testing.MockClock
) -> None:
    house.ministry.trouble = DeliveryError("530 login incorrect", permanent=True)
    await forward_for(house, 10)
    view = house.forwarder.view()
    assert (view.state, view.queued, view.last_error) == (DeliveryState.REFUSED, 3, "530 login incorrect")
    house.ministry.trouble = None
    await forward_for(house, 61)
    view = house.forwarder.view()
    assert (view.state, view.queued, view.last_error) == (DeliveryState.CURRENT, 0, "")


@pytest.mark.trio
async def test_a_file_that_the_receiver_will_not_have_holds_up_no_other(
    house: House, autojump_clock: trio.testing.MockClock
) -> None:
    house.ministry.unwanted = f"{max(HOURS_S)}.txt"
    await forward_for(house, 30)
    view = house.forwarder.view()
    assert (view.due, view.forwarded, view.queued, view.refused) == (3, 2, 0, 1)
    assert view.state is DeliveryState.REFUSED
    assert sorted(house.states()) == ["forwarded", "forwarded", "refused"]


@pytest.mark.trio
async def test_a_restart_gives_a_refused_file_another_chance(
    house: House, autojump_clock: trio.testing.MockClock
) -> None:
    house.ministry.unwanted = f"{max(HOURS_S)}.txt"
    await forward_for(house, 30)
    house.ministry.unwanted = ""
    await forward_for(house, 5)
    view = house.forwarder.view()
    assert (view.forwarded, view.queued, view.refused, view.state) == (3, 0, 0, DeliveryState.CURRENT)


@pytest.mark.trio
async def test_a_login_that_failed_is_closed_too(house: House, autojump_clock: trio.testing.MockClock) -> None:
    house.ministry.trouble = DeliveryError("530 login incorrect", permanent=True)
    await forward_for(house, 10)
    assert house.ministry.closed == len(house.ministry.asked_s)


@pytest.mark.trio
async def test_a_full_disk_holds_the_receipt_and_repeats_no_delivery(
    house: House, autojump_clock: trio.testing.MockClock
) -> None:
    house.engine.failures = 2
    await forward_for(house, 5)
    assert house.ministry.delivered == ["10800.txt", "7200.txt", "3600.txt"]
    assert house.states() == ["forwarded"] * 3
