"""Backup and restore of a real PostgreSQL."""

import os
import subprocess
from pathlib import Path

import pytest

from storage.backup import BackupError, put_back
from storage.postgres_dump import DumpError, dump, restore
from storage.postgres_dump import verify as verify_dump
from tests.storage.postgres_cluster import PASSWORD
from tests.storage.stores import new_database


def table_rows(url: str, table: str) -> str:
    port, _, name = url.rpartition(":")[2].partition("/")
    command = ["psql", "-h", "127.0.0.1", "-p", port, "-U", "trambox", "-Atc", f"SELECT * FROM {table}", name]
    done = subprocess.run(
        command, check=True, env=os.environ | {"PGPASSWORD": PASSWORD}, capture_output=True, text=True
    )
    return done.stdout.strip()


def fill(url: str) -> None:
    port, _, name = url.rpartition(":")[2].partition("/")
    statement = "CREATE TABLE marks (word text); INSERT INTO marks VALUES ('nước thải')"
    command = ["psql", "-h", "127.0.0.1", "-p", port, "-U", "trambox", "-c", statement, name]
    subprocess.run(command, check=True, env=os.environ | {"PGPASSWORD": PASSWORD}, capture_output=True)


def test_a_dump_is_restored_into_an_empty_database(postgres_server: str, tmp_path: Path) -> None:
    source, target = new_database(postgres_server), new_database(postgres_server)
    fill(source)
    dump(source, tmp_path / "a.dump")
    verify_dump(tmp_path / "a.dump")
    restore(target, tmp_path / "a.dump")
    assert table_rows(target, "marks") == "nước thải"


def test_a_database_that_is_not_empty_is_left_as_it_was(postgres_server: str, tmp_path: Path) -> None:
    source = new_database(postgres_server)
    fill(source)
    dump(source, tmp_path / "a.dump")
    with pytest.raises(DumpError, match="already exists"):
        restore(source, tmp_path / "a.dump")
    assert table_rows(source, "marks") == "nước thải"


def test_a_damaged_dump_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.dump").write_bytes(b"not a dump")
    with pytest.raises(DumpError, match="pg_restore"):
        verify_dump(tmp_path / "a.dump")


def test_an_unreachable_server_is_told_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(DumpError, match="pg_dump") as caught:
        dump("postgres://u:secret-word@127.0.0.1:1/none", tmp_path / "a.dump")
    assert "secret-word" not in str(caught.value)


def test_a_backup_of_another_engine_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"layout": 1, "engine": "sqlite", "audit": null, "made": ""}')
    with pytest.raises(BackupError, match="the backup is of sqlite"):
        put_back("postgres://u:p@127.0.0.1:1/none", tmp_path / "data", tmp_path)
