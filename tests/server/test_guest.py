"""The trio half of the box goes on living whatever the store does."""

import asyncio
from pathlib import Path

import pytest

from actors.kernel.loops import run_guest
from server.app import open_house
from tests.server.living_box import settings_for

LOOKS_S = 1.5
"""By then the first look into the store is under way."""


@pytest.mark.asyncio
async def test_a_store_that_does_not_answer_stops_no_sign_of_life(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    lived, looked = asyncio.Event(), asyncio.Event()

    def turning() -> None:
        if looked.is_set() and loop.time() > begun + LOOKS_S:
            lived.set()

    async def never() -> None:
        looked.set()
        await asyncio.Event().wait()

    async with open_house(settings_for(tmp_path)) as (house, *_), asyncio.timeout(20):
        await run_guest(lambda: house.guest.live([], {}, lived.wait, turning, never))
    assert lived.is_set()
