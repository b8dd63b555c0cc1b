"""Long work lets others have their turn."""

import asyncio

import pytest

from storage.breaths import in_breaths


@pytest.mark.asyncio
async def test_others_have_their_turn_after_each_breath_and_nothing_is_left_out() -> None:
    turns: list[int] = []
    given: list[int] = []

    async def other() -> None:
        while True:
            turns.append(len(given))
            await asyncio.sleep(0)

    task = asyncio.ensure_future(other())
    async for item in in_breaths(range(10), breath=4):
        given += [item]
    task.cancel()
    assert given == list(range(10)) and turns == [4, 8]
