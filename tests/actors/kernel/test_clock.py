"""The one reader of the clock."""

import time

import pytest
import trio
from trio.testing import MockClock

from actors.kernel.clock import monotonic, system_now, virtual_now


def test_the_systems_clock_counts_epoch_seconds() -> None:
    before = time.time()
    assert before <= system_now() <= time.time()


def test_what_is_measured_never_runs_backwards() -> None:
    readings = [monotonic() for _ in range(100)]
    assert readings == sorted(readings)


@pytest.mark.trio
async def test_virtual_time_follows_the_mock_clock(autojump_clock: MockClock) -> None:
    now = virtual_now(1_774_000_000.0)
    assert now() == pytest.approx(1_774_000_000.0, abs=0.001)
    await trio.sleep(86_400)
    assert now() == pytest.approx(1_774_086_400.0, abs=0.01)
