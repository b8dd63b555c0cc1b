"""A line to PostgreSQL that breaks at the word COMMIT: the rows are there once, whether the word arrived or not."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest

from storage.database import Database
from storage.postgres_engine import PostgresEngine
from storage.writer import StoreError, Unit, Writer
from tests.end_to_end.line import Line

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]


@asynccontextmanager
async def written_over_a_line(url: str) -> AsyncGenerator[tuple[Writer, Line], None]:
    """A writer, behind a line."""
    database = await Database.open(url)
    line = Line()
    port = urlsplit(url).port
    assert port is not None
    line.target = port
    await line.up()
    writer = Writer(PostgresEngine(url.replace(f":{port}/", f":{line.port}/")), database.pen)
    await writer.open()
    try:
        yield writer, line
    finally:
        await writer.close()
        await line.down()
        await database.close()


async def count(url: str, table: str) -> int:
    """Rows of a table, asked past the line."""
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(f'SELECT COUNT(*) FROM "{table}"'))
    finally:
        await connection.close()


def unit(number: int) -> Unit:
    """A row that must not be written twice, and a counter that would tell."""
    made = Unit(counters={"test.rows": 1})
    made.add("spans", (number, 1, 0, 0, None))
    return made


@pytest.mark.parametrize("arrives", [True, False])
async def test_what_must_not_fail_is_written_exactly_once(postgres_url: str, arrives: bool) -> None:
    async with written_over_a_line(postgres_url) as (writer, line):
        before = await count(postgres_url, "spans")
        words = line.cut_at if arrives else line.lose_at
        words.append(b"COMMIT")
        await asyncio.wait_for(writer.settle(unit(1000 + arrives)), 10)
        assert words == []
        assert await count(postgres_url, "spans") == before + 1
        await asyncio.wait_for(writer.settle(unit(2000 + arrives)), 10)
        assert await count(postgres_url, "spans") == before + 2
        assert writer.trouble == ""


async def test_what_may_fail_is_told_the_truth_once_it_is_known(postgres_url: str) -> None:
    async with written_over_a_line(postgres_url) as (writer, line):
        before = await count(postgres_url, "spans")
        line.cut_at.append(b"COMMIT")
        await asyncio.wait_for(writer.store(unit(3000)), 10)
        assert await count(postgres_url, "spans") == before + 1
        line.lose_at.append(b"COMMIT")
        with pytest.raises(StoreError):
            await asyncio.wait_for(writer.store(unit(4000)), 10)
        assert await count(postgres_url, "spans") == before + 1
