"""Reads while the store is away."""

import sqlite3

import pytest

from storage.reading import reading
from storage.writer import StoreError


@pytest.mark.asyncio
@pytest.mark.parametrize("error", [ConnectionRefusedError("refused"), sqlite3.OperationalError("disk I/O error")])
async def test_an_engine_that_does_not_answer_is_a_trouble_of_the_store(error: Exception) -> None:
    @reading
    async def read() -> int:
        raise error

    with pytest.raises(StoreError, match=str(error)):
        await read()


@pytest.mark.asyncio
async def test_a_fault_of_the_program_stays_one() -> None:
    @reading
    async def read() -> int:
        raise KeyError("row")

    with pytest.raises(KeyError):
        await read()


@pytest.mark.asyncio
async def test_what_was_read_is_given_back() -> None:
    @reading
    async def read(number: int) -> int:
        return number

    assert await read(7) == 7
