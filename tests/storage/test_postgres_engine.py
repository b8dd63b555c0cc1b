"""The engine of a real PostgreSQL: types through COPY, and connections that break at the worst moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from storage import writer as writer_module
from storage.database import Database
from storage.models import CounterRow, FlipRow, ViolationRow
from storage.postgres_engine import PostgresEngine, numbered
from storage.writer import StoreError, Transaction, Unit, Writer
from tests.storage.stores import opened
from tests.storage.wire_cutter import WireCutter

AWAIT_S = 20


def flip(number: int) -> Unit:
    unit = Unit(rows={"flips": [(number, "station:A", "fresh", "late", 1.5, "")]})
    unit.count("flips")
    return unit


@asynccontextmanager
async def wired(url: str) -> AsyncIterator[tuple[WireCutter, Writer, Database]]:
    """A writer whose connection goes over a wire that can be cut; the database beside it has its own."""
    async with opened(url) as (database, _):
        wire = WireCutter(url)
        await wire.open()
        writer = Writer(PostgresEngine(wire.url), database.pen)
        await writer.open()
        try:
            yield wire, writer, database
        finally:
            await writer.close()
            await wire.close()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry at once, so that no test waits."""
    monkeypatch.setattr(writer_module, "RETRY_S", 0.05)


async def is_whole(count: int) -> None:
    """Every flip once, and counted once."""
    assert [row.id for row in await FlipRow.all().order_by("id")] == list(range(1, count + 1))
    assert (await CounterRow.get(name="flips")).value == count


def test_marks_are_numbered() -> None:
    assert numbered("UPDATE a SET b = ?, c = ? WHERE d = ?") == "UPDATE a SET b = $1, c = $2 WHERE d = $3"
    assert numbered("SELECT 1") == "SELECT 1"


@pytest.mark.asyncio
async def test_nobody_at_the_address_is_trouble_and_no_crash() -> None:
    with pytest.raises(StoreError) as failed:
        await PostgresEngine("postgres://nobody:word@127.0.0.1:1/none").open()
    assert not failed.value.permanent


@pytest.mark.asyncio
async def test_json_and_booleans_arrive_as_such(postgres_url: str) -> None:
    async with opened(postgres_url) as (_, writer):
        await writer.store(
            Unit(rows={"violations": [(1, 1, "speed", 5, None, False, '{"v_kmh": 91.5, "a": "ổ"}', "")]})
        )
        row = await ViolationRow.get(id=1)
        assert (row.detail, row.closed, row.end_s) == ({"v_kmh": 91.5, "a": "ổ"}, False, None)


@pytest.mark.asyncio
async def test_a_commit_whose_answer_is_lost_is_not_made_twice(postgres_url: str) -> None:
    async with wired(postgres_url) as (wire, writer, _):
        await writer.settle(flip(1))
        wire.cut_at, wire.let_through = b"COMMIT", True
        await asyncio.wait_for(writer.settle(flip(2)), AWAIT_S)
        await asyncio.wait_for(writer.settle(flip(3)), AWAIT_S)
        assert wire.cuts == 1
        assert writer.refused == 0
        await is_whole(3)


@pytest.mark.asyncio
async def test_a_commit_that_did_not_arrive_is_made_again(postgres_url: str) -> None:
    async with wired(postgres_url) as (wire, writer, _):
        wire.cut_at, wire.let_through = b"COMMIT", False
        await asyncio.wait_for(writer.settle(flip(1)), AWAIT_S)
        assert wire.cuts == 1
        await is_whole(1)


@pytest.mark.asyncio
async def test_a_unit_that_may_fail_is_told_stored_where_only_the_answer_was_lost(postgres_url: str) -> None:
    async with wired(postgres_url) as (wire, writer, _):
        wire.cut_at, wire.let_through = b"COMMIT", True
        await asyncio.wait_for(writer.store(flip(1)), AWAIT_S)
        await is_whole(1)


@pytest.mark.asyncio
async def test_a_connection_that_breaks_in_the_middle_of_rows_is_opened_again(postgres_url: str) -> None:
    async with wired(postgres_url) as (wire, writer, _):
        wire.cut_at, wire.let_through = b"COPY", True
        await asyncio.wait_for(writer.settle(flip(1)), AWAIT_S)
        assert wire.cuts == 1
        await is_whole(1)


@pytest.mark.asyncio
async def test_units_wait_while_the_server_is_away_and_are_stored_when_it_is_back(postgres_url: str) -> None:
    async with wired(postgres_url) as (wire, writer, _):
        troubled, recovered = asyncio.Event(), asyncio.Event()
        writer.on_trouble = lambda error: troubled.set()
        writer.on_recovered = recovered.set
        await wire.close()
        waiting = [asyncio.ensure_future(writer.settle(flip(number))) for number in (1, 2, 3)]
        await asyncio.wait_for(troubled.wait(), AWAIT_S)
        assert not any(task.done() for task in waiting)
        await wire.open()
        await asyncio.wait_for(asyncio.gather(*waiting), AWAIT_S)
        await asyncio.wait_for(recovered.wait(), AWAIT_S)
        await is_whole(3)


@pytest.mark.asyncio
async def test_text_with_a_nul_is_refused_for_good(postgres_url: str) -> None:
    engine = PostgresEngine(postgres_url)
    await engine.open()
    with pytest.raises(StoreError) as refused:
        await engine.commit(Transaction({"flips": [(1, "station:\0", "a", "b", 1.0, "")]}, {}, []))
    assert refused.value.permanent
    await engine.commit(Transaction({"flips": [(1, "station:A", "a", "b", 1.0, "")]}, {}, []))
    await engine.close()


@pytest.mark.asyncio
async def test_text_longer_than_its_column_is_refused_for_good(postgres_url: str) -> None:
    engine = PostgresEngine(postgres_url)
    await engine.open()
    with pytest.raises(StoreError) as refused:
        await engine.commit(Transaction({"flips": [(1, "s" * 129, "a", "b", 1.0, "")]}, {}, []))
    assert refused.value.permanent
    await engine.close()


@pytest.mark.asyncio
async def test_a_transaction_the_server_never_heard_of_was_not_committed(postgres_url: str) -> None:
    """A server that falls before it wrote anything of a transaction starts again behind its number."""
    engine = PostgresEngine(postgres_url)
    await engine.open()
    await engine.commit(Transaction({"flips": [(1, "station:A", "a", "b", 1.0, "")]}, {}, []))
    assert await engine.was_committed()
    engine._in_doubt = str(1 << 40)
    assert not await engine.was_committed()
    await engine.close()
