"""The migrations and the models are one truth."""

import copy
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tortoise import connections
from tortoise.migrations.api import migrate

from storage import migrations
from storage.database import tortoise_config
from storage.migrations.__main__ import CONFIG, main, pending, unfillable, write
from tests.storage.test_declared_indexes import indexes_of, wanted_indexes

OLDER = "older_migrations"
FIELDS = "            name='{model}',\n            fields=[\n"
TOO_MUCH = "                ('old_word', fields.CharField(default='', max_length=8)),\n"
NEEDS_A_VALUE = "                ('language', fields.CharField(default='', max_length=8)),\n"
MAY_BE_NULL = "                ('stopped_ms', fields.BigIntField(null=True)),\n"


@pytest.fixture
def older(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The configuration of a house whose migrations do not know a column yet, or know one that is no more."""
    folder = tmp_path / OLDER
    folder.mkdir()
    for step in Path(migrations.__path__[0]).glob("0*.py"):
        text = step.read_text(encoding="utf-8").replace("storage.migrations", OLDER)
        for old, new in request.param:
            text = text.replace(old, new, 1)
        (folder / step.name).write_text(text, encoding="utf-8")
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    config = copy.deepcopy(CONFIG)
    config["apps"]["trambox"]["migrations"] = OLDER
    config["connections"] = tortoise_config(f"sqlite://{tmp_path}/store.db")["connections"]
    yield config
    for name in [name for name in sys.modules if name.split(".")[0] == OLDER]:
        del sys.modules[name]


without_stop = pytest.mark.parametrize("older", [[(MAY_BE_NULL, "")]], indirect=True, ids=["without_stopped_ms"])
with_old_words = pytest.mark.parametrize(
    "older",
    [[(fields, fields + TOO_MUCH) for fields in (FIELDS.format(model=name) for name in ("HourlyRow", "FlipRow"))]],
    indirect=True,
    ids=["with_old_words"],
)
without_language = pytest.mark.parametrize("older", [[(NEEDS_A_VALUE, "")]], indirect=True, ids=["without_language"])


@pytest.mark.asyncio
async def test_the_models_are_as_the_migrations_leave_them() -> None:
    assert [writer.operations for writer in await pending(CONFIG)] == []


@without_stop
@pytest.mark.asyncio
async def test_a_column_that_no_migration_makes_is_seen(older: dict[str, Any]) -> None:
    (writer,) = await pending(older)
    (operation,) = writer.operations
    assert (type(operation).__name__, getattr(operation, "name", "")) == ("AddField", "stopped_ms")


@without_stop
@pytest.mark.asyncio
async def test_a_written_migration_closes_the_difference(older: dict[str, Any], tmp_path: Path) -> None:
    (path,) = write(await pending(older), "add_stop")
    assert path.parent == tmp_path / OLDER
    assert path.name.endswith("_add_stop.py")
    assert await pending(older) == []


def test_a_migration_without_a_name_is_not_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "NAME" in capsys.readouterr().err


def test_where_nothing_changed_no_migration_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["anything"]) == 1
    assert "no migration" in capsys.readouterr().err


@without_stop
@pytest.mark.asyncio
async def test_a_written_migration_reaches_a_store_that_holds_rows(older: dict[str, Any], tmp_path: Path) -> None:
    await run_migrations(older)
    with closing(sqlite3.connect(tmp_path / "store.db")) as store, store:
        store.execute("INSERT INTO actors (id, seq, judged, stopped_by) VALUES ('vehicle:29A', 1, 1, '')")
    write(await pending(older), "add_stop")
    await run_migrations(older)
    with closing(sqlite3.connect(tmp_path / "store.db")) as store:
        assert store.execute("SELECT id, stopped_ms FROM actors").fetchall() == [("vehicle:29A", None)]


@without_language
@pytest.mark.asyncio
async def test_a_column_that_rows_already_there_could_not_fill_is_refused(older: dict[str, Any]) -> None:
    assert unfillable(await pending(older)) == ["UserRow.language"]


@without_stop
@pytest.mark.asyncio
async def test_a_column_that_may_be_null_is_not_refused(older: dict[str, Any]) -> None:
    assert unfillable(await pending(older)) == []


@with_old_words
@pytest.mark.asyncio
async def test_a_step_that_takes_a_column_away_brings_the_indexes_of_its_table_back(
    older: dict[str, Any], tmp_path: Path
) -> None:
    """SQLite writes the table anew, and Tortoise forgets its indexes with it."""
    (path,) = write(await pending(older), "drop_old_word")
    await run_migrations(older)
    assert indexes_of(tmp_path / "store.db") == wanted_indexes()
    text = path.read_text()
    assert "RemoveField" in text
    assert "INDEX IF NOT EXISTS" in text


async def run_migrations(config: dict[str, Any]) -> None:
    """Bring the store of a configuration up to date and let go of it."""
    await migrate(config=config)
    await connections.close_all()
