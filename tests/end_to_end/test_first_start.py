"""Killed at any moment of its very first start, while tables are being made, the box starts the next time."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.end_to_end.box import POLL_S, Box

MOMENTS_S = [0.0, 0.02, 0.05, 0.1, 0.2, 0.4]
"""After the database file has appeared."""


@pytest.mark.asyncio
@pytest.mark.parametrize("moment_s", MOMENTS_S)
async def test_a_first_start_that_was_killed_is_taken_up_by_the_next(tmp_path: Path, moment_s: float) -> None:
    box = Box(tmp_path)
    try:
        for _ in range(2):
            await box.launch()
            while box.alive and not (box.data_dir / "trambox.db").exists():
                await asyncio.sleep(POLL_S / 4)
            await asyncio.sleep(moment_s * random.uniform(0.8, 1.2))
            await box.kill()
        await box.start()
        assert box.rows("SELECT name FROM users") == [("admin",)]
        assert await box.stop() == 0
    finally:
        await box.close()
    assert box.unstructured_lines() == []
