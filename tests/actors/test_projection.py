"""The readable copies behind the journal, repaired from it at the start."""

import asyncio
import shutil
from pathlib import Path

import pytest
import structlog
from typing_extensions import override

from actors.file_intake import KeptFile
from actors.projection import WATERMARK, Projection
from protocols.errors import StorageFull
from storage.models import CounterRow
from storage.rawfiles import RawFiles
from tests.actors.station_kit import NOON_S
from tests.actors.yard import open_yard, reopened

pytestmark = pytest.mark.asyncio


def copies(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder / "data") for path in (folder / "data").rglob("TB_A_*"))


async def test_a_stored_file_is_readable_under_its_station_and_day(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.upload("TB_A", NOON_S, 5.0)
        await yard.projection.settled()
        (copy,) = copies(tmp_path)
        assert copy.parts[0] == "TB_A"
        assert len(copy.parts) == 5


async def test_copies_that_a_crash_prevented_are_made_at_the_next_start(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        for at in range(3):
            await yard.upload("TB_A", NOON_S + 300 * at, 5.0)
        await yard.projection.settled()
        made = copies(tmp_path)
    shutil.rmtree(tmp_path / "data" / "TB_A")
    async with reopened(tmp_path) as after, after.database.writing():
        await CounterRow.filter(name=WATERMARK).update(value=0)
    async with reopened(tmp_path) as after:
        await after.projection.settled()
        assert copies(tmp_path) == made


async def test_something_in_the_way_of_one_station_holds_up_no_other(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        (tmp_path / "data" / "TB_A").write_bytes(b"in the way")
        await yard.upload("TB_A", NOON_S, 5.0)
        await yard.upload("TB_B", NOON_S, 5.0)
        async with asyncio.timeout(10):
            await yard.projection.settled()
        assert len(list((tmp_path / "data" / "TB_B").rglob("*.txt"))) == 1


class FailingFiles(RawFiles):
    """A tree whose first write fails as it is told."""

    def __init__(self, root: Path, failure: Exception) -> None:
        super().__init__(root)
        self.failures = [failure]

    @override
    def write(self, station: str, day: tuple[int, int, int], name: str, data: bytes) -> str:
        if self.failures:
            raise self.failures.pop()
        return super().write(station, day, name, data)


KEPT = KeptFile(1, "TB_A", (2026, 3, 10), "TB_A_20260310120000.txt", b"x", "")


async def test_a_full_disk_delays_a_copy_and_does_not_cost_it(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        files = FailingFiles(tmp_path / "full", StorageFull("disk short"))
        projection = Projection(files, yard.writer)
        await projection.open(yard.files)
        projection.add(KEPT)
        async with asyncio.timeout(10):
            while not list((tmp_path / "full").rglob("TB_A_*")):
                await asyncio.sleep(0.05)
            await projection.close()
        files.close()


async def test_a_bug_in_the_projection_is_told_and_holds_up_nobody(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        files = FailingFiles(tmp_path / "broken", ZeroDivisionError("a bug"))
        projection = Projection(files, yard.writer)
        await projection.open(yard.files)
        with structlog.testing.capture_logs() as logs:
            projection.add(KEPT)
            async with asyncio.timeout(10):
                await projection.settled()
                projection.add(KEPT)
                await projection.close()
        files.close()
        assert [line["event"] for line in logs] == ["projection_died"]
        assert "a bug" in projection.trouble
