"""What a batch leaves behind: nothing that only the collector of garbage could take away.

At 60,000 waypoints a second such a leftover costs pauses of 60 ms, several times a second.
"""

import gc
from pathlib import Path

import pytest

from storage.writer import Unit
from tests.actors.waypoint_door import NOW_S, body, door


def units_alive() -> int:
    return sum(type(each) is Unit for each in gc.get_objects())


@pytest.mark.asyncio
async def test_a_stored_batch_does_not_wait_for_the_collector(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        await d.send(body("29A1", NOW_S))
        gc.collect()
        gc.disable()
        try:
            before = units_alive()
            for second in range(1, 9):
                await d.send(body("29A1", NOW_S + second), body("29A2", NOW_S + second))
            assert len(d.rows) == 17
            assert units_alive() <= before + 1
        finally:
            gc.enable()
