"""The puller against real servers: takes each file once and whole, goes on in the middle, leaves what still grows."""

import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from actors.puller import Puller, folders_of
from protocols.errors import DeliveryError, StorageFull
from protocols.fetching import Fetcher, RemoteFile
from protocols.ftp.fetcher import FtpFetcher
from protocols.ftp.login import FtpTarget
from protocols.sftp.fetcher import SftpFetcher
from storage.models import FileRow, PulledRow, PullRow
from storage.partials import Partials
from tests.actors.station_kit import NOON_S
from tests.actors.yard import Yard, open_yard
from tests.protocols.ftp.vsftpd import run_vsftpd
from tests.protocols.sftp.test_client import openssh_server

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]
T = TypeVar("T")
BOTH = pytest.mark.parametrize("stage", ["ftp", "sftp"], indirect=True)
NAMES = ("TB_A_20260320170000.txt", "TB_A_20260320170500.txt", "TB_B_20260320170000.txt")


def body(stamp: str, value: float = 16.25) -> bytes:
    return f"COD\t{value}\tmg/L\t{stamp}\t00\r\n".encode()


async def here(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    return await make()


class Stage:
    """A puller over a yard, and a folder that a server shows."""

    def __init__(self, yard: Yard, row: PullRow, folder: Path, make: Callable[[PullRow], Fetcher], parts: Path) -> None:
        self.yard, self.row, self.folder, self.make, self.parts = yard, row, folder, make, parts
        self.puller = self.another()

    def another(self) -> Puller:
        """The next process over the same data."""
        yard = self.yard
        return Puller(lambda: self.row, yard.now, here, yard.ids, yard.intake, Partials(self.parts), self.make)

    def put(self, name: str, data: bytes, age_s: float = 3600) -> None:
        (self.folder / name).write_bytes(data)
        at_s = self.yard.clock_s - age_s
        os.utime(self.folder / name, (at_s, at_s))


@asynccontextmanager
async def served(scheme: str, home: Path) -> AsyncGenerator[tuple[str, Path, Callable[[PullRow], Fetcher]]]:
    """A real server: its URL, the folder it shows, and the way to it."""
    if scheme == "ftp":
        async with run_vsftpd(home) as peer:
            login = FtpTarget("127.0.0.1", peer.port, "anonymous", "x", peer.place, False, False)
            yield f"ftp://127.0.0.1:{peer.port}{peer.place}", peer.folder, lambda row: FtpFetcher(login, timeout_s=10)
        return
    async with openssh_server(home) as target:
        folder = home / "out"
        folder.mkdir()
        yield f"sftp://127.0.0.1:{target.port}{folder}", folder, lambda row: SftpFetcher(target, timeout_s=10)


@pytest_asyncio.fixture
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    home = tmp_path / "peer"
    home.mkdir()
    async with served(getattr(request, "param", "sftp"), home) as (url, folder, make), open_yard(tmp_path) as yard:
        yard.clock_s = NOON_S + 86400.0
        row = PullRow(name="logger", url=url, stations=["TB_A", "TB_B"], pattern="*.txt")
        yield Stage(yard, row, folder, make, tmp_path / "pulls")


async def stored() -> list[tuple[str, str, str]]:
    return [(row.name, row.fate, row.account) for row in await FileRow.all().order_by("id")]


@BOTH
async def test_every_file_is_taken_once_whoever_asks(stage: Stage) -> None:
    for name in NAMES:
        stage.put(name, body(name[5:19]))
    assert await stage.puller.visit() == 3
    assert await stage.puller.visit() == 0
    assert await stage.another().visit() == 0
    assert await stored() == [(name, "stored", "pull:logger") for name in NAMES]
    assert await PulledRow.all().count() == 3
    assert sorted(path.name for path in stage.folder.iterdir()) == sorted(NAMES)


@BOTH
async def test_a_folder_that_is_not_there_is_told_until_it_is(stage: Stage) -> None:
    """A wrong path looked like a logger that has nothing: a newcomer waited for ever."""
    stage.row.url += "/missing"
    path = urlsplit(stage.row.url).path
    with capture_logs() as logged:
        for _ in range(2):
            assert await stage.puller.visit() == 0
    assert [event["path"] for event in logged if event["event"] == "pull_no_folder"] == [path]
    assert "check the path" in stage.puller.absent
    (stage.folder / "missing").mkdir()
    assert await stage.puller.visit() == 0
    assert stage.puller.absent == ""


async def test_other_names_temporary_names_and_folders_are_left_alone(stage: Stage) -> None:
    stage.put("readme.md", b"x")
    stage.put(NAMES[0] + ".tmp", b"x")
    (stage.folder / "old.txt").mkdir()
    assert await stage.puller.visit() == 0
    assert await stored() == []


@BOTH
async def test_a_file_that_still_grows_is_taken_when_it_has_come_to_rest(stage: Stage) -> None:
    stage.put(NAMES[0], body("20260320170000")[:10], age_s=1)
    assert await stage.puller.visit() == 0
    stage.put(NAMES[0], body("20260320170000"), age_s=1)
    assert await stage.puller.visit() == 0
    assert await stage.puller.visit() == 1
    assert await stored() == [(NAMES[0], "stored", "pull:logger")]


async def test_a_file_that_changed_is_taken_anew_as_a_version(stage: Stage) -> None:
    stage.put(NAMES[0], body("20260320170000"))
    await stage.puller.visit()
    stage.put(NAMES[0], body("20260320170000", 17.5), age_s=60)
    assert await stage.puller.visit() == 1
    assert [fate for _, fate, _ in await stored()] == ["stored", "stored"]
    assert await PulledRow.all().count() == 1


async def test_an_unreadable_file_is_kept_as_refused_and_not_fetched_again(stage: Stage) -> None:
    stage.put(NAMES[0], b"nothing of a station")
    stage.put(NAMES[1], body("20260320170500"))
    await stage.puller.visit()
    assert await stage.another().visit() == 0
    assert [fate for _, fate, _ in await stored()] == ["refused", "stored"]


@BOTH
async def test_a_transfer_that_breaks_goes_on_where_it_stopped_over_a_restart(stage: Stage) -> None:
    lines = body("20260320170000") + b"".join(b"%0500d\r\n" % number for number in range(800))  # several blocks
    stage.put(NAMES[0], lines)
    asked: list[int] = []
    broken = Breaking(stage.make(stage.row), asked)
    stage.make = lambda row: broken
    with pytest.raises(DeliveryError):
        await stage.another().visit()
    broken.breaks = False
    assert await stage.another().visit() == 1
    assert asked[0] == 0
    assert 0 < asked[1] < len(lines)
    row = await FileRow.get(name=NAMES[0])
    assert row.body == lines
    assert list((stage.parts).rglob("*.part")) == []


async def test_while_the_disk_is_full_nothing_is_noted_as_fetched(stage: Stage) -> None:
    stage.put(NAMES[0], body("20260320170000"))
    stage.yard.intake.closed = "disk full"
    with pytest.raises(StorageFull):
        await stage.puller.visit()
    stage.yard.intake.closed = ""
    assert await stage.puller.visit() == 1


async def test_a_server_that_is_away_is_an_expected_error(stage: Stage) -> None:
    gone = FtpTarget("127.0.0.1", 1, "a", "b", "", False, False)
    stage.make = lambda row: FtpFetcher(gone, timeout_s=2)
    with pytest.raises(DeliveryError):
        await stage.another().visit()


class Breaking:
    """A fetcher whose line breaks after the first block, while `breaks`."""

    def __init__(self, inner: Fetcher, asked: list[int]) -> None:
        self._inner, self._asked = inner, asked
        self.breaks = True

    async def open(self) -> None:
        await self._inner.open()

    async def close(self) -> None:
        await self._inner.close()

    async def listing(self, folder: str) -> list[RemoteFile] | None:
        return await self._inner.listing(folder)

    async def changed_s(self, file: RemoteFile) -> int:
        return await self._inner.changed_s(file)

    async def read(self, path: str, offset: int) -> AsyncIterator[bytes]:
        self._asked.append(offset)
        async for block in self._inner.read(path, offset):
            yield block
            if self.breaks:
                raise DeliveryError("the line broke")


async def test_the_days_of_an_address_are_those_of_vietnam_oldest_first() -> None:
    row = PullRow(name="a", url="ftp://h/data/{yyyy}/{MM}/{dd}", look_back_days=3)
    after_midnight_s = 1_767_225_600.0 - 7 * 3600 + 60
    assert folders_of(row, after_midnight_s) == ["/data/2025/12/30", "/data/2025/12/31", "/data/2026/01/01"]
    assert folders_of(PullRow(name="a", url="sftp://h/data", look_back_days=3), after_midnight_s) == ["/data"]
