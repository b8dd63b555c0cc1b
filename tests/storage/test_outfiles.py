"""The outbox on both engines: what a destination is owed, the newest hour first."""

from typing import Any

import pytest

from storage.outfiles import BATCH, waiting_files
from storage.writer import Unit
from tests.storage.stores import opened


def outfile(number: int, hour_s: int, version: int = 1, *, state: str = "waiting", destination: int = 1) -> Any:
    return (number, destination, 1, hour_s, version, "x.txt", b"x", 0, state, 0, None, "", "")


@pytest.mark.asyncio
async def test_the_newest_hour_goes_first_and_its_versions_in_order(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        rows = [outfile(1, 3600), outfile(2, 7200, 2), outfile(3, 7200, 1), outfile(4, 3600)]
        await writer.store(Unit(rows={"outfiles": rows}))
        assert [row.id for row in await waiting_files(1)] == [3, 2, 1, 4]


@pytest.mark.asyncio
async def test_what_was_forwarded_or_is_anothers_is_not_owed(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        rows = [outfile(1, 3600, state="forwarded"), outfile(2, 3600, destination=2), outfile(3, 3600)]
        await writer.store(Unit(rows={"outfiles": rows}))
        assert [row.id for row in await waiting_files(1)] == [3]


@pytest.mark.asyncio
async def test_a_long_outbox_is_read_in_batches(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(Unit(rows={"outfiles": [outfile(number, number) for number in range(1, BATCH + 5)]}))
        assert len(await waiting_files(1)) == BATCH
