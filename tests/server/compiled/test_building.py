import shutil
import sysconfig
from pathlib import Path

import pytest

from server.compiled import building
from server.compiled.modules import CompiledSet


def test_a_box_without_a_compiler_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(building, "find_set", lambda: CompiledSet({}, "not compiled"))
    assert building.main([]) == building.main([building.WANTED]) == 1
    assert capsys.readouterr().err.count("no C compiler (apt-get install gcc") == 2


def test_a_box_without_the_headers_of_python_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/cc")
    assert building.lack().startswith("no headers of Python")


def test_what_is_compiled_already_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "find_set", lambda: CompiledSet({}, ""))
    assert (building.main([]), building.main([building.WANTED])) == (0, 1)


def test_a_source_that_cannot_be_compiled_leaves_the_set_that_there_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "compiled"
    folder.mkdir()
    (tmp_path / "broken.py").write_text("def wrong() -> int:\n    return ''\n")
    monkeypatch.setattr(building, "FOLDER", folder)
    monkeypatch.setattr(building, "HOT", ("broken",))
    monkeypatch.setattr(building, "source_of", lambda _: tmp_path / "broken.py")
    assert "Incompatible return value" in building.compile_set()
    assert folder.is_dir()
