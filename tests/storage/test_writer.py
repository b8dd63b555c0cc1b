"""The one writer: order, group commit, trouble and its end, poison; over a real engine that can be told to fail."""

import ast
import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from time import monotonic

import pytest
from typing_extensions import override

from storage import writer as writer_module
from storage.database import Database
from storage.models import CounterRow, FlipRow, RefusedUnitRow
from storage.writer import Engine, StoreError, Transaction, Unit, Writer
from tests.storage.stores import engine_for, opened

BUSY = StoreError("busy")
AWAIT_S = 20


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry at once, so that no test waits."""
    monkeypatch.setattr(writer_module, "RETRY_S", 0.02)


class MoodyEngine(Engine):
    """A real engine that fails as often as it is told, and remembers what it was asked to commit."""

    def __init__(self, engine: Engine) -> None:
        self.failures: list[StoreError] = []
        self.asked: list[list[int]] = []
        self.hold = asyncio.Event()
        self.hold.set()
        self._engine = engine

    @override
    async def open(self) -> None:
        await self._engine.open()

    @override
    async def commit(self, transaction: Transaction) -> None:
        self.asked.append([row[0] for row in transaction.rows.get("flips", [])])
        await self.hold.wait()
        if self.failures:
            raise self.failures.pop(0)
        await self._engine.commit(transaction)

    @override
    async def was_committed(self) -> bool:
        return await self._engine.was_committed()

    @override
    async def close(self) -> None:
        await self._engine.close()


@asynccontextmanager
async def moody(url: str) -> AsyncGenerator[tuple[MoodyEngine, Writer]]:
    async with opened(url) as (database, _):
        engine = MoodyEngine(engine_for(url))
        writer = Writer(engine, database.pen)
        await writer.open()
        try:
            yield engine, writer
        finally:
            engine.hold.set()
            await writer.close()


class Story:
    """Units whose callbacks are told in one list."""

    def __init__(self, writer: Writer) -> None:
        self.told: list[str] = []
        self._writer = writer

    def add(self, number: int, *, may_fail: bool = False, reason: str = "") -> None:
        unit = flip(number, reason)
        unit.count("flips.received")
        unit.stored = lambda: self.told.append(f"stored {number}")
        unit.refused = lambda error: self.told.append(f"refused {number}")
        if may_fail:
            unit.failed = lambda error: self.told.append(f"failed {number}")
        self._writer.add(unit)

    async def until(self, count: int) -> list[str]:
        until = monotonic() + AWAIT_S
        while len(self.told) < count:
            assert monotonic() < until, self.told
            await asyncio.sleep(0.005)
        return self.told


def flip(number: int, reason: str = "") -> Unit:
    return Unit(rows={"flips": [(number, "station:A", "fresh", "late", 1.5, reason)]})


async def stored_ids() -> list[int]:
    return [row.id for row in await FlipRow.all().order_by("id")]


@pytest.mark.asyncio
async def test_units_are_told_in_the_order_they_were_added_after_they_stand_in_the_store(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        story = Story(writer)
        for number in range(1, 101):
            story.add(number)
        assert await story.until(100) == [f"stored {number}" for number in range(1, 101)]
        assert await stored_ids() == list(range(1, 101))


@pytest.mark.asyncio
async def test_what_gathers_during_a_commit_is_one_commit(store_url: str) -> None:
    async with moody(store_url) as (engine, writer):
        engine.hold.clear()
        story = Story(writer)
        story.add(1)
        while not engine.asked:
            await asyncio.sleep(0)
        for number in range(2, 50):
            story.add(number)
        engine.hold.set()
        await story.until(49)
        assert engine.asked == [[1], list(range(2, 50))]


@pytest.mark.asyncio
async def test_a_unit_that_may_fail_is_told_so_and_leaves_while_the_others_wait(store_url: str) -> None:
    async with moody(store_url) as (engine, writer):
        engine.failures = [BUSY]
        story = Story(writer)
        story.add(1)
        story.add(2, may_fail=True)
        story.add(3)
        assert await story.until(3) == ["failed 2", "stored 1", "stored 3"]
        assert await stored_ids() == [1, 3]


@pytest.mark.asyncio
async def test_units_that_must_not_fail_are_tried_again_in_order_with_those_that_came_meanwhile(store_url: str) -> None:
    async with moody(store_url) as (engine, writer):
        engine.failures = [BUSY, BUSY, BUSY]
        story = Story(writer)
        writer.on_trouble = lambda error: story.add(2) if len(engine.failures) == 2 else None
        story.add(1)
        assert await story.until(2) == ["stored 1", "stored 2"]
        assert engine.asked == [[1], [1, 2], [1, 2], [1, 2]]


@pytest.mark.asyncio
async def test_trouble_and_its_end_are_told(store_url: str) -> None:
    async with moody(store_url) as (engine, writer):
        told: list[str] = []
        recovered = asyncio.Event()
        writer.on_trouble = lambda error: told.append(f"trouble {error.reason} {writer.trouble}")

        def on_recovered() -> None:
            told.append(f"recovered {writer.trouble}")
            recovered.set()

        writer.on_recovered = on_recovered
        engine.failures = [BUSY]
        story = Story(writer)
        story.add(1)
        await asyncio.wait_for(recovered.wait(), AWAIT_S)
        assert told == ["trouble busy busy", "recovered "]


@pytest.mark.asyncio
async def test_after_trouble_the_store_is_probed_though_nobody_writes(store_url: str) -> None:
    async with moody(store_url) as (engine, writer):
        recovered = asyncio.Event()
        writer.on_recovered = recovered.set
        engine.failures = [BUSY]
        with pytest.raises(StoreError):
            await writer.store(flip(1))
        await asyncio.wait_for(recovered.wait(), AWAIT_S)
        assert (await CounterRow.get(name="store.probes")).value >= 1
        assert writer.trouble == ""


@pytest.mark.asyncio
async def test_rows_wait_until_they_are_stored_or_given_back(store_url: str) -> None:
    async with moody(store_url) as (engine, writer):
        engine.hold.clear()
        engine.failures = [BUSY]
        story = Story(writer)
        story.add(1)
        story.add(2, may_fail=True)
        assert writer.waiting_rows == 2
        engine.hold.set()
        await story.until(2)
        assert writer.waiting_rows == 0


@pytest.mark.asyncio
async def test_counters_add_up(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(Unit(counters={"a": 2, "b": 1}))
        await asyncio.gather(*(writer.store(Unit(counters={"a": 3})) for _ in range(10)))
        assert dict(await CounterRow.all().values_list("name", "value")) == {"a": 32, "b": 1}


@pytest.mark.asyncio
async def test_closing_commits_what_waits(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        writer = Writer(engine_for(store_url), database.pen)
        await writer.open()
        for number in range(1, 21):
            writer.add(flip(number))
        await writer.close()
        assert await stored_ids() == list(range(1, 21))


@pytest.mark.asyncio
async def test_closing_does_not_wait_for_a_store_that_is_in_trouble(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        engine = MoodyEngine(engine_for(store_url))
        engine.failures = [BUSY] * 1000
        writer = Writer(engine, database.pen)
        await writer.open()
        writer.add(flip(1))
        await asyncio.wait_for(writer.close(), AWAIT_S)
        assert await stored_ids() == []


@pytest.mark.asyncio
async def test_a_writer_that_dies_is_told_at_once_and_raises_at_the_close(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        writer = Writer(engine_for(store_url), database.pen)
        died = asyncio.Event()
        writer.on_death = died.set
        await writer.open()

        def broken() -> None:
            raise KeyError("a bug behind the commit")

        writer.add(Unit(rows=flip(1).rows, stored=broken))
        await asyncio.wait_for(died.wait(), AWAIT_S)
        assert "a bug behind the commit" in writer.trouble
        with pytest.raises(KeyError):
            await writer.close()
        assert await stored_ids() == [1]


# ---------------------------------------------------------------------------------------------------------- poison


@pytest.mark.asyncio
async def test_a_unit_that_breaks_a_constraint_does_not_hold_up_the_others(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(flip(5))
        story = Story(writer)
        for number in range(1, 12):
            story.add(number)
        wanted = [f"{'refused' if number == 5 else 'stored'} {number}" for number in range(1, 12)]
        assert await story.until(11) == wanted
        assert await stored_ids() == list(range(1, 12))
        assert writer.trouble == ""
        assert writer.waiting_rows == 0


@pytest.mark.asyncio
async def test_a_refused_unit_is_kept_whole_with_its_reason(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(flip(1))
        story = Story(writer)
        story.add(1, reason="nước\x00\udc80")
        await story.until(1)
        (kept,) = await RefusedUnitRow.all()
        assert kept.reason
        assert ast.literal_eval(kept.content.decode()) == {
            "rows": {"flips": [(1, "station:A", "fresh", "late", 1.5, "nước\x00\udc80")]},
            "updates": [],
            "counters": {"flips.received": 1},
        }


@pytest.mark.asyncio
async def test_what_arrived_in_a_refused_unit_counts_as_refused_and_is_due_nowhere(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        unit = flip(1)
        unit.rows["flips"].extend(list(unit.rows["flips"]))
        unit.counters = {
            "waypoints.received": 3,
            "waypoints.stored": 2,
            "waypoints.duplicate": 1,
            "destination.a.due": 2,
            "destination.a.waiting": 2,
        }
        await_refused: asyncio.Future[StoreError] = asyncio.get_running_loop().create_future()
        unit.refused = await_refused.set_result
        writer.add(unit)
        assert (await asyncio.wait_for(await_refused, AWAIT_S)).permanent
        assert dict(await CounterRow.all().values_list("name", "value")) == {
            "waypoints.received": 3,
            "waypoints.refused": 3,
        }


@pytest.mark.asyncio
async def test_a_unit_that_may_fail_and_never_fits_is_told_so_alone(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(flip(2))
        story = Story(writer)
        for number in (1, 2, 3):
            story.add(number, may_fail=True)
        assert await story.until(3) == ["stored 1", "failed 2", "stored 3"]
        assert not await RefusedUnitRow.exists()


@pytest.mark.asyncio
async def test_whoever_settles_a_unit_that_never_fits_is_told(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(flip(1))
        with pytest.raises(StoreError) as refused:
            await asyncio.wait_for(writer.settle(flip(1)), AWAIT_S)
        assert refused.value.permanent


@pytest.mark.asyncio
@pytest.mark.parametrize("value", [2**70, "\udc80", object()], ids=["too great", "no text", "no value"])
async def test_a_value_that_no_column_takes_is_refused_for_good(store_url: str, value: object) -> None:
    async with opened(store_url) as (_, writer):
        bad = Unit(rows={"waypoints": [(1, 0, 1, value, 0, 1, b"")]})
        with pytest.raises(StoreError) as refused:
            await asyncio.wait_for(writer.store(bad), AWAIT_S)
        assert refused.value.permanent
        await writer.store(flip(1))


@pytest.mark.asyncio
async def test_a_missing_table_is_trouble_of_the_store_and_not_of_the_unit(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        with pytest.raises(StoreError) as failed:
            await writer.store(Unit(updates=[("UPDATE nowhere SET a = ?", (1,))]))
        assert not failed.value.permanent


# ------------------------------------------------------------------------------------------------------- fairness


@pytest.mark.asyncio
async def test_a_cold_write_waits_for_a_few_commits_of_a_busy_writer_at_most(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        done = asyncio.Event()
        feeding = asyncio.create_task(_feed(writer, done))
        most = 0
        for number in range(10):
            before = writer.commits
            await _cold_write(database, number)
            most = max(most, writer.commits - before)
        done.set()
        assert await feeding >= 5, "the hot writer starved"
        assert most <= 3


async def _cold_write(database: Database, number: int) -> None:
    async with database.writing():
        await CounterRow.create(name=f"cold {number}", value=1)


async def _feed(writer: Writer, done: asyncio.Event) -> int:
    """Keep the writer busy; returns how many commits it made meanwhile."""
    number, before = 0, writer.commits
    while not done.is_set():
        if writer.waiting_rows < 4000:
            rows = [(number + i, "vehicle:A", "fresh", "late", 1.5, "") for i in range(1, 1001)]
            number += 1000
            writer.add(Unit(rows={"flips": list(rows)}))
        await asyncio.sleep(0)
    return writer.commits - before
