"""Two lives of a file forwarder over the real loops: what the first left on its way to the store is counted once."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trio
from typing_extensions import override

from actors.counters import Counters
from actors.file_forwarder import FileForwarder
from actors.kernel.loops import Bridge, run_guest
from storage.models import OutFileRow
from storage.sqlite_engine import SqliteEngine
from storage.writer import Transaction, Unit, Writer
from tests.storage.blank import open_blank

FILES = 3


class SlowEngine(SqliteEngine):
    """The real engine; a commit begins only while `hold` is set, and `asked` says that one would like to."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.hold, self.asked = asyncio.Event(), asyncio.Event()
        self.hold.set()

    @override
    async def commit(self, transaction: Transaction) -> None:
        self.asked.set()
        await self.hold.wait()
        await super().commit(transaction)


@dataclass
class Ministry:
    """Takes every file; with the first one the store begins to hang."""

    engine: SlowEngine
    delivered: list[str] = field(default_factory=list)
    began: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self) -> None:
        pass

    async def deliver(self, name: str, body: bytes) -> int:
        if not self.delivered:
            self.engine.hold.clear()
            self.engine.asked.clear()
            self.began.set()
        self.delivered.append(name)
        return len(body)

    async def close(self) -> None:
        pass


class WatchedWriter(Writer):
    """The real writer; `added` says that it was given something."""

    added: asyncio.Event

    @override
    def add(self, unit: Unit) -> None:
        super().add(unit)
        self.added.set()


@pytest.mark.asyncio
async def test_a_life_that_ends_before_its_receipt_is_durable_leaves_it_to_be_counted_once(tmp_path: Path) -> None:
    database = await open_blank(tmp_path)
    engine, counters = SlowEngine(tmp_path / "trambox.db"), Counters()
    ministry = Ministry(engine)
    writer = WatchedWriter(engine, database.pen)
    writer.added = asyncio.Event()
    writer.on_stored = counters.stored
    await writer.open()
    due = Unit()
    for number in range(1, FILES + 1):
        due.add("outfiles", (number, 1, 1, number * 3600, 1, f"{number}.txt", b"x", 0, "waiting", 0, None, "", ""))
        due.count("destination.bo.waiting")
    await writer.store(due)
    bridge = Bridge()
    forwarder = FileForwarder(
        "bo", 1, 600.0, lambda: 0.0, writer, lambda _: ministry, lambda _: "nuoc", bridge.host, counters.get
    )

    async def receipt_on_its_way() -> None:
        await ministry.began.wait()
        await engine.asked.wait()

    async def lives() -> None:
        async with trio.open_nursery() as first:
            first.start_soon(forwarder.run, lambda: None)
            await bridge.host(receipt_on_its_way)
            first.cancel_scope.cancel()
        writer.added.clear()
        async with trio.open_nursery() as second:
            second.start_soon(forwarder.run, lambda: None)
            await bridge.host(writer.added.wait)
            engine.hold.set()
            with trio.fail_after(10):
                while counters.get("destination.bo.waiting") > 0:
                    await trio.sleep(0.01)
            second.cancel_scope.cancel()

    await run_guest(lives)
    assert [row.state for row in await OutFileRow.all()] == ["forwarded"] * FILES
    assert len(ministry.delivered) == counters.get("destination.bo.forwarded") == FILES
    assert counters.get("destination.bo.waiting") == 0
    await writer.close()
    await database.close()
