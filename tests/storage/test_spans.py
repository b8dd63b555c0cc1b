"""The spans of a destination on both engines, as its debt writes them."""

import pytest

from actors.debt import Debt, Span
from storage.spans import load_spans
from storage.writer import Unit
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_a_debt_is_read_back_as_it_was_left(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        debt, unit = Debt(7, []), Unit()
        debt.begin(unit, 1, 100)
        debt.split(unit, 2, 150)
        debt.split(unit, 3, 180)
        debt.advance(unit, debt.spans[0], 120)
        await writer.store(unit)
        other = Unit()
        Debt(8, []).begin(other, 4, 5)
        await writer.store(other)
        read = [Span(row.id, row.after_id, row.cursor, row.up_to_id) for row in await load_spans(7)]
        assert [(s.id, s.after_id, s.cursor, s.up_to_id) for s in read] == [
            (s.id, s.after_id, s.cursor, s.up_to_id) for s in debt.spans
        ]


@pytest.mark.asyncio
async def test_a_stretch_that_was_served_is_gone(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        debt, unit = Debt(7, []), Unit()
        debt.begin(unit, 1, 100)
        debt.split(unit, 2, 150)
        debt.advance(unit, debt.spans[0], 150)
        await writer.store(unit)
        assert [(row.id, row.after_id, row.cursor, row.up_to_id) for row in await load_spans(7)] == [
            (2, 100, 150, None)
        ]
