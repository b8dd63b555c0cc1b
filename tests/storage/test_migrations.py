"""The migrations and the models are one truth."""

import copy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage import migrations
from storage.migrations.__main__ import CONFIG, main, pending, write

OLDER = "older_migrations"
LEFT_OUT = "                ('language', fields.CharField(default='', max_length=8)),\n"


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The configuration of a house whose migrations do not know the column `users.language` yet."""
    folder = tmp_path / OLDER
    folder.mkdir()
    for step in Path(migrations.__path__[0]).glob("0*.py"):
        text = step.read_text(encoding="utf-8")
        (folder / step.name).write_text(text.replace(LEFT_OUT, "", 1), encoding="utf-8")
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    config = copy.deepcopy(CONFIG)
    config["apps"]["trambox"]["migrations"] = OLDER
    yield config
    for name in [name for name in sys.modules if name.split(".")[0] == OLDER]:
        del sys.modules[name]


@pytest.mark.asyncio
async def test_the_models_are_as_the_migrations_leave_them() -> None:
    assert [writer.operations for writer in await pending(CONFIG)] == []


@pytest.mark.asyncio
async def test_a_column_that_no_migration_makes_is_seen(older: dict[str, Any]) -> None:
    (writer,) = await pending(older)
    (operation,) = writer.operations
    assert (type(operation).__name__, getattr(operation, "name", "")) == ("AddField", "language")


@pytest.mark.asyncio
async def test_a_written_migration_closes_the_difference(older: dict[str, Any], tmp_path: Path) -> None:
    (path,) = write(await pending(older), "add_language")
    assert path.parent == tmp_path / OLDER
    assert path.name.endswith("_add_language.py")
    assert await pending(older) == []


def test_a_migration_without_a_name_is_not_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "NAME" in capsys.readouterr().err


def test_where_nothing_changed_no_migration_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["anything"]) == 1
    assert "no migration" in capsys.readouterr().err
