import fcntl
import os
import shutil
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Semaphore
from typing import IO

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


def test_a_folder_that_cannot_be_written_is_told_of_and_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "build").touch()
    monkeypatch.setattr(building, "FOLDER", tmp_path / "build" / "compiled")
    assert "build" in building.compile_alone()
    monkeypatch.setattr(os, "access", lambda place, _: place != tmp_path)
    assert building.lack() in (f"{tmp_path} cannot be written", f"no C compiler ({building.PACKAGES})")


def test_of_two_who_compile_at_once_the_second_takes_what_the_first_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[str] = []
    asked, lock = Semaphore(0), fcntl.flock

    def ask(file: IO[str], how: int) -> None:
        asked.release()
        lock(file, how)

    def make() -> str:
        made.append("begun")
        assert asked.acquire(timeout=10) and asked.acquire(timeout=10)
        made.append("ended")
        return ""

    monkeypatch.setattr(fcntl, "flock", ask)
    monkeypatch.setattr(building, "FOLDER", tmp_path / "compiled")
    monkeypatch.setattr(building, "compile_set", make)
    monkeypatch.setattr(building, "find_set", lambda: CompiledSet({}, "" if "ended" in made else "not compiled"))
    with ThreadPoolExecutor(2) as two:
        both = [two.submit(building.compile_alone) for _ in range(2)]
        assert [one.result() for one in both] == ["", ""]
    assert made == ["begun", "ended"]


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
