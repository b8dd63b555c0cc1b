"""A real SIGKILL at each step of archiving and expiry; whoever starts again finds every row exactly once."""

import asyncio
import multiprocessing
import shutil
import signal
from pathlib import Path

import pytest

from storage.audit import read_running, recount
from storage.expiry import WAYPOINTS_EXPIRED
from storage.models import AuditRow, CounterRow, WaypointRow
from tests.storage.archive_box import archive_box
from tests.storage.blank import open_blank
from tests.storage.dying import die_at, whole_pass
from tests.storage.test_archiving import TWO_DAYS

LEAST_STEPS = 15


async def fill(folder: Path) -> None:
    """Two days of three vehicles, in a folder that is there."""
    await (await open_blank(folder)).close()
    async with archive_box(f"sqlite://{folder}/trambox.db", folder) as box:
        await box.store(*TWO_DAYS)


async def every_row_once(folder: Path) -> None:
    """What stands after a kill, before anything is mended."""
    async with archive_box(f"sqlite://{folder}/trambox.db", folder) as box:
        sums = await recount(folder)
        assert sums == await read_running() and sums.balanced and sums.waypoints["stored"] == 120
        expired = await CounterRow.get_or_none(name=WAYPOINTS_EXPIRED)
        ids = [row[0] for vehicle in (1, 2, 3) for row in await box.archive.since(vehicle, 0)]
        ids += [row.id for row in await WaypointRow.filter(id__gt=box.archive.floor)]
        assert len(ids) == len(set(ids)) == 120 - (0 if expired is None else expired.value)


async def through(folder: Path) -> None:
    """What stands when the pass that was cut is made again."""
    await whole_pass(folder)
    async with archive_box(f"sqlite://{folder}/trambox.db", folder) as box:
        sums = await recount(folder)
        assert sums == await read_running() and sums.waypoints["stored"] == 120
        assert box.archive.parts == [] and await WaypointRow.all().count() == 0
        assert await AuditRow.filter(action="expire").count() == 2
        box.archive.sweep()
        assert list(box.archive.folder.glob("*/*")) == []


def test_killed_at_any_step_no_row_is_lost_and_none_is_there_twice(tmp_path: Path) -> None:
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.storage.dying"])
    (tmp_path / "begin").mkdir()
    asyncio.run(fill(tmp_path / "begin"))
    step, ended = 0, -signal.SIGKILL
    while ended:
        step += 1
        folder = tmp_path / f"step-{step}"
        shutil.copytree(tmp_path / "begin", folder)
        child = processes.Process(target=die_at, args=(str(folder), step))
        child.start()
        child.join(60)
        ended = child.exitcode or 0
        assert ended in (0, -signal.SIGKILL), f"step {step} ended with {ended}"
        asyncio.run(every_row_once(folder))
        if step % 4 == 0:
            asyncio.run(through(folder))
        shutil.rmtree(folder)
    assert step > LEAST_STEPS, "the steps are not what they were"


@pytest.mark.asyncio
async def test_a_pass_that_nobody_cuts_ends_where_the_cut_ones_do(tmp_path: Path) -> None:
    await fill(tmp_path)
    await through(tmp_path)
