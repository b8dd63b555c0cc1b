"""A backup is verified before it is called one; a restore likewise."""

import json
import sqlite3
from pathlib import Path

import pytest

from protocols.times import DAY_S
from storage.audit import Sums, recount
from storage.backup import BackupError, back_up, put_back, seal, verify
from storage.database import Database
from storage.models import CounterRow, FileRow
from tests.storage.archive_box import archive_box
from tests.storage.blank import open_blank
from tests.storage.test_archiving import TWO_DAYS

MADE = "2026-03-25T00:00:00+00:00"


async def box(folder: Path, counted: int = 1) -> str:
    """A data folder with one stored file, counted so many times."""
    url = f"sqlite://{folder}/data/trambox.db"
    database = await Database.open(url)
    await database.migrate()
    async with database.writing():
        await FileRow.create(
            id=1, account="a", protocol="ftp", address="", name="n", received_ms=0, size=0, sha256="", fate="stored"
        )
        for name in ("files.received", "files.stored"):
            await CounterRow.create(name=name, value=counted)
    await database.close()
    day = folder / "data" / "A" / "2026" / "03" / "25"
    day.mkdir(parents=True)
    (day / "A_20260325000000.txt").write_bytes(b"COD\t1\r\n")
    (folder / "data" / "ports.json").write_text("{}")
    return url


async def backed_up(folder: Path) -> Path:
    url = await box(folder)
    back_up(url, folder / "data", folder / "backup")
    await seal(url, folder / "backup", MADE)
    return folder / "backup"


@pytest.mark.asyncio
async def test_a_restored_box_equals_the_one_backed_up(tmp_path: Path) -> None:
    backup = await backed_up(tmp_path)
    url = f"sqlite://{tmp_path}/new/trambox.db"
    sums = await verify(url, tmp_path / "new", put_back(url, tmp_path / "new", backup))
    assert sums.files == {"received": 1, "stored": 1, "duplicate": 0, "refused": 0}
    assert (tmp_path / "new" / "A" / "2026" / "03" / "25" / "A_20260325000000.txt").read_bytes() == b"COD\t1\r\n"


@pytest.mark.asyncio
async def test_the_files_are_copied_without_the_database_and_the_ports(tmp_path: Path) -> None:
    backup = await backed_up(tmp_path)
    assert [entry.name for entry in (backup / "files").iterdir()] == ["A"]


@pytest.mark.asyncio
async def test_a_box_that_is_being_written_is_backed_up_consistently(tmp_path: Path) -> None:
    url = await box(tmp_path)
    with sqlite3.connect(tmp_path / "data" / "trambox.db", isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE counters SET value = value + 1")
        back_up(url, tmp_path / "data", tmp_path / "backup")
        sums = await seal(url, tmp_path / "backup", MADE)
        writer.execute("ROLLBACK")
    writer.close()
    assert isinstance(sums, Sums)
    assert sums.files["received"] == 1


@pytest.mark.asyncio
async def test_counters_that_do_not_fit_the_rows_make_no_backup(tmp_path: Path) -> None:
    url = await box(tmp_path, counted=2)
    back_up(url, tmp_path / "data", tmp_path / "backup")
    with pytest.raises(BackupError, match="counters and rows do not agree"):
        await seal(url, tmp_path / "backup", MADE)
    assert not (tmp_path / "backup" / "manifest.json").exists()


@pytest.mark.asyncio
async def test_a_folder_that_is_not_empty_takes_no_backup(tmp_path: Path) -> None:
    url = await box(tmp_path)
    with pytest.raises(BackupError, match="is not empty"):
        back_up(url, tmp_path / "data", tmp_path)


@pytest.mark.asyncio
async def test_a_backup_may_not_lie_inside_the_data_folder(tmp_path: Path) -> None:
    url = await box(tmp_path)
    with pytest.raises(BackupError, match="inside the data folder"):
        back_up(url, tmp_path / "data", tmp_path / "data" / "backup")


@pytest.mark.asyncio
async def test_a_data_folder_that_is_not_empty_takes_no_restore(tmp_path: Path) -> None:
    backup = await backed_up(tmp_path)
    with pytest.raises(BackupError, match="is not empty"):
        put_back(f"sqlite://{tmp_path}/x.db", tmp_path / "data", backup)


@pytest.mark.asyncio
async def test_a_database_that_stands_outside_is_not_overwritten(tmp_path: Path) -> None:
    backup = await backed_up(tmp_path)
    (tmp_path / "x.db").touch()
    with pytest.raises(BackupError, match="exists already"):
        put_back(f"sqlite://{tmp_path}/x.db", tmp_path / "new", backup)


def test_a_folder_without_a_manifest_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="name a whole backup folder"):
        put_back(f"sqlite://{tmp_path}/x.db", tmp_path / "new", tmp_path)


@pytest.mark.asyncio
async def test_a_damaged_copy_is_not_restored(tmp_path: Path) -> None:
    backup = await backed_up(tmp_path)
    copy = backup / "trambox.db"
    body = bytearray(copy.read_bytes())
    body[4096:8192] = bytes(4096)
    copy.write_bytes(body)
    with pytest.raises(BackupError, match="is damaged"):
        put_back(f"sqlite://{tmp_path}/x.db", tmp_path / "new", backup)


@pytest.mark.asyncio
async def test_rows_that_are_not_those_of_the_manifest_are_refused(tmp_path: Path) -> None:
    backup = await backed_up(tmp_path)
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["audit"]["files"]["stored"] = 7
    (backup / "manifest.json").write_text(json.dumps(manifest))
    url = f"sqlite://{tmp_path}/new/trambox.db"
    with pytest.raises(BackupError, match="not those of the manifest"):
        await verify(url, tmp_path / "new", put_back(url, tmp_path / "new", backup))


@pytest.mark.asyncio
async def test_the_copy_itself_is_what_was_counted(tmp_path: Path) -> None:
    backup = await backed_up(tmp_path)
    database = await Database.open(f"sqlite://{backup}/trambox.db")
    sums = await recount()
    await database.close()
    assert json.loads((backup / "manifest.json").read_text())["audit"] == sums.as_json()


async def archived_box(folder: Path) -> str:
    """A box with two archived days and one row in the table."""
    (folder / "data").mkdir()
    await (await open_blank(folder / "data")).close()
    url = f"sqlite://{folder}/data/trambox.db"
    async with archive_box(url, folder / "data") as box:
        await box.store(*TWO_DAYS)
        assert await box.move(2) == 120
        await box.store((1, 2 * DAY_S + 60))
    return url


@pytest.mark.asyncio
async def test_a_box_with_an_archive_comes_back_with_every_row_of_it(tmp_path: Path) -> None:
    url = await archived_box(tmp_path)
    back_up(url, tmp_path / "data", tmp_path / "backup")
    made = await seal(url, tmp_path / "backup", MADE)
    assert made is not None and made.waypoints["stored"] == 121
    new = f"sqlite://{tmp_path}/new/trambox.db"
    sums = await verify(new, tmp_path / "new", put_back(new, tmp_path / "new", tmp_path / "backup"))
    assert sums == made
    async with archive_box(url, tmp_path / "data") as box:
        before = await box.journal.track(121, vehicle_id=1)
    async with archive_box(new, tmp_path / "new") as box:
        assert await box.journal.track(121, vehicle_id=1) == before and len(before) == 41


@pytest.mark.asyncio
@pytest.mark.parametrize("damage", ["body", "gone"])
async def test_a_backup_whose_archive_is_damaged_is_none_and_is_not_restored(tmp_path: Path, damage: str) -> None:
    url = await archived_box(tmp_path)
    back_up(url, tmp_path / "data", tmp_path / "backup")
    await seal(url, tmp_path / "backup", MADE)
    file = min((tmp_path / "backup" / "files" / "archive").rglob("*.parquet"))
    if damage == "gone":
        file.unlink()
    else:
        data = bytearray(file.read_bytes())
        data[len(data) // 3] ^= 0xFF  # the footer, which the recount reads, stays as it was
        file.write_bytes(data)
    new = f"sqlite://{tmp_path}/new/trambox.db"
    with pytest.raises(BackupError):
        await verify(new, tmp_path / "new", put_back(new, tmp_path / "new", tmp_path / "backup"))
    with pytest.raises(BackupError):
        await seal(url, tmp_path / "backup", MADE)
