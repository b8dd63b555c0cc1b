"""Copies the whole box into a folder while it runs, and back into an empty one; both are verified by the audit and by
the checksums of the archive's files.

A backup folder holds `manifest.json`, the database (`trambox.db`, or `trambox.dump` for PostgreSQL) and `files/`, the
data folder without the database. The database is copied first: a raw file that comes later is merely not needed.
Invariant: a backup without a manifest is not a backup; the manifest is written last.
"""

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from storage import postgres_dump
from storage.archive import check_parts
from storage.audit import Sums, read_running, recount
from storage.database import Database, sqlite_path
from storage.parquet_parts import DamagedPart

MANIFEST = "manifest.json"
FILES = "files"
SQLITE_NAME = "trambox.db"
POSTGRES_NAME = "trambox.dump"
LAYOUT = 1
NOT_COPIED = ("ports.json",)

Manifest = dict[str, Any]


class BackupError(Exception):
    """A backup or a restore that must not be trusted; `mend` says what to do."""

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(f"{problem}; {mend}")
        self.problem = problem
        self.mend = mend


def back_up(url: str, data_dir: Path, destination: Path) -> None:
    """Copy database and files; `seal` must follow. Blocking: run it in a thread."""
    if destination.exists() and any(destination.iterdir()):
        raise BackupError(f"{destination} is not empty", "name a new folder")
    if destination.resolve().is_relative_to(data_dir.resolve()):
        raise BackupError(f"{destination} lies inside the data folder", "name a folder elsewhere")
    database = sqlite_path(url)
    destination.mkdir(mode=0o700, parents=True, exist_ok=True)
    if database is None:
        postgres_dump.dump(url, destination / POSTGRES_NAME)
    else:
        if not database.is_file():
            raise BackupError(f"{database} does not exist", "check storage.url")
        _copy_sqlite(database, destination / SQLITE_NAME)
    _copy_tree(data_dir, destination / FILES, _database_files(database))


async def seal(url: str, destination: Path, made: str) -> Sums | None:
    """Verify a copy and write its manifest.

    Returns:
        The copy's own sums; None for PostgreSQL, whose dump can only be counted once it is restored.
    """
    if sqlite_path(url) is None:
        postgres_dump.verify(destination / POSTGRES_NAME)
        sums = None
    else:
        _check_integrity(destination / SQLITE_NAME)
        sums = await _audited(f"sqlite://{destination / SQLITE_NAME}", destination / FILES)
    manifest = {"layout": LAYOUT, "made": made, "engine": _engine(url), "audit": sums and sums.as_json()}
    (destination / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return sums


def put_back(url: str, data_dir: Path, source: Path) -> Manifest:
    """Copy a backup into an empty data folder and database; `verify` must follow. Blocking: run it in a thread."""
    manifest = _manifest(source)
    if manifest["engine"] != _engine(url):
        problem = f"the backup is of {manifest['engine']}, storage.url names {_engine(url)}"
        raise BackupError(problem, "set storage.url to the same engine")
    if data_dir.exists() and any(data_dir.iterdir()):
        raise BackupError(f"the data folder {data_dir} is not empty", "restore into an empty one (server.data_dir)")
    database = sqlite_path(url)
    if database is None:
        postgres_dump.restore(url, source / POSTGRES_NAME)
    elif database.exists():
        raise BackupError(f"the database {database} exists already", "restore to another storage.url")
    _copy_tree(source / FILES, data_dir, lambda _: False)
    if database is not None:
        database.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / SQLITE_NAME, database)
        _check_integrity(database)
    return manifest


async def verify(url: str, data_dir: Path, manifest: Manifest) -> Sums:
    """Count a restored box's rows, its archive's among them, and compare with its counters and the manifest."""
    sums = await _audited(url, data_dir)
    if manifest["audit"] not in (None, sums.as_json()):
        raise BackupError("the restored rows are not those of the manifest", "take another backup; this one is damaged")
    return sums


async def _audited(url: str, data_dir: Path) -> Sums:
    """The running sums of a database at rest; its rows must say the same."""
    database = await Database.open(url)
    try:
        counters, rows = await read_running(), await recount(data_dir)
        await check_parts(data_dir)
    except DamagedPart as error:
        raise BackupError(
            str(error), "take it again: a file may have expired meanwhile; else restore the archive"
        ) from error
    finally:
        await database.close()
    if counters != rows:
        raise BackupError("counters and rows do not agree", "run `trambox audit --recount` on the original")
    return counters


def _engine(url: str) -> str:
    return "postgresql" if sqlite_path(url) is None else "sqlite"


def _copy_sqlite(source: Path, target: Path) -> None:
    """One consistent picture by SQLite's own backup, in one step: writers of a WAL database are not held up."""
    with (
        contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as original,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")


def _check_integrity(file: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(file)) as database:
            answer = database.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        raise BackupError(f"{file} is damaged: {answer}", "make another backup")


def _database_files(database: Path | None) -> Callable[[Path], bool]:
    own = {Path(f"{database}{ending}").resolve() for ending in ("", "-wal", "-shm", "-journal")} if database else set()
    return lambda file: file.resolve() in own or file.name in NOT_COPIED


def _copy_tree(source: Path, target: Path, is_left_out: Callable[[Path], bool]) -> None:
    """Copy plain files and folders with their modes; what vanishes meanwhile was temporary."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for entry in sorted(source.iterdir()) if source.is_dir() else ():
        if entry.is_symlink() or is_left_out(entry):
            continue
        if entry.is_dir():
            _copy_tree(entry, target / entry.name, is_left_out)
        elif entry.is_file():
            with contextlib.suppress(FileNotFoundError):
                shutil.copy2(entry, target / entry.name)


def _manifest(source: Path) -> Manifest:
    try:
        manifest: Manifest = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupError(f"{source / MANIFEST} cannot be read ({error})", "name a whole backup folder") from error
    if manifest.get("layout") != LAYOUT:
        raise BackupError(f"{source} has the layout {manifest.get('layout')}", f"this version reads layout {LAYOUT}")
    return manifest
